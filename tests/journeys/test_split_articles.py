"""An article that a site splits over several pages is one notice, or said to be incomplete."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from county import (
    HOST,
    LIST,
    catalogue_of,
    dialling,
    hongtou,
    lay_out,
    list_page,
    path_of,
    published,
    url_of,
)
from walking import ROOT, Walked, notices_of, titled, walk

from archive.notice import ChangeKind
from crawler.replica import Replica

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("split")]

NAME = "t20240401_31007"
TITLE = "清河县人民政府办公室关于印发清河县紧密型县域医共体建设实施方案的通知"
PARTS = (
    (
        "<p>清政办发〔2024〕7号</p><p>各乡镇人民政府，县政府有关部门：</p><p>现将《清河县紧密型县域医共体"
        "建设实施方案》印发给你们，请结合实际认真组织实施，切实深化医药卫生体制改革。</p>"
    ),
    (
        "<p>一、总体要求</p><p>以县级医院为龙头，整合县乡村三级医疗卫生资源，组建两个紧密型县域医共体，"
        "实行行政、人员、财务、业务、药品、信息统一管理。</p>"
    ),
    (
        "<p>二、保障措施</p><p>各有关部门要加强协作，压实责任，每半年报告一次工作进展。</p>"
        "<p>清河县人民政府办公室</p><p>2024年3月28日</p>"
    ),
)
TORN = "t20240401_31008"
TORN_TITLE = "清河县人民政府关于深化公立医院改革有关事项的通知"
TORN_TEXT = (
    "<p>清政发〔2024〕3号</p><p>各乡镇人民政府：</p><p>为进一步深化公立医院改革，健全维护公益性、"
    "调动积极性、保障可持续的运行新机制，现就有关事项通知如下，请遵照执行。</p>"
)
#: Kills the crawl when it asks for the third page.
DEADLY = """
import os, sys
from pathlib import Path
def deadly():
    from crawler.spider import SourceSpider
    ask = SourceSpider._continuation_request
    def asking(self, url, via, column):
        if "_2.html" in url:
            os._exit(9)
        return ask(self, url, via, column)
    SourceSpider._continuation_request = asking
import crawler.loop
run = crawler.loop.run
def running(main):
    deadly()
    return run(main)
crawler.loop.run = running
import hongtou
sys.argv = ["hongtou", "crawl", "qinghe", "--home", os.environ["DEADLY_HOME"]]
hongtou.main()
"""


def page(number: int, text: str | None = None, pages: int = 3) -> str:
    """One page of the article, as TRS writes it."""
    pager = f'<script>createPageHTML({pages}, {number}, "{NAME}", "html");</script>'
    return (
        f'<meta charset="utf-8"><title>{TITLE}</title><h1>{TITLE}</h1>'
        f'<div class="TRS_Editor">{text or PARTS[number]}</div>{pager}'
    )


def name_of(number: int) -> str:
    """The name of a page."""
    return f"{NAME}_{number}.html" if number else f"{NAME}.html"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Looked at five times: a page missing, there, nothing new, the last page changed, all new."""
    folder = tmp_path_factory.mktemp("split")
    lay_out(folder)
    pages = {name_of(number): page(number) for number in range(3)}
    first = {name_of(0): pages[name_of(0)]}
    changed = {name_of(2): page(2, PARTS[2].replace("每半年", "每季度"))}
    first |= {"": list_page({name_of(0): TITLE, f"{TORN}.html": TORN_TITLE})}
    torn = page(0, TORN_TEXT, pages=2).replace(NAME, TORN).replace(TITLE, TORN_TITLE)
    first |= {f"{TORN}.html": torn}
    qinghe = {"sources": ["qinghe"]}
    return walk(
        folder,
        {**qinghe, "publish": published(first | {name_of(2): pages[name_of(2)]})},
        {**qinghe, "publish": published({name_of(1): pages[name_of(1)]})},
        {**qinghe, "recheck": True},
        {**qinghe, "recheck": True, "publish": published(changed)},
    )


def _counts(walked: Walked, step: int) -> dict[str, int]:
    look = walked.look(step, "qinghe")
    return {name: look[name] for name in ("new", "revised", "unchanged") if look[name]}


