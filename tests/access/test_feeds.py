"""Feeds: valid, complete, in order of arrival, cheap to poll."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from lxml import etree

from archive.catalogue.views import StatusView
from archive.notice import ChangeKind

FORMATS = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
ATOM = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}


def atom(client: Any, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return etree.fromstring(answer.content)


def ids(tree: Any) -> list[str]:
    return [str(found) for found in tree.xpath("a:entry/a:id/text()", namespaces=ATOM)]


def link(tree: Any, rel: str) -> str | None:
    found = tree.xpath(f"a:link[@rel='{rel}']/@href", namespaces=ATOM)
    return str(found[0]).removeprefix("https://hongtou.example") if found else None


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["fresh", "search"])
def test_a_feed_has_its_type_and_validators(client: Any, form: str, name: str) -> None:
    answer = client.get(f"/feeds/{name}.{form}")
    assert answer.headers["content-type"] == FORMATS[form] + "; charset=utf-8"
    for validator in ({"If-None-Match": answer.headers["etag"]}, {"If-None-Match": "*"},
                      {"If-Modified-Since": answer.headers["last-modified"]}):  # fmt: skip
        again = client.get(f"/feeds/{name}.{form}", headers=validator)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]


def test_another_tag_wins_over_a_date_that_matches(client: Any) -> None:
    answer = client.get("/feeds/fresh.atom")
    headers = {"If-None-Match": '"x"', "If-Modified-Since": answer.headers["last-modified"]}
    assert client.get("/feeds/fresh.atom", headers=headers).status_code == 200


@pytest.mark.parametrize("since", ["nonsense", "", "Thu, 99 Foo 20 99:99", "0"])
def test_a_date_that_is_none_is_no_condition(client: Any, since: str) -> None:
    headers = {"If-Modified-Since": since}
    assert client.get("/feeds/fresh.atom", headers=headers).status_code == 200


def test_head_is_get_without_the_body(client: Any) -> None:
    get, head = client.get("/feeds/fresh.atom"), client.head("/feeds/fresh.atom")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]


def test_entries_come_in_order_of_arrival_not_of_publication(client: Any, shelf: Any) -> None:
    parsed = feedparser.parse(client.get("/feeds/fresh.atom").content)
    assert not parsed.bozo
    assert [entry.id for entry in parsed.entries] == [
        f"urn:hongtou:notice:{change.notice_id}:v1" for change in reversed(shelf.log)
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_a_revision_is_an_entry_of_its_own(client: Any, shelf: Any, form: str) -> None:
    first = shelf.log[0].notice_id
    before = client.get(f"/feeds/fresh.{form}").headers["etag"]
    shelf.revise(first, "改了。")
    answer = client.get(f"/feeds/fresh.{form}", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert answer.text.index(f"{first}:v2") < answer.text.index(f"{first}:v1")
    assert "第2版" in answer.text


def test_copies_are_no_entries(client: Any, shelf: Any) -> None:
    shelf.copy(shelf.log[0].notice_id, "taimao")
    assert len(ids(atom(client, "/feeds/fresh.atom"))) == 3


def test_an_entry_carries_its_proof(client: Any) -> None:
    feed = client.get("/feeds/fresh.json").json()
    item = next(
        i for i in feed["items"] if i["_hongtou"]["document_number"] == "巴南府办〔2024〕5号"
    )
    for proof in ("巴南府办〔2024〕5号", "2024-03-26", "首次见到", "sha256:", "a.warc.gz @0+10"):
        assert proof in item["content_html"]
    assert item["url"].startswith("https://hongtou.example/notices/")
    assert item["_hongtou"]["evidence_url"].startswith("https://hongtou.example/api/v1/captures/")
    assert feed["_hongtou"]["health_url"] == "https://hongtou.example/api/v1/health"


def test_going_back_through_the_archives_misses_no_announcement(client: Any, shelf: Any) -> None:
    for number in range(250):
        made = shelf.put(f"第{number}件", "正文")
        if number % 3 == 0:
            shelf.copy(made, "taimao")
    wanted = [f"urn:hongtou:notice:{c.notice_id}:v1" for c in shelf.log if c.change == "new"]
    tree, found = atom(client, "/feeds/fresh.atom"), []
    while True:
        found += ids(tree)
        if (before := link(tree, "prev-archive")) is None:
            break
        tree = atom(client, before)
        assert tree.find("fh:archive", ATOM) is not None
        assert link(tree, "current") == "/feeds/fresh.atom"
    assert found == wanted[::-1]


def test_an_archive_document_changes_no_more(client: Any, shelf: Any) -> None:
    for number in range(200):
        shelf.put(f"第{number}件", "正文")
    before = client.get("/feeds/archive/100.rss").content
    for number in range(200, 260):
        shelf.put(f"第{number}件", "正文")
    after = client.get("/feeds/archive/100.rss").content
    assert feedparser.parse(before).entries == feedparser.parse(after).entries


@pytest.mark.parametrize("end", ["0", "1", "100", "150", "99999999999999999999", "x"])
def test_an_archive_that_is_not_there_is_said_to_be_none(client: Any, end: str) -> None:
    assert client.get(f"/feeds/archive/{end}.atom").status_code in (400, 404)


def test_a_search_is_a_feed_that_is_paged(client: Any, shelf: Any) -> None:
    for number in range(120):
        shelf.put(f"第{number}件", "关于分级诊疗")
    path: str | None = "/feeds/search.atom?q=" + quote("分级诊疗")
    found: list[str] = []
    while path is not None:
        tree = atom(client, path)
        found += ids(tree)
        path = link(tree, "next")
    assert len(found) == len(set(found)) == 120


def test_a_search_that_cannot_be_understood_is_a_problem(client: Any) -> None:
    answer = client.get("/feeds/search.atom?region=zz")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_makes_no_broken_feed(client: Any, shelf: Any, form: str) -> None:
    shelf.put("坏\x00\x0b\ud800<script>&amp;]]>" + "长" * 500, "文\x1f<b>\ufffe" * 10, kind="\x01")
    answer = client.get(f"/feeds/fresh.{form}")
    assert answer.status_code == 200
    if form == "json":
        assert "<script>" not in json.loads(answer.content)["items"][0]["content_html"]
    else:
        assert not feedparser.parse(answer.content).bozo
        etree.fromstring(answer.content)


def test_an_empty_archive_has_feeds(tmp_path: Any, new_shelf: Callable[[], Any]) -> None:
    from fastapi.testclient import TestClient

    from archive.access.app import make_app
    from archive.notice import Home

    app = make_app(Home(tmp_path), "", library=new_shelf())
    with TestClient(app) as empty:
        for form in FORMATS:
            answer = empty.get(f"/feeds/fresh.{form}")
            assert answer.status_code == 200
            assert "last-modified" in answer.headers


def test_a_hostile_host_header_makes_no_links(tmp_path: Any, shelf: Any) -> None:
    from fastapi.testclient import TestClient

    from archive.access.app import make_app
    from archive.notice import Home

    with TestClient(make_app(Home(tmp_path), "", library=shelf)) as client:
        bad = client.get("/feeds/fresh.atom", headers={"Host": 'x"><a'})
        assert bad.status_code == 400
        good = client.get("/feeds/fresh.atom", headers={"Host": "archive.example:8443"})
        assert b"http://archive.example:8443/notices/" in good.content


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_the_feed_of_changes_tells_every_line_of_the_log(
    client: Any, shelf: Any, form: str
) -> None:
    first = shelf.log[0].notice_id
    at = shelf.views[first].summary.changed_at
    shelf.copy(first, "taimao")
    repealed = StatusView(
        status="废止", since=at.date(), at=at, evidence="urn:uuid:1", told="the page says 废止"
    )
    shelf.tell(first, ChangeKind.STATUS, repealed)
    for kind in (ChangeKind.MERGED, ChangeKind.SPLIT, ChangeKind.CORRECTED, ChangeKind.WITHDRAWN):
        shelf.tell(first, kind)
    entries = feedparser.parse(client.get(f"/feeds/changes.{form}").content).entries
    if form == "json":
        items = client.get("/feeds/changes.json").json()["items"]
        ids, titles = [item["id"] for item in items], [item["title"] for item in items]
        assert items[4]["_hongtou"]["status"]["status"] == "废止"
    else:
        ids, titles = [entry.id for entry in entries], [entry.title for entry in entries]
    assert ids == [
        f"urn:hongtou:change:{change.seq}:{change.notice_id}" for change in shelf.log[::-1]
    ]
    told = [title[1 : title.index("〕")] for title in titles]
    assert told == ["已撤下", "更正", "拆分", "合并", "废止", "转载", "新收", "新收", "新收"]


def test_the_changes_are_archived_as_the_fresh_notices_are(client: Any, shelf: Any) -> None:
    for number in range(260):
        shelf.copy(shelf.log[number % 3].notice_id, "taimao")
    path, seqs = "/feeds/changes.json", []
    while path:
        feed = client.get(path).json()
        seqs += [item["_hongtou"]["seq"] for item in feed["items"]]
        path = feed.get("next_url", "").removeprefix("https://hongtou.example")
    assert seqs == list(range(len(shelf.log), 0, -1))
    assert client.get("/feeds/changes/150.atom").status_code == 404


def test_a_feed_leads_to_health_and_to_all_changes(client: Any) -> None:
    for form in ("atom", "rss", "json"):
        feed = client.get(f"/feeds/fresh.{form}").text
        assert "https://hongtou.example/api/v1/health" in feed
        assert f"https://hongtou.example/feeds/changes.{form}" in feed
    assert "/feeds/changes.atom" in client.get("/").text
