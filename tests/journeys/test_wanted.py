"""A wanted number is looked up in the State Council's library: when allowed, once, politely."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from county import HOST, LIST, catalogue_of, dialling, hongtou, lay_out, list_page, path_of
from walking import notices_of, titled

from crawler.looking_up import search_for
from crawler.replica import Replica

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("wanted")]

NAME = "t20240401_61001.html"
TITLE = "清河县人民政府办公室关于印发深化医药卫生体制改革重点任务的通知"
HERE, MISSING, OURS = "国办发〔2025〕904号", "国卫体改发〔2025〕912号", "冀政办字〔2025〕909号"
NOTICE = (
    f'<meta charset="utf-8"><title>{TITLE}</title><h1>{TITLE}</h1><div class="TRS_Editor">'
    f"<p>各乡镇人民政府：</p><p>根据《关于完善服务体系的意见》（{HERE}）、（{MISSING}）和（{OURS}）"
    "要求，制定本方案，请认真贯彻执行。</p></div>"
)
FOUND_TITLE = "国务院办公厅关于完善服务体系的意见"
PLACE = "/zhengce/content/202503/content_5001.htm"
FOUND = (
    f'<meta charset="utf-8"><title>{FOUND_TITLE}</title><table class="bd1"><tr><td>发文字号：</td>'
    f"<td>{HERE}</td></tr></table><h1>{FOUND_TITLE}</h1><div id=UCAP-CONTENT>"
    "<p>各省、自治区、直辖市人民政府：</p><p>为完善服务体系，经国务院同意，提出如下意见。</p>"
    "<p>国务院办公厅</p><p>2025年3月1日</p></div>"
)


def _answer(*rows: dict[str, str]) -> str:
    if not rows:
        return json.dumps({"code": 1001, "msg": "抱歉，没有找到相关结果"})
    return json.dumps({"code": 200, "searchVO": {"listVO": rows, "totalpage": 1}})


def _publish(replica: Replica) -> None:
    replica.publish(HOST, LIST, list_page({NAME: TITLE}), "text/html; charset=utf-8")
    replica.publish(HOST, path_of(NAME), NOTICE, "text/html")
    row = {"title": FOUND_TITLE, "url": f"https://www.gov.cn{PLACE}", "pcode": HERE}
    other = {
        "title": "另一件",
        "url": "https://www.gov.cn/other.htm",
        "pcode": "国办发〔2025〕940号",
    }
    for number, answer in ((HERE, _answer(row, other)), (MISSING, _answer())):
        search = search_for(number) or ""
        path = search.partition("sousuo.www.gov.cn")[2]
        replica.publish("sousuo.www.gov.cn", path, answer, "application/json")
    replica.publish("www.gov.cn", PLACE, FOUND, "text/html")


def test_a_wanted_number_is_looked_up_when_allowed_and_not_again_too_soon(tmp_path: Path) -> None:
    home = lay_out(tmp_path)
    with Replica(tmp_path / "web") as replica:
        _publish(replica)
        also = dialling(replica)
        assert hongtou(home, "crawl", "qinghe", also=also).returncode == 0
        refused = hongtou(home, "wanted", "--look-up", also=also)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert "look_up_wanted" in refused.stderr
        also["HONGTOU_LOOK_UP_WANTED"] = "true"
        first = hongtou(home, "wanted", "--look-up", "--json", also=also)
        again = hongtou(home, "wanted", "--look-up", "--json", also=also)
        asked = [sent.path for sent in replica.log if sent.host == "sousuo.www.gov.cn"]
        others = [sent.path for sent in replica.log if sent.path == "/other.htm"]
    assert _outcomes(first.stdout) == {HERE: "found", MISSING: "not_found", OURS: "elsewhere"}
    assert _outcomes(again.stdout) == {MISSING: "asked_before", OURS: "elsewhere"}
    assert [path for path in asked if path != "/robots.txt"] == [
        path for path in dict.fromkeys(asked) if path != "/robots.txt"
    ]
    assert len(asked) == 3
    assert not others
    with catalogue_of(home) as catalogue:
        notice = titled(catalogue, TITLE)
        (found,) = catalogue.by_number(HERE)
        assert len(notices_of(catalogue)) == 2
    assert found.title == FOUND_TITLE
    assert [one.id for one in (catalogue_of(home).notice(found.id) or notice).cited_by] == [
        notice.summary.id
    ]
    assert hongtou(home, "rebuild", "--check").returncode == 0


def _outcomes(printed: str) -> dict[str, str]:
    rows = map(json.loads, printed.splitlines())
    return {row["number"]: row["outcome"] for row in rows}


@pytest.mark.parametrize(
    "number",
    ["巴南府办〔2024〕5号", "国务院令第752号", "国家药监局公告2024年第5号", "不是文号", ""],
)
def test_what_the_library_cannot_have_is_not_asked_for(number: str) -> None:
    assert search_for(number) is None
