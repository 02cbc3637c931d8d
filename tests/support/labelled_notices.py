"""A labelled set: notices that are known to be one, or known to be strangers.

Made from the texts the project ships: the seeds and the everyday notices of the replica web. Each
becomes a family of works (the notice, its neighbours', its other years', what forwards, explains,
drafts and amends it), and each work comes in many dresses. Which arrivals are one work is known
by construction.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from opencc_pyo3 import OpenCC

from archive import ingest
from archive.catalogue import Arrival, SourceFacts
from archive.ingest.repair import mend
from archive.notice import Capture, CaptureFacts, Place, Purpose, Reading, Trust

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "tests" / "ingest" / "seeds"
EVERYDAY = ROOT / "script" / "replica" / "everyday"
NHC = ROOT.parent / "shared" / "pages" / "numbers" / "nhc.jsonl"

START = datetime(2024, 4, 1, 4, tzinfo=UTC)
NEIGHBOURS = {
    "巴南": ("500113", (("南岸", "500108"), ("北碚", "500109"), ("綦江", "500110"))),
    "哈尔滨": ("230100", (("长春", "220100"), ("沈阳", "210100"), ("齐齐哈尔", "230200"))),
    "深圳": ("440300", (("东莞", "441900"), ("惠州", "441300"), ("佛山", "440600"))),
    "珠海": ("440400", (("中山", "442000"), ("江门", "440700"), ("湛江", "440800"))),
    "西藏": ("540000", (("青海", "630000"), ("甘肃", "620000"), ("贵州", "520000"))),
}
REPRINTS = SourceFacts(id="taimao", name="泰茂", trust=Trust.AGGREGATOR)
OTHERS = SourceFacts(id="yigai", name="医改网", trust=Trust.AGGREGATOR)
UNKNOWN = SourceFacts(id="unknown", name="unknown", trust=Trust.UNKNOWN)
MIRROR = SourceFacts(id="mirror", name="被黑镜像", trust=Trust.HACKED)
_NOTES = {"醫": "yī", "衛": "wèi", "構": "gòu", "業": "yè", "發": "fā", "質": "zhì", "務": "wù"}
_FURNITURE_ABOVE = "当前位置：首页 > 政策法规 > 地方政策\n字号：大 中 小 打印本页 分享到：\n"
_FURNITURE_BELOW = (
    "\n责任编辑：小王\n上一篇：关于召开座谈会的通知\n下一篇：没有了\n"
    "免责声明：本文转自网络，版权归原作者所有。\n相关阅读：医保目录调整结果公布"
)


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """An arrival, which work it shows, and how it is dressed."""

    work: str
    dress: str
    arrival: Arrival


@dataclass(frozen=True, kw_only=True)
class Work:
    """One notice as its own site shows it."""

    name: str
    reading: Reading
    source: SourceFacts
    body: str  #: the text without its covering letter and signature
    inner_title: str  #: the name of the work itself


def everything(seed: int = 1) -> list[Labelled]:
    """All families, in an order that the seed settles."""
    chance = random.Random(seed)
    made = [one for work in bases() for one in family(work)]
    chance.shuffle(made)
    return made


def real_pages() -> list[Labelled]:
    """The same made of third-party texts, where they are at hand."""
    return [one for work in _nhc_works() for one in family(work)]


# -- the works


def bases() -> list[Work]:
    """The notices that families are made of."""
    return [*_seed_works(), *_everyday_works()]


def _seed_works() -> Iterator[Work]:
    for path in sorted(SEEDS.iterdir()):
        reading = ingest.read_bytes(path.read_bytes(), media_type="text/plain")
        yield _work(path.name[:3], reading)


def _everyday_works() -> Iterator[Work]:
    for path in sorted(EVERYDAY.glob("*.toml")):
        for notice in tomllib.loads(path.read_text(encoding="utf-8")).get("notices", []):
            if "解读" in notice["title"] or "转发" in notice["title"]:
                continue
            title, text = notice["title"], re.sub(r"(?m)^[>=] ", "", notice["body"]).strip()
            bodies = re.match(
                r"(.{4,30}?(?:办公厅|办公室|人民政府|委员会|领导小组办公室))关于", title
            )
            yield _work(
                f"{path.stem}-{notice['id']}",
                Reading(
                    reader_version="1",
                    title=title,
                    document_number=notice["number"] or None,
                    issuing_bodies=(bodies[1],) if bodies else (),
                    kind="通知",
                    written_on=_written(text),
                    published_on=date.fromisoformat(notice["published"]),
                    text=text,
                ),
            )


def _nhc_works() -> Iterator[Work]:
    if not NHC.exists():
        return
    for line in NHC.read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        if page["kind"] != "notice" or len(page["text"]) < 600:
            continue
        text = re.sub(r"\n\s*\n+", "\n", page["text"]).strip()
        yield _work(
            f"nhc-{page['id']}",
            Reading(
                reader_version="1",
                title=page["title"],
                document_number=page["document_number"],
                issuing_bodies=("国家卫生健康委员会",),
                kind="通知",
                written_on=_written(text),
                published_on=date.fromisoformat(page["published_date"]),
                text=text,
            ),
        )


def _written(text: str) -> date | None:
    found = re.findall(r"(20\d\d)年(\d{1,2})月(\d{1,2})日", text[:600] + text[-300:])
    return date(*map(int, found[-1])) if found else None


def _work(name: str, reading: Reading) -> Work:
    place = next((word for word in NEIGHBOURS if word in (reading.title or "")), None)
    code = NEIGHBOURS[place][0] if place else None
    source = SourceFacts(
        id=name,
        name=name,
        trust=Trust.ISSUER,
        jurisdiction=code,
        issuing_bodies=reading.issuing_bodies,
    )
    title = reading.title or ""
    inner = re.search(r"印发(.{4,200})的通知$", title)
    inner_title = (inner[1] if inner else title).strip("《》")
    lines = reading.text.split("\n")
    heads = [
        i for i, line in enumerate(lines) if re.match(r"[(（]?一[)）]?[、.]|一、|\(一\)", line)
    ]
    body = "\n".join(lines[heads[0] :]) if heads and heads[0] < len(lines) / 2 else reading.text
    reading = replace(reading, jurisdiction=code, reader_version="1")
    return Work(name=name, reading=reading, source=source, body=body, inner_title=inner_title)


# -- a family


def family(work: Work) -> Iterator[Labelled]:
    """A notice, and all that is like it without being it, each in its dresses."""
    yield from dresses(work)
    for other in _neighbours(work):
        yield from _few_dresses(other)
    for other in _other_years(work):
        yield from _few_dresses(other)
    for other in _about(work):
        yield _original(other)
    yield _original(_wrong_number(work))


def dresses(work: Work) -> Iterator[Labelled]:
    """One work as many sites show it."""
    reading, text = work.reading, work.reading.text
    lines = text.split("\n")
    bare = {"document_number": None, "issuing_bodies": (), "jurisdiction": None}
    yield _original(work)
    yield _seen(work, "reprint", reading, REPRINTS)
    yield _seen(work, "bare reprint", replace(reading, written_on=None, **bare), OTHERS)
    later = replace(reading, written_on=None, published_on=_day(reading, 500), **bare)
    yield _seen(work, "reprint of years later", replace(later, text=text + "\n来源：网络"), UNKNOWN)
    furnished = replace(reading, text=_FURNITURE_ABOVE + text + _FURNITURE_BELOW, **bare)
    yield _seen(work, "other furniture", furnished, REPRINTS, "2")
    yield _seen(
        work, "in one paragraph", replace(reading, text="".join(lines), **bare), OTHERS, "2"
    )
    split = re.sub(r"([。；])", r"\1\n", text)
    yield _seen(
        work, "re-paragraphed", replace(reading, text=split, title=work.inner_title), UNKNOWN
    )
    if len(work.body) >= 200:
        annex = replace(reading, title=work.inner_title, text=work.body, written_on=None, **bare)
        yield _seen(work, "annex alone", annex, REPRINTS, "3")
    yield from _excerpts(work, bare)
    yield _seen(work, "mirror", _mirrored(replace(reading, written_on=None, **bare)), MIRROR)


def _few_dresses(work: Work) -> Iterator[Labelled]:
    bare = {"document_number": None, "issuing_bodies": (), "jurisdiction": None}
    yield _original(work)
    yield _seen(work, "bare reprint", replace(work.reading, written_on=None, **bare), OTHERS)
    yield _seen(
        work, "reprint", replace(work.reading, text=work.reading.text + "\n（完）"), REPRINTS
    )


def _excerpts(work: Work, bare: dict[str, object]) -> Iterator[Labelled]:
    reading, lines = work.reading, work.reading.text.split("\n")
    for name, start, end in (
        ("first half", 0.0, 0.5),
        ("last half", 0.5, 1.0),
        ("third", 0.3, 0.63),
    ):
        part = "\n".join(lines[int(len(lines) * start) : int(len(lines) * end)])
        if len(part) >= 220:
            cut = replace(reading, text=part, written_on=None, **bare)
            yield _seen(work, f"excerpt: {name}", cut, OTHERS, name)
    part = "\n".join(lines[len(lines) // 4 : -len(lines) // 6])
    if len(part) >= 400:
        title = "重磅！医改新政来了，一文读懂要点"
        cut = replace(reading, text=part, title=title, written_on=None, **bare)
        yield _seen(work, "excerpt under another title", cut, REPRINTS, "retitled")


def _mirrored(reading: Reading) -> Reading:
    """As the hacked mirror's engine leaves it, and as the reader mends it again."""
    traditional = OpenCC("s2t").convert(reading.text)
    noted = "".join(f"{char}({_NOTES[char]})" if char in _NOTES else char for char in traditional)
    title = "".join(
        f"{char}({_NOTES[char]})" if char in _NOTES else char
        for char in OpenCC("s2t").convert(reading.title or "")
    )
    mended = mend(f"{title}\n{noted}").text.partition("\n")
    chance = random.Random(len(reading.text))
    lines = mended[2].split("\n")
    damaged = [
        line if len(line) < 40 or chance.random() > 0.15 else line[:20] + "?" + line[23:]
        for line in lines
    ]
    return replace(reading, title=mended[0], text="\n".join(damaged))


