"""A shelf of notices in memory, with the reading methods of the catalogue."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kept_notices import Made, fill

from archive.access.index import SearchIndex
from archive.catalogue import Catalogue
from archive.catalogue.arrival import Arrival, SourceFacts
from archive.catalogue.attachment_texts import FileNews, FileText
from archive.catalogue.gaps import Series
from archive.catalogue.learnt_codes import CodeView, Standing
from archive.catalogue.views import (
    AlarmView,
    AttachmentView,
    CaptureView,
    ChangeView,
    CitationView,
    DecisionView,
    FacetView,
    NoticeSummary,
    NoticeView,
    RunView,
    SetAsideView,
    SightingView,
    SourceCountView,
    StatusView,
    VersionView,
    WatchView,
)
from archive.catalogue.wanted import Wanted
from archive.notice import (
    Alarm,
    AlarmKind,
    Attachment,
    Capture,
    CaptureFacts,
    ChangeKind,
    DocumentNumber,
    Fingerprint,
    Home,
    Place,
    Purpose,
    Reading,
    Trust,
)

START = datetime(2024, 4, 1, 1, 12, 33, tzinfo=UTC)


@dataclass
class Shelf:
    """Notices in memory: what a catalogue would say of them."""

    views: dict[str, NoticeView] = field(default_factory=dict)
    log: list[ChangeView] = field(default_factory=list)
    alarm_book: list[AlarmView] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    aside: list[SetAsideView] = field(default_factory=list)
    run_book: list[RunView] = field(default_factory=list)
    watch_book: list[WatchView] = field(default_factory=list)
    file_book: list[tuple[str, FileText]] = field(default_factory=list)

    def put(self, title: str, text: str, *, source: str = "banan", **facts: Any) -> str:
        """Take in a new notice; return its id."""
        notice_id = hashlib.sha256(
            f"{title}{len(self.views)}".encode("utf-8", "replace")
        ).hexdigest()[:16]
        change = self._announce(notice_id, ChangeKind.NEW, 1, source)
        summary = replace(_summary(notice_id, change, title), **facts)
        self.views[notice_id] = _view(summary, text, change)
        self.log.append(change)  # last, as a catalogue's transaction would: readers are at it
        return notice_id

    def revise(self, notice_id: str, text: str) -> None:
        """A second wording of a notice."""
        view = self.views[notice_id]
        number = len(view.versions) + 1
        change = self._announce(notice_id, ChangeKind.REVISED, number, "banan")
        version = _version(number, view.summary.title, text, change)
        self.views[notice_id] = replace(
            view,
            text=text,
            versions=(*view.versions, version),
            summary=replace(view.summary, seq=change.seq, changed_at=change.at),
        )
        self.log.append(change)

    def tell(self, notice_id: str, kind: ChangeKind, status: StatusView | None = None) -> None:
        """Something became of the notice."""
        if status is not None:
            view = self.views[notice_id]
            self.views[notice_id] = replace(view, statuses=(*view.statuses, status))
        self.log.append(self._announce(notice_id, kind, 1, "banan"))

    def copy(self, notice_id: str, source: str) -> None:
        """Another site shows the notice."""
        self.log.append(self._announce(notice_id, ChangeKind.COPY, 1, source))

    def _announce(self, notice_id: str, kind: ChangeKind, version: int, source: str) -> ChangeView:
        seq = len(self.log) + 1
        url = f"http://www.example.gov.cn/{notice_id}.html"
        at = START + timedelta(minutes=seq)
        return ChangeView(
            seq=seq,
            at=at,
            change=kind,
            notice_id=notice_id,
            source=source,
            url=url,
            version=version,
        )

    def notice(self, notice_id: str, /) -> NoticeView | None:
        return self.views.get(notice_id)

    def notices(self, ids: Any, /) -> dict[str, NoticeView]:
        return {one: self.views[one] for one in ids if one in self.views}

    def by_number(self, text: str, /) -> tuple[NoticeSummary, ...]:
        number = DocumentNumber.parse(text)
        wanted = str(number) if number else text
        return tuple(v.summary for v in self.views.values() if v.summary.document_number == wanted)

    def summaries(self, ids: Any, /) -> tuple[NoticeSummary, ...]:
        return tuple(self.views[i].summary for i in ids if i in self.views)

    def texts(self, ids: Any, /) -> dict[str, str]:
        return {i: self.views[i].text for i in ids if i in self.views}

    def attach(self, notice_id: str, title: str, text: str) -> None:
        """A file of the notice has been read."""
        url = f"http://www.example.gov.cn/{len(self.file_book)}.pdf"
        self.file_book.append((notice_id, FileText(title=title, url=url, text=text)))

    def attachment_texts(self, ids: Any, /) -> dict[str, tuple[FileText, ...]]:
        return {i: tuple(file for one, file in self.file_book if one == i) for i in ids}

    def attachment_news(self, after: int = 0, limit: int = 500) -> tuple[FileNews, ...]:
        numbered = list(enumerate(self.file_book, 1))[after : after + limit]
        return tuple(FileNews(number=n, notice_ids=(owner,)) for n, (owner, _) in numbered)

    def last_attachment_text(self) -> int:
        return len(self.file_book)

    def changes(self, after: int = 0, limit: int = 100) -> tuple[ChangeView, ...]:
        return tuple(self.log[after : after + limit])

    def latest_changes(
        self, limit: int, kinds: Any, before: int | None = None
    ) -> tuple[ChangeView, ...]:
        found = [c for c in reversed(self.log) if c.change in kinds]
        return tuple(c for c in found if before is None or c.seq < before)[:limit]

    def last_seq(self) -> int:
        return len(self.log)

    def count_notices(self) -> int:
        return len(self.views)

    def watches(self) -> tuple[WatchView, ...]:
        return tuple(self.watch_book)

    def runs(self, limit: int, source: str | None = None, /) -> tuple[RunView, ...]:
        return tuple(run for run in self.run_book if source in (None, run.source))[:limit]

    def last_good_looks(self) -> dict[str, datetime]:
        ended = {run.source: run.ended_at for run in self.run_book if run.outcome == "ok"}
        return {source: at for source, at in ended.items() if at is not None}

    def alarms(self, open_only: bool = True) -> tuple[AlarmView, ...]:
        return tuple(a for a in self.alarm_book if not open_only or a.closed_at is None)

    def source_counts(self) -> tuple[SourceCountView, ...]:
        return tuple(_count(source, self.views) for source in ("banan", "harbin"))

    def facets(self) -> tuple[FacetView, ...]:
        return (FacetView(field="kind", value="通知", notices=2),)

    def series(self, issuer: Any = None, year: Any = None, scope: Any = None) -> Any:
        one = Series(
            issuer_code="巴南府办", year=2024, scope="500113", seen=(1, 5), cited=(7,), last=7
        )
        is_asked = issuer in (None, one.issuer_code) and year in (None, one.year)
        return (one,) if is_asked and scope in (None, one.scope) else ()

    def codes_here(self, *, after: str = "", **_: Any) -> tuple[CodeView, ...]:
        return () if after else self.codes(["巴南府办"])

    def codes(self, wanted: Any) -> tuple[CodeView, ...]:
        one = CodeView(
            code="巴南府办", standing=Standing.LEARNT, bodies=("重庆市巴南区人民政府办公室",),
            jurisdiction="500113", numbers=3, sites=1, first_seen_at=START,
            examples=(self.log[0].notice_id,),
            doubts=("used by another body, too: 某办 for 1 numbers",),
        )  # fmt: skip
        return tuple(
            one if code == one.code else CodeView(code=code, standing=Standing.OPEN)
            for code in sorted(wanted)
        )

    def wanted(self, limit: int = 100, *, numbers_only: bool = False) -> tuple[Wanted, ...]:
        number = Wanted(
            number="渝府办发〔2023〕76号", title=None, cited_by=2, example=self.log[0].notice_id
        )
        title = Wanted(number=None, title="国务院关于某事的意见", cited_by=1, example="0" * 16)
        return ((number,) if numbers_only else (number, title))[:limit]

    def citing(self, written: str, limit: int = 100) -> tuple[NoticeSummary, ...]:
        views = [v for v in self.views.values() if any(c.number == written for c in v.cites)]
        return tuple(view.summary for view in views)[:limit]

    def place_of(self, record_id: str, /) -> Place | None:
        return self.places.get(record_id)

    def set_asides(self, limit: int, before: Any = None) -> tuple[SetAsideView, ...]:
        return tuple(self.aside[:limit])


def _count(source: str, views: Any) -> SourceCountView:
    return SourceCountView(
        source=source, name=f"{source} 网站", trust=Trust.ISSUER, notices=len(views),
        originals=len(views), last_seen_at=START,
    )  # fmt: skip


def _summary(notice_id: str, change: ChangeView, title: str) -> NoticeSummary:
    return NoticeSummary(
        id=notice_id,
        seq=change.seq,
        title=title,
        document_number=None,
        index_number=None,
        kind="通知",
        issuing_bodies=("重庆市巴南区人民政府办公室",),
        jurisdiction="500113",
        topics=("health-care-reform",),
        written_on=date(2024, 3, 26),
        published_on=date(2024, 4, 1),
        effective_on=None,
        validity=None,
        first_seen_at=change.at,
        changed_at=change.at,
    )


def _version(number: int, title: str, text: str, change: ChangeView) -> VersionView:
    return VersionView(
        number=number,
        captured_at=change.at,
        digest="sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        title=title,
        text=text,
        record_id=f"urn:uuid:{change.seq:08d}-0000-4000-8000-000000000000",
    )


def _view(summary: NoticeSummary, text: str, change: ChangeView) -> NoticeView:
    version = _version(1, summary.title, text, change)
    return NoticeView(
        summary=summary,
        addressees="区政府有关部门,有关单位:",
        text=text,
        versions=(version,),
        sightings=(
            SightingView(
                url=change.url, source=change.source, source_name="重庆市巴南区人民政府",
                trust=Trust.ISSUER, is_original=True, first_seen_at=change.at,
                last_seen_at=change.at, state="present",
            ),
            SightingView(
                url="https://www.ylqxzb.com/1.html", source="taimao", source_name="泰茂",
                trust=Trust.AGGREGATOR, is_original=False, first_seen_at=change.at,
                last_seen_at=change.at, state="present",
            ),
        ),
        captures=(
            CaptureView(
                record_id=version.record_id, url=change.url, captured_at=change.at, status=200,
                place=Place(file="2024/04/a.warc.gz", offset=0, length=10),
                payload_digest="sha256:" + "0" * 64, revisit_of=None,
            ),
        ),
        attachments=(
            AttachmentView(
                attachment=Attachment(title="附件1.docx", url="http://www.example.gov.cn/1.docx"),
                record_id=None, media_type=None, size=None,
            ),
        ),
        cites=(CitationView(number="渝府办发〔2023〕76号", title=None, notice_id=None),),
        cited_by=(),
        decisions=(
            DecisionView(
                at=change.at, outcome="new", url=change.url, reasons=("nothing like it is known",)
            ),
        ),
        repairs=(),
        flags=(),
    )  # fmt: skip


BANAN = """重庆市巴南区进一步完善医疗卫生服务体系实施方案
区政府有关部门，有关单位：
按照重庆市人民政府办公厅《关于印发重庆市进一步完善医疗卫生服务体系实施方案的通知》（渝府办发〔2023〕76号）要求，结合我区实际，制定本实施方案。
持续推进医共体改革，医共体内统筹建设“五大区域资源共享中心”。落实按疾病诊断有关分组（DRG）付费改革。
重庆市巴南区人民政府办公室
2024年3月26日"""

HARBIN = """各区、县（市）人民政府，市政府各委、办、局：
经市政府同意，现将《哈尔滨市深化医药卫生体制改革规划》印发给你们。
通　知自印发之日起施行。"""


@pytest.fixture
def shelf() -> Shelf:
    """Three notices of two places, and an alarm."""
    made = Shelf()
    made.put(
        "重庆市巴南区人民政府办公室关于印发实施方案的通知",
        BANAN,
        document_number="巴南府办〔2024〕5号",
        index_number="11500113009307156W/2024-00051",
    )
    made.put(
        "哈尔滨市人民政府办公厅关于印发深化医药卫生体制改革规划的通知",
        HARBIN,
        source="harbin",
        document_number="哈政办规〔2017〕56号",
        issuing_bodies=("哈尔滨市人民政府办公厅",),
        jurisdiction="230100",
        written_on=date(2017, 12, 28),
        published_on=date(2018, 1, 3),
    )
    made.put(
        "关于巴南府办〔2024〕5号的解读",
        "本文解读巴南府办〔2024〕5号。",
        kind="解读",
        written_on=None,
        published_on=date(2024, 4, 2),
    )
    alarm = Alarm(
        kind=AlarmKind.CHALLENGE,
        raised_at=START,
        expected="an answer with status 200 or 304",
        came="412 with a script",
        to_do="Look at the page in a browser.",
        source="harbin",
        column="zfwj",
        url="http://www.harbin.gov.cn/col/col104/index.html",
    )
    made.alarm_book.append(
        AlarmView(id=1, alarm=alarm, times=3, last_raised_at=START, closed_at=None)
    )
    return made


@pytest.fixture
def client(tmp_path: Any, shelf: Shelf) -> Iterator[Any]:
    """A client of a server that reads the shelf."""
    from fastapi.testclient import TestClient

    from archive.access.app import make_app

    app = make_app(Home(tmp_path), "", library=shelf, base_url="https://hongtou.example/")
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def new_shelf() -> Callable[[], Shelf]:
    """Makes empty shelves."""
    return Shelf


@pytest.fixture
def index(tmp_path: Any, shelf: Shelf) -> SearchIndex:
    """An index of the shelf."""
    made = SearchIndex.open(tmp_path / "index")
    made.follow(shelf)
    return made


@pytest.fixture
def cited_home(tmp_path: Path) -> tuple[Home, str]:
    """A home with one notice in two versions, which cites what is not here."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    home.settings_file.write_text("", encoding="utf-8")
    notice_id = None
    with Catalogue.open(home.catalogue_url, create=True) as catalogue:
        for day, text in enumerate(("到2025年达到65%。", "到2025年达到70%。")):
            number = "渝府办发〔2023〕76号"
            body = f"{BANAN}\n{text}\n根据《方案》（{number}）制定。"
            notice_id = catalogue.record(_arrival(body, day, number)).notice_id
    assert notice_id is not None
    return home, notice_id