def test_each_look_decides_once_when_the_last_page_has_come(walked: Walked) -> None:
    assert [_counts(walked, step) for step in range(4)] == [
        {"new": 2},
        {"unchanged": 2},
        {"unchanged": 2},
        {"revised": 1, "unchanged": 1},
    ]
    asked = [sent.path.rpartition("/")[2] for sent in walked.sent if NAME in sent.path]
    assert asked == [name_of(number) for number in range(3)] * 4
    answers = [sent.response[9:12] for sent in walked.sent if NAME in sent.path]
    assert answers[7:9] == [b"304"] * 2  # but never the first page, which speaks for itself alone


def test_the_pages_are_one_notice_and_all_its_evidence(walked: Walked) -> None:
    with catalogue_of(walked.home.path) as catalogue:
        notice = titled(catalogue, TITLE)
        assert not catalogue.set_asides()
    assert notice.summary.document_number == "清政办发〔2024〕7号"
    assert str(notice.summary.written_on) == "2024-03-28"
    assert [word in notice.text for word in ("认真组织", "两个紧密型", "每季度")] == [True] * 3
    assert "joined:3" in notice.flags
    assert {one.url for one in notice.captures} == {url_of(name_of(n)) for n in range(3)}


def test_a_missing_page_is_mended_in_silence_and_a_changed_one_is_a_version(
    walked: Walked,
) -> None:
    with catalogue_of(walked.home.path) as catalogue:
        notice = titled(catalogue, TITLE)
        changes = [change.change for change in catalogue.changes()]
    assert changes == [ChangeKind.NEW, ChangeKind.NEW, ChangeKind.REVISED]
    before, after = (version.text for version in notice.versions)
    assert ("两个紧密型" in before, "每半年" in before) == (True, True)
    assert "每季度" in after


def test_a_rebuild_joins_the_pages_alike(walked: Walked) -> None:
    done = hongtou(walked.home.path, "rebuild", "--check")
    assert done.returncode == 0, done.stdout


def test_a_page_that_never_comes_is_named_and_asked_for_again(walked: Walked) -> None:
    with catalogue_of(walked.home.path) as catalogue:
        notice = titled(catalogue, TORN_TITLE)
    assert "incomplete:part 2 of 2" in notice.flags
    assert "运行新机制" in notice.text
    asked = [sent.path for sent in walked.sent if TORN in sent.path]
    assert len(asked) == 2 * 4  # by every look, whether it is due or not


def test_a_crawl_killed_between_the_pages_is_made_good_by_the_next(tmp_path: Path) -> None:
    home = lay_out(tmp_path)
    with Replica(tmp_path / "web") as replica:
        replica.publish(HOST, LIST, list_page({name_of(0): TITLE}), "text/html; charset=utf-8")
        for number in range(3):
            replica.publish(HOST, path_of(name_of(number)), page(number), "text/html")
        done = subprocess.run(
            [sys.executable, "-c", DEADLY],
            cwd=ROOT,
            env={**os.environ, **dialling(replica), "DEADLY_HOME": str(home)},
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 9
        assert "1 new" in hongtou(home, "crawl", "qinghe", also=dialling(replica)).stdout
    with catalogue_of(home) as catalogue:
        (notice,) = notices_of(catalogue)
        assert not catalogue.set_asides()
    assert "joined:3" in notice.flags
    assert hongtou(home, "rebuild", "--check").returncode == 0


def test_pages_of_another_tools_warc_join_in_whatever_order_they_stand(tmp_path: Path) -> None:
    home = lay_out(tmp_path)
    _write_foreign(tmp_path / "pages.warc.gz", (2, 0, 1))
    assert hongtou(home, "ingest", str(tmp_path / "pages.warc.gz")).returncode == 0
    with catalogue_of(home) as catalogue:
        (notice,) = notices_of(catalogue)
        assert [change.change for change in catalogue.changes()] == [ChangeKind.NEW]
    assert "joined:3" in notice.flags
    assert notice.text.index("认真组织") < notice.text.index("两个紧密型")
    assert notice.text.index("两个紧密型") < notice.text.index("每半年")
    assert hongtou(home, "rebuild", "--check").returncode == 0


def _write_foreign(path: Path, order: Sequence[int]) -> None:
    """A WARC as another tool writes it, a record an hour."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for hour, number in enumerate(order):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url_of(name_of(number)),
                "response",
                payload=BytesIO(page(number).encode()),
                http_headers=head,
                warc_headers_dict={"WARC-Date": f"2024-04-02T0{hour}:00:00Z"},
            )
            writer.write_record(record)