# -- strangers


def _neighbours(work: Work) -> Iterator[Work]:
    place = next((word for word in NEIGHBOURS if word in (work.reading.title or "")), None)
    if place is None:
        return
    for step, (other, code) in enumerate(NEIGHBOURS[place][1], 2):

        def put(text: str, other: str = other) -> str:
            return text.replace(place, other).replace(place[0] + "府", other[0] + "府")

        reading = work.reading
        number = reading.document_number
        if number is not None:  # half of them bear the very same number
            number = number if step == 2 else other[0] + number[1:]
        changed = replace(
            reading,
            title=put(reading.title or ""),
            text=_shifted(put(reading.text), step),
            document_number=number,
            issuing_bodies=tuple(map(put, reading.issuing_bodies)),
            jurisdiction=code,
            written_on=_later(reading.written_on, 20 * step),
            published_on=_day(reading, 20 * step),
        )
        yield _alike(work, f"{work.name}/{other}", changed, put(work.inner_title), code)


def _other_years(work: Work) -> Iterator[Work]:
    """Next year's and last year's form: the same words under other years and figures."""
    for years in (1, -1):
        reading = work.reading
        title = _aged(reading.title or "", years)
        number = reading.document_number and _aged_number(reading.document_number, years)
        changed = replace(
            reading,
            title=title,
            text=_shifted(_aged(reading.text, years), 3 + years),
            document_number=number,
            written_on=_later(reading.written_on, 365 * years),
            published_on=_day(reading, 365 * years),
        )
        inner = _aged(work.inner_title, years)
        yield _alike(work, f"{work.name}/{years:+}", changed, inner, reading.jurisdiction)