def _arrival(text: str, day: int, number: str) -> Arrival:
    at = START + timedelta(days=day)
    url = "http://www.cqbn.gov.cn/5.html"
    capture = Capture(
        url=url,
        captured_at=at,
        status=200,
        headers=(),
        body=b"",
        record_id=f"urn:uuid:{day:08d}-0000-4000-8000-000000000000",
        place=Place(file="a.warc.gz", offset=day, length=1),
        payload_digest=f"sha256:{day:064d}",
        facts=CaptureFacts(purpose=Purpose.NOTICE, source="banan", column="zfwj"),
    )
    reading = Reading(
        reader_version="1",
        url=url,
        title="关于印发实施方案的通知",
        document_number="巴南府办〔2024〕5号",
        issuing_bodies=("重庆市巴南区人民政府办公室",),
        jurisdiction="500113",
        text=text,
        cited_numbers=(number,),
    )
    digest = hashlib.sha256(text.encode())
    fingerprint = Fingerprint(
        text_digest=digest.hexdigest(),
        title_core="实施方案",
        length=len(text),
        minhash=tuple(range(128)),
        sample=(1,),
        figures=digest.hexdigest()[:8],
    )
    source = SourceFacts(
        id="banan", name="重庆市巴南区人民政府", trust=Trust.ISSUER, jurisdiction="500113"
    )
    return Arrival(capture=capture, source=source, reading=reading, fingerprint=fingerprint)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    """A filled home. Only for copying."""
    path = tmp_path_factory.mktemp("kept") / "home"
    return path, fill(Home(path))


@pytest.fixture
def kept_home(tmp_path: Path, filled: tuple[Path, Made]) -> Home:
    """A home of notices and captures, one for each test."""
    shutil.copytree(filled[0], tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def made(filled: tuple[Path, Made]) -> Made:
    """Its captures, by name."""
    return filled[1]


@pytest.fixture
def crawling(tmp_path: Path) -> tuple[Home, Made]:
    """A home whose last WARC file is still being written."""
    home = Home(tmp_path / "crawling")
    return home, fill(home, leave_open=True)
