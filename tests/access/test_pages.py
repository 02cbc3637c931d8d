"""Pages: what they say, in two languages, and that nothing archived breaks out of its text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import archive.access
from archive.access.snippet import find_marks
from archive.access.wording import text_below
from archive.access.words import WORDS, choose_language
from archive.notice import AlarmKind
from archive.notice.regions import provinces, region_name

PREFIXES = (
    *("order_", "filter_", "trust_", "state_", "health_", "outcome_", "alarm_", "run_"),
    *("level_", "diff_", "series_certain_", "code_"),
)
TEMPLATES = Path(archive.access.__file__).with_name("templates")


def page(client: Any, path: str, language: str = "zh-CN") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return str(answer.text)


def test_home_shows_the_latest_arrival_first(client: Any, shelf: Any) -> None:
    shelf.revise(shelf.log[0].notice_id, "改了。")
    home = page(client, "/")
    assert home.index("修订 · 第 2 版") < home.index("的解读")
    assert "3</strong> 件公文" in home


@pytest.mark.parametrize("path", ["/", "/search", "/sources", "/about", "/nowhere"])
def test_every_page_speaks_the_readers_language(client: Any, path: str) -> None:
    chinese = client.get(path, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    english = client.get(path, headers={"Accept-Language": "en-GB,en"})
    assert '<html lang="zh-CN">' in chinese.text
    assert '<html lang="en">' in english.text
    assert "Accept-Language" in english.headers["vary"]
    chosen = client.get(path + "?lang=en", headers={"Accept-Language": "zh"})
    assert '<html lang="en">' in chosen.text
    assert re.search(r'href="/[^"]*\?lang=en"', chosen.text)
    assert "lang=zh" in chosen.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "zh"), ("en", "en"), ("zh-TW", "zh"), ("fr,en;q=0.5", "en"), ("en;q=0.3,zh;q=0.9", "zh"),
     ("*", "zh"), ("en;q=x", "zh")],
)  # fmt: skip
def test_the_language_is_what_the_browser_likes_best(accepted: str, language: str) -> None:
    assert choose_language(None, accepted) == language


def test_every_phrase_is_used_and_every_used_one_is_there() -> None:
    used: set[str] = set()
    for template in TEMPLATES.iterdir():
        used |= set(re.findall(r'say\("(\w+)"', template.read_text()))
    assert used - set(WORDS) <= set(PREFIXES)
    assert all(chinese and english for chinese, english in WORDS.values())


def test_a_notice_shows_all_that_is_known(client: Any, shelf: Any) -> None:
    first = shelf.log[0].notice_id
    shown = page(client, f"/notices/{first}")
    said_there = """巴南府办〔2024〕5号 11500113009307156W/2024-00051 重庆市巴南区 2024-03-26 原发
        区政府有关部门,有关单位: 转载网站 渝府办发〔2023〕76号 附件1.docx
        /api/v1/captures/00000001-0000-4000-8000-000000000000.warc.gz"""
    for said in (*said_there.split(), "a.warc.gz @0+10", "没有与之相似的公文"):
        assert said in shown


def test_an_earlier_version_says_that_it_does_not_stand(client: Any, shelf: Any) -> None:
    first = shelf.log[0].notice_id
    shelf.revise(first, "改了。")
    assert "改了。" in page(client, f"/notices/{first}")
    earlier = page(client, f"/notices/{first}?version=1")
    assert "医共体" in earlier
    assert "不是现行版本" in earlier
    assert client.get(f"/notices/{first}?version=9").status_code == 404


def test_nothing_archived_breaks_out_of_its_text(client: Any, shelf: Any) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=y>'
    made = shelf.put(evil, evil, document_number=evil, issuing_bodies=(evil,), jurisdiction=evil)
    for path in ("/", f"/notices/{made}", "/search?q=alert", f"/search?q={evil}&kind={evil}"):
        shown = page(client, path)
        assert "<script" not in shown
        assert "<img" not in shown


def test_a_link_is_never_more_than_a_web_address(client: Any, shelf: Any) -> None:
    from dataclasses import replace

    first = shelf.log[0].notice_id
    view = shelf.views[first]
    bad = replace(view.sightings[0], url="javascript:alert(1)")
    shelf.views[first] = replace(view, sightings=(bad,))
    assert 'href="javascript' not in page(client, f"/notices/{first}")


def test_search_marks_what_it_found(client: Any) -> None:
    found = page(client, "/search?q=医共体")
    assert "<mark>医共体</mark>" in found
    assert "/feeds/search.atom?q=%E5%8C%BB%E5%85%B1%E4%BD%93" in found


def test_search_pages_keep_words_filters_and_language(client: Any, shelf: Any) -> None:
    for number in range(45):
        shelf.put(f"第{number}件", "关于分级诊疗")
    following = re.search(
        r'rel="next" href="([^"]+)"', page(client, "/search?q=分级诊疗&kind=通知&lang=en")
    )
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert "lang=en" in address
    assert "45 found" in page(client, address)


def test_a_search_that_cannot_be_understood_says_so_on_the_page(client: Any) -> None:
    answer = client.get("/search?region=zz")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_sources_show_what_a_person_should_do(client: Any) -> None:
    shown = page(client, "/sources")
    for said in ("412 with a script", "Look at the page in a browser.", "harbin 网站", "从未"):
        assert said in shown


def test_an_unchanged_page_is_not_sent_again(client: Any) -> None:
    tag = client.get("/").headers["etag"]
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304


def test_pages_bear_the_headers_that_keep_them_harmless(client: Any) -> None:
    headers = client.get("/").headers
    assert "script-src" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"


def test_the_title_is_not_said_twice() -> None:
    assert text_below("关于 印发方案的通知", "关于印发\n方案的通知\n正文") == ["正文"]
    assert text_below("别的", "关于印发\n正文") == ["关于印发", "正文"]


def test_regions_have_their_names_from_the_province_down() -> None:
    assert region_name("500113") == "重庆市巴南区"
    assert region_name("230100") == "黑龙江省哈尔滨市"
    assert region_name("44") == "广东省"
    assert region_name("999999") is None
    assert len(provinces()) == 34


def test_marking_a_long_text_takes_one_pass() -> None:
    assert find_marks("啊" * 100_000, ["啊" * 200, "不在"])


def test_every_name_that_a_page_composes_has_its_word() -> None:
    from archive.notice import AlarmKind, ChangeKind, Outcome, Trust

    wanted = {f"outcome_{one.value}" for one in (*Outcome, *ChangeKind)}
    wanted |= {f"alarm_{one.value}" for one in AlarmKind}
    relations = ("cites", "basis", "forwards", "implements", "amends", "repeals")
    wanted |= {f"{way}_{one}" for one in relations for way in ("relation", "by")}
    wanted |= {f"trust_{one.name.lower()}" for one in Trust}
    assert not wanted - set(WORDS)


def test_reasons_and_alarms_are_told_in_the_readers_language(client: Any, shelf: Any) -> None:
    first = shelf.log[0].notice_id
    assert "nothing like it is known" in page(client, f"/notices/{first}", "en")
    assert "没有与之相似的公文" in page(client, f"/notices/{first}")
    assert "an answer with status 200 or 304" in page(client, "/sources", "en")
    assert "状态码为 200 或 304 的答复" in page(client, "/sources")


def test_a_conflict_among_the_alarms_leads_to_both_notices(client: Any, shelf: Any) -> None:
    from dataclasses import replace

    one, other = (change.notice_id for change in shelf.log[:2])
    book = shelf.alarm_book[0]
    alarm = replace(
        book.alarm,
        kind=AlarmKind.CONFLICT,
        expected=f"one notice under one number: {one}",
        came=f"{other}: number equal (国发〔2023〕5号), but the places are others: {one}",
    )
    shelf.alarm_book.append(replace(book, id=2, alarm=alarm))
    shown = page(client, "/sources")
    assert f'href="/notices/{one}"' in shown
    assert f'href="/notices/{other}"' in shown
    assert "但所说的地方不同" in shown


def test_a_date_that_a_page_states_twice_is_shown_with_the_reason_for_it(
    client: Any, shelf: Any
) -> None:
    from dataclasses import replace

    first = shelf.log[0].notice_id
    view = shelf.views[first]
    why = "not 2024-04-10 (table 成文日期): the day of publication is filled in there"
    shelf.views[first] = replace(view, flags=(f"contested:written_on={why}",))
    assert "不取 2024-04-10（表中“成文日期”一项），该处填的是发布日期" in page(
        client, f"/notices/{first}"
    )
    assert why in page(client, f"/notices/{first}", "en")