def _about(work: Work) -> Iterator[Work]:
    reading, title = work.reading, work.reading.title or ""
    core, own = work.inner_title, reading.issuing_bodies
    bureau, half = ("某市卫生健康局",), work.body[: len(work.body) // 2]
    cover = f"各单位：\n现将《{core}》转发给你们，请结合实际认真贯彻执行。\n"
    plain = {"document_number": None, "written_on": _later(reading.written_on, 30)}
    made = {
        "转发": (f"某市卫生健康局转发{title}", cover + reading.text, "通知", bureau),
        "贯彻": (f"关于贯彻落实《{core}》的实施意见", cover + work.body, "意见", bureau),
        "解读": (f"《{core}》解读", f"一、起草背景\n{half}", "解读", ()),
        "征求意见": (f"关于《{core}（征求意见稿）》公开征求意见的公告", work.body, "公告", own),
        "修订": (f"{core}（修订版）", _revised(work.body), "通知", own),
    }  # fmt: skip
    for word, (name, text, kind, bodies) in made.items():
        changed = replace(reading, title=name, text=text, kind=kind, issuing_bodies=bodies, **plain)
        if word in ("转发", "贯彻"):
            changed = replace(changed, jurisdiction=None)
        yield _alike(work, f"{work.name}/{word}", changed, name, changed.jurisdiction)


def _wrong_number(work: Work) -> Work:
    """A stranger that prints this notice's number."""
    matter = ("森林防火", "防汛抗旱", "春耕备耕", "校园安全", "清明祭扫", "市容整治", "文物保护")
    place = sum(map(ord, work.name)) % 1000
    title = f"关于做好{matter[place % 7]}第{place}号责任区工作的紧急通知"
    text = f"各镇街：\n近期{matter[place % 7]}形势严峻。" + "".join(
        f"第{place + n}片区{n * 3}日前完成{matter[(place * n) % 7]}排查，落实{place + n}人。"
        for n in range(1, 30)
    )
    reading = replace(work.reading, title=title, text=text)
    return _alike(work, f"{work.name}/wrong number", reading, title, reading.jurisdiction)


def _alike(work: Work, name: str, reading: Reading, inner: str, code: str | None) -> Work:
    source = replace(
        work.source, id=name, name=name, jurisdiction=code, issuing_bodies=reading.issuing_bodies
    )
    start = reading.text.find(work.body[:10])
    body = reading.text[start:] if start > 0 else reading.text
    return Work(name=name, reading=reading, source=source, body=body, inner_title=inner)


def _revised(text: str) -> str:
    added = "\n新增一条：实行按季度调度、按年度评估，评估结果与财政补助挂钩，并向社会公布。"
    return _shifted(text, 7) + added


def _aged(text: str, years: int) -> str:
    return re.sub(r"20[12]\d(?=年|—|-)", lambda m: str(int(m[0]) + years), text)


def _aged_number(number: str, years: int) -> str:
    return re.sub(r"〔(\d{4})〕", lambda m: f"〔{int(m[1]) + years}〕", number)


def _shifted(text: str, step: int) -> str:
    """Other figures, as another year or place has them; numbered headings stay."""
    return re.sub(
        r"(?<![\d.〔(（第])\d+(?:\.\d+)?(?=%|家|个|人|元|张|所|项|次|名|以上|万)",
        lambda m: str(round(float(m[0]) * (1 + step / 50) + step, 1)).removesuffix(".0"),
        text,
    )


def _later(day: date | None, days: int) -> date | None:
    return day + timedelta(days=days) if day else None


def _day(reading: Reading, days: int) -> date | None:
    return _later(reading.published_on, days)


# -- arrivals


def _original(work: Work) -> Labelled:
    return _seen(work, "original", work.reading, work.source)


def _seen(
    work: Work, dress: str, reading: Reading, source: SourceFacts, more: str = ""
) -> Labelled:
    url = f"https://{source.id}.example/{work.name}/{more or 'a'}.html"
    return Labelled(work=work.name, dress=dress, arrival=arrive(url, reading, source))


def arrive(url: str, reading: Reading, source: SourceFacts, *, day: int | None = None) -> Arrival:
    """A reading at the door, at a moment of its own."""
    name = hashlib.sha256(f"{url} {day} {reading.text}".encode()).hexdigest()
    seconds = int(name[:6], 16) if day is None else day * 86_400
    capture = Capture(
        record_id=f"urn:uuid:{name[:32]}",
        url=url,
        captured_at=START + timedelta(seconds=seconds),
        status=200,
        headers=(),
        body=b"",
        payload_digest=f"sha256:{name}",
        place=Place(file="2024/04/a.warc.gz", offset=0, length=900),
        facts=CaptureFacts(purpose=Purpose.NOTICE, source=source.id, column="zfwj"),
    )
    return Arrival(
        capture=capture,
        source=source,
        reading=reading,
        fingerprint=ingest.fingerprint(reading.title, reading.text),
    )


# -- scores


@dataclass(frozen=True, kw_only=True)
class Scores:
    """How well the catalogue's notices agree with the works, pair by pair."""

    precision: float
    recall: float
    strangers: tuple[tuple[str, str], ...]  #: pairs of different works under one notice
    missed: tuple[tuple[str, str], ...]  #: pairs of one work under two notices


def score(found: dict[str, str], labelled: list[Labelled]) -> Scores:
    """Compare all pairs; ``found`` is the notice of each URL."""
    together = split = wrong = 0
    strangers, missed = [], []
    for place, one in enumerate(labelled):
        for other in labelled[place + 1 :]:
            is_one = one.work == other.work
            is_found = found[one.arrival.capture.url] == found[other.arrival.capture.url]
            names = (f"{one.work} {one.dress}", f"{other.work} {other.dress}")
            if is_one and is_found:
                together += 1
            elif is_one:
                split += 1
                missed.append(names)
            elif is_found:
                wrong += 1
                strangers.append(names)
    return Scores(
        precision=together / max(1, together + wrong),
        recall=together / max(1, together + split),
        strangers=tuple(strangers),
        missed=tuple(missed),
    )
