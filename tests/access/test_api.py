"""The API: what it answers, and that nothing makes it fall over."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.access.as_json import notice_json

WHOLE = (
    "id seq document_number index_number title kind issuing_bodies jurisdiction topics written_on "
    "published_on effective_on validity first_seen_at changed_at text versions sightings captures "
    "attachments cites cited_by decisions"
)


def test_a_notice_as_json_has_all_that_the_design_names(client: Any, shelf: Any) -> None:
    notice = client.get(f"/api/v1/notices/{shelf.log[0].notice_id}").json()
    assert set(WHOLE.split()) <= set(notice)
    assert notice["jurisdiction"] == {"code": "500113", "name": "重庆市巴南区"}
    assert notice["written_on"] == "2024-03-26"
    assert notice["first_seen_at"] == "2024-04-01T01:13:33Z"
    assert notice["sightings"][1]["trust"] == "aggregator"
    assert notice["captures"][0]["warc_file"] == "2024/04/a.warc.gz"
    assert notice == notice_json(shelf.views[notice["id"]])


def test_searching_pages_through_everything_once(client: Any, shelf: Any) -> None:
    for number in range(45):
        shelf.put(f"第{number}件", "关于分级诊疗")
    for order in ("arrival", "relevance"):
        found, cursor = [], ""
        while cursor is not None:
            query = {"q": "分级诊疗", "cursor": cursor, "order": order, "limit": 20}
            page = client.get("/api/v1/notices", params=query).json()
            assert len(page["notices"]) <= 20
            found += [notice["id"] for notice in page["notices"]]
            cursor = page["next_cursor"]
        assert len(found) == len(set(found)) == 45


def test_a_number_is_found_however_it_is_written(client: Any) -> None:
    for written in ("巴南府办〔2024〕5号", "巴南府办[2024]5号", "巴南府办（2024）5号"):
        found = client.get("/api/v1/numbers/" + quote(written)).json()["notices"]
        assert [notice["document_number"] for notice in found] == ["巴南府办〔2024〕5号"]
    assert client.get("/api/v1/numbers/" + quote("国发〔1999〕1号")).status_code == 404


def test_the_change_log_can_be_followed_without_a_gap(client: Any, shelf: Any) -> None:
    shelf.copy(shelf.log[0].notice_id, "taimao")
    after, seqs = 0, []
    while changes := (page := client.get(f"/api/v1/changes?after={after}&limit=3").json())[
        "changes"
    ]:
        seqs += [change["seq"] for change in changes]
        after = page["next_after"]
    assert seqs == [1, 2, 3, 4]
    assert page["last_seq"] == 4


def test_health_tells_which_source_nobody_could_look_at(client: Any) -> None:
    health = client.get("/api/v1/health").json()
    states = {source["source"]: source["state"] for source in health["sources"]}
    assert states == {"banan": "never", "harbin": "alarm"}
    alarm = next(s for s in health["sources"] if s["source"] == "harbin")["alarms"][0]
    assert (alarm["kind"], alarm["came"]) == ("challenge", "412 with a script")


def test_a_version_has_its_text(client: Any, shelf: Any) -> None:
    first = shelf.log[0].notice_id
    shelf.revise(first, "改了。")
    assert client.get(f"/api/v1/notices/{first}/versions/2").json()["text"] == "改了。"
    assert client.get(f"/api/v1/notices/{first}/versions/3").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/notices/none",
        "/api/v1/notices/..%2f..%2fetc",
        "/api/v1/notices/%00",
        "/api/v1/captures/%00.warc.gz",
        "/api/v1/captures/00000000-0000-4000-8000-000000000000.warc.gz",
        "/api/v1/captures/..%2f..%2fetc%2fpasswd.warc.gz",
        "/api/v1/numbers/%00%ff",
        "/api/v1/nowhere",
    ],
)
def test_what_is_not_there_is_404_as_problem_json(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/notices?limit=0",
        "/api/v1/notices?limit=x",
        "/api/v1/notices?cursor=zzz",
        "/api/v1/notices?cursor=s99999999999999999999",
        "/api/v1/notices?region=x",
        "/api/v1/notices?q=" + "a" * 300,
        "/api/v1/changes?after=-1",
        "/api/v1/changes?after=99999999999999999999",
        "/api/v1/set-asides?before=0001-01-01T00:00:00%2B23:59",
        "/api/v1/set-asides?before=yesterday",
        "/api/v1/alarms?open_only=perhaps",
    ],
)
def test_what_cannot_be_understood_is_400_as_problem_json(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_another_method_is_405(client: Any) -> None:
    answer = client.post("/api/v1/notices")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_the_description_names_every_path_and_its_answers(client: Any) -> None:
    described = client.get("/api/v1/openapi.json").json()
    api = {"notices", "notices/{notice_id}", "changes", "health", "captures/{record}.warc.gz"}
    assert {f"/api/v1/{path}" for path in api} <= set(described["paths"])
    assert "/feeds/fresh.{form}" in described["paths"]
    for path, methods in described["paths"].items():
        assert methods["get"]["summary"], path
        if path.startswith("/api/"):
            assert {"200", "400", "404"} <= set(methods["get"]["responses"]), path


PATHS = [
    "/",
    "/search",
    "/sources",
    "/about",
    "/notices/{}",
    "/notices/{}/diff",
    "/notices/{}/chain",
    "/numbers/{}",
    "/series",
    "/wanted",
    "/places",
    "/api/v1/series",
    "/api/v1/wanted",
    "/api/v1/citing",
    "/api/v1/places",
    "/api/v1/facets",
    "/api/v1/notices/{}/diff",
    "/api/v1/notices/{}/chain.graphml",
    "/feeds/changes/{}.rss",
    "/api/v1/notices",
    "/api/v1/notices/{}",
    "/api/v1/changes",
    "/api/v1/notices/{}/versions/{}",
    "/api/v1/numbers/{}",
    "/api/v1/captures/{}.warc.gz",
    "/api/v1/set-asides",
    "/api/v1/alarms",
    "/api/v1/health",
    "/feeds/{}",
    "/feeds/search.atom",
    "/feeds/archive/{}.json",
    "/static/{}",
]
NAMES = [
    "q",
    "region",
    "source",
    "kind",
    "body",
    "topic",
    "written_from",
    "published_to",
    "order",
    "limit",
    "offset",
    "before",
    "after",
    "cursor",
    "version",
    "lang",
    "open_only",
    "issuer",
    "year",
    "least",
    "of",
    "level",
    "whole",
    "depth",
    "numbers",
]
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["\x00", "\ud800", "..", "%2e%2e/", "'--", "💥" * 30, "-1", "0", "9" * 30, "NaN", "true",
         "2024-01-01", "“", '"', "*", "?", "(", "[", "title:医", "医" * 201,
         "<script>", "s1", "o1"]
    ),
)  # fmt: skip


@given(
    path=st.sampled_from(PATHS),
    pieces=st.lists(HOSTILE, min_size=2, max_size=2),
    query=st.dictionaries(st.sampled_from(NAMES), HOSTILE, max_size=3),
    accept=st.text(alphabet="zhen-;q=0.19,*CN ", max_size=30),
)
@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_request_makes_it_fall_over(
    client: Any, path: str, pieces: list[str], query: dict[str, str], accept: str
) -> None:
    filled = path.format(*(quote(piece, safe="", errors="surrogatepass") for piece in pieces))
    asked = "&".join(f"{k}={quote(v, errors='surrogatepass')}" for k, v in query.items())
    answer = client.get(f"{filled}?{asked}", headers={"Accept-Language": accept})
    assert answer.status_code < 500
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_what_nobody_expected_is_500_without_a_trace(
    client: Any, shelf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(shelf, "alarms", fail)
    answer = client.get("/api/v1/alarms")
    assert answer.status_code == 500
    assert "secret" not in answer.text
