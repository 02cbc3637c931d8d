"""Pages and API for research: the same as the commands print, bounded, and kind to bad input."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from archive.catalogue.views import CitationView, DoubtView, StatusView

NUMBER = "巴南府办〔2024〕5号"
PAGES = ("/places", "/places?region=50", "/series", "/series?issuer=巴南府办&year=2024",
         "/wanted", "/wanted?numbers=1", "/wanted?of=渝府办发〔2023〕76号")  # fmt: skip


def first(shelf: Any) -> str:
    return str(shelf.log[0].notice_id)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_research_speaks_the_readers_language(client: Any, path: str) -> None:
    for language in ("zh", "en"):
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in answer.text
        assert "<h1" in answer.text


def test_two_versions_stand_side_by_side(client: Any, shelf: Any) -> None:
    notice_id = first(shelf)
    shelf.revise(notice_id, shelf.views[notice_id].text.replace("五大区域", "六大区域"))
    page = client.get(f"/notices/{notice_id}/diff?lang=zh").text
    assert "1 处不同" in page
    assert page.count("<del>") == page.count("<ins>") == 1
    assert "［删去：</span>五<span" in page
    answer = client.get(f"/api/v1/notices/{notice_id}/diff").json()
    assert (answer["before"]["number"], answer["after"]["number"]) == (1, 2)
    (row,) = answer["rows"]
    assert [piece["text"] for piece in row["after"] if piece["mark"] == "come"] == ["六"]
    backwards = client.get(f"/api/v1/notices/{notice_id}/diff?before=2&after=1&whole=true").json()
    assert len(backwards["rows"]) == len(shelf.views[notice_id].text.split("\n")) + 1


def test_what_cannot_be_compared_is_told(client: Any, shelf: Any) -> None:
    notice_id = first(shelf)
    assert "只有一个版本" in client.get(f"/notices/{notice_id}/diff?lang=zh").text
    assert client.get(f"/api/v1/notices/{notice_id}/diff").status_code == 404
    assert client.get(f"/api/v1/notices/{notice_id}/diff?before=1&after=9").status_code == 404
    for bad in ("before=x", "after=-1", "before=99999999999", "after=%00", "before=１"):
        assert client.get(f"/notices/{notice_id}/diff?{bad}").status_code == 400
    assert client.get("/notices/nothing/diff").status_code == 404


def test_endless_texts_are_compared_as_far_as_it_goes(client: Any, shelf: Any) -> None:
    made = shelf.put("长", "无。" * 1_000_000)
    shelf.revise(made, "有。" * 1_000_000)
    page = client.get(f"/notices/{made}/diff?lang=zh").text
    assert "句数超过上限" in page
    assert "只列出前 1,000 项" in page
    assert len(page) < 2_000_000


def test_a_chain_can_be_seen_and_taken_along(client: Any, shelf: Any) -> None:
    one, other = (change.notice_id for change in shelf.log[:2])
    cited = CitationView(number=NUMBER, title=None, notice_id=one, relation="implements")
    shelf.views[other] = replace(shelf.views[other], cites=(cited,))
    shelf.views[one] = replace(shelf.views[one], cited_by=(shelf.views[other].summary,))
    page = client.get(f"/notices/{one}/chain?lang=zh").text
    assert "贯彻上文" in page
    assert f"/notices/{other}" in page
    assert "渝府办发〔2023〕76号" in page
    whole = client.get(f"/api/v1/notices/{one}/chain").json()
    assert whole["cited_by"][0]["relation"] == "implements"
    graph = client.get(f"/api/v1/notices/{one}/chain.graphml")
    assert graph.headers["content-type"] == "application/graphml+xml"
    assert f'source="{other}" target="{one}"' in graph.text
    assert client.get(f"/api/v1/notices/{one}/chain?depth=99").status_code == 400


def test_a_series_shows_what_is_here_cited_and_missing(client: Any) -> None:
    page = client.get("/series?issuer=巴南府办&year=2024&lang=zh").text
    assert "2 / 7 号已收" in page
    assert "2–4" in page
    assert quote("巴南府办〔2024〕7号", safe="") in page
    found = client.get("/api/v1/series?issuer=巴南府办").json()
    assert found["series"][0]["missing"] == [2, 3, 4, 6, 7]
    assert client.get("/api/v1/series?issuer=无").json() == {
        "total": 0, "series": [], "next_offset": None
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["year=9999999", "year=x", "issuer=" + "字" * 99, "issuer=%00", "region=5", "offset=-1"],
)
def test_a_series_that_cannot_be_is_400(client: Any, query: str) -> None:
    for path in ("/series", "/api/v1/series"):
        assert client.get(f"{path}?{query}").status_code == 400, path


def test_the_want_list_is_ranked_and_says_who_cites(client: Any, shelf: Any) -> None:
    page = client.get("/wanted?lang=zh").text
    assert page.index("渝府办发〔2023〕76号") < page.index("《国务院关于某事的意见》")
    assert "2 件引用" in page
    numbers = client.get("/api/v1/wanted?numbers_only=true").json()["wanted"]
    assert [one["number"] for one in numbers] == ["渝府办发〔2023〕76号"]
    citing = client.get("/api/v1/citing?of=渝府办发〔2023〕76号").json()["notices"]
    assert first(shelf) in {one["id"] for one in citing}
    for bad in ("of=%00", "of=" + "长" * 1001):
        assert client.get(f"/wanted?{bad}").status_code == 400
        assert client.get(f"/api/v1/citing?{bad}").status_code == 400


def test_a_number_leads_to_its_notice(client: Any, shelf: Any) -> None:
    led = client.get("/numbers/巴南府办[2024]5号", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (302, f"/notices/{first(shelf)}")
    assert client.get("/numbers/国发〔1999〕1号").status_code == 404
    cited = client.get("/numbers/渝府办发〔2023〕76号")
    assert cited.status_code == 404
    assert "谁引用了" in client.get("/numbers/渝府办发〔2023〕76号?lang=zh").text
    shelf.put("同号", "另一件", document_number=NUMBER)
    assert "2 件公文用此文号" in client.get(f"/numbers/{NUMBER}?lang=zh").text


def test_places_lead_down_from_the_nation_to_a_county(client: Any, shelf: Any) -> None:
    shelf.put("国家的", "全国", jurisdiction="000000")
    whole = client.get("/api/v1/places").json()
    assert {one["name"]: one["notices"] for one in whole["below"]} == {
        "重庆市": 2, "黑龙江省": 1, "全国": 1
    }  # fmt: skip
    assert whole["levels"] == {"nation": 1, "province": 0, "city": 1, "county": 2}
    below = client.get("/api/v1/places?region=50").json()
    assert [one["name"] for one in below["above"]] == ["重庆市"]
    assert [(one["region"], one["notices"]) for one in below["below"]] == [("500113", 2)]
    city = client.get("/api/v1/places?region=2301&q=规划").json()
    assert [one["level"] for one in city["above"]] == ["province", "city"]
    found = client.get("/api/v1/notices?level=nation").json()
    assert [one["title"] for one in found["notices"]] == ["国家的"]
    assert client.get("/search?region=000000").status_code == 200
    assert client.get("/api/v1/notices?level=galaxy").status_code == 400
    page = client.get("/places?region=50&lang=zh").text
    assert "/search?region=500113" in page


def test_what_became_of_a_notice_stands_on_its_page_with_the_proof(client: Any, shelf: Any) -> None:
    notice_id, other = (change.notice_id for change in shelf.log[:2])
    view = shelf.views[notice_id]
    at = view.summary.changed_at
    proof = view.captures[0].record_id
    repealed = StatusView(
        status="废止", since=at.date(), at=at, evidence=proof, told="the page says 废止"
    )
    doubt = DoubtView(
        other=shelf.views[other].summary, at=at, reason=f"number equal ({NUMBER}): {other}"
    )
    shelf.views[notice_id] = replace(
        view,
        summary=replace(view.summary, validity="废止"),
        statuses=(repealed, replace(repealed, status="withdrawn", evidence=other)),
        withdrawn_at=at,
        doubts=(doubt,),
    )
    page = client.get(f"/notices/{notice_id}?lang=zh").text
    for said in ("已撤下", "网页写明废止", "存疑：", f"文号相同（{NUMBER}）。", "依据的公文"):
        assert said in page
    assert f'href="/notices/{other}?lang=zh"' in page
    english = client.get(f"/notices/{notice_id}?lang=en").text
    assert "repealed" in english
    answer = client.get(f"/api/v1/notices/{notice_id}").json()
    assert answer["validity"] == {
        "status": "废止", "since": at.date().isoformat(), "evidence": proof
    }  # fmt: skip
    assert answer["withdrawn_at"] == answer["changed_at"]
    assert answer["doubts"][0]["notice_id"] == other
    assert [one["status"] for one in answer["statuses"]] == ["废止", "withdrawn"]


def test_an_id_that_was_merged_away_leads_on_for_ever(client: Any, shelf: Any) -> None:
    notice_id = first(shelf)
    shelf.views["0123456789abcdef"] = shelf.views[notice_id]
    for path in ("/notices/{}", "/notices/{}/chain?depth=2", "/api/v1/notices/{}",
                 "/api/v1/notices/{}/diff?before=1&after=1", "/api/v1/notices/{}/versions/1",
                 "/api/v1/notices/{}/chain.graphml"):  # fmt: skip
        led = client.get(path.format("0123456789abcdef"), follow_redirects=False)
        assert led.status_code == 308, path
        assert led.headers["location"] == path.format(notice_id)
        assert client.get(path.format("0123456789abcdef")).status_code == 200


def test_titles_without_end_and_hostile_marks_stay_in_their_place(client: Any, shelf: Any) -> None:
    evil = "\u202e\u200f</del><script>alert(1)</script>" + "长" * 10_000
    made = shelf.put(evil, f"{evil}\n甲。", document_number=NUMBER)
    shelf.revise(made, f"{evil}\n乙。")
    shelf.views[made] = replace(
        shelf.views[made],
        cites=(CitationView(number=None, title=evil, notice_id=None, relation="\x00<b>"),),
    )
    for path in (f"/notices/{made}", f"/notices/{made}/diff", f"/notices/{made}/chain",
                 f"/numbers/{NUMBER}", "/places"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text


def test_facets_tell_how_many_share_a_value(client: Any) -> None:
    assert client.get("/api/v1/facets").json() == {
        "facets": {"kind": [{"value": "通知", "notices": 2}]}
    }


def printed(*arguments: str) -> list[Any]:
    from hongtou import make_cli

    done = CliRunner().invoke(make_cli(), list(arguments))
    assert done.exit_code in (0, 1), done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_api_says_what_the_commands_print(tmp_path: Path, cited_home: Any) -> None:
    from fastapi.testclient import TestClient

    from archive.access.app import make_app

    home, notice_id = cited_home
    at = ("--home", str(home.path))
    with TestClient(make_app(home, home.catalogue_url)) as client:
        diff = client.get(f"/api/v1/notices/{notice_id}/diff").json()
        assert diff["rows"] == printed("diff", notice_id, "--json", *at) != []
        series = client.get("/api/v1/series?least=1").json()["series"]
        assert series == printed("gaps", "--least", "1", "--json", *at) != []
        wanted = client.get("/api/v1/wanted").json()["wanted"]
        assert wanted == printed("wanted", "--json", *at) != []
        chain = client.get(f"/api/v1/notices/{notice_id}/chain").json()
        assert [chain] == printed("cites", notice_id, "--chain", "--format", "json", *at)
        assert client.get(f"/notices/{notice_id}/chain").status_code == 200
        assert client.get("/places").status_code == 200


def test_a_series_says_whose_its_code_is_and_what_speaks_against_it(client: Any) -> None:
    page = client.get("/series?issuer=巴南府办&lang=zh").text
    assert "由本库习得" in page
    assert "另有机关也用：某办，1 个文号" in page
    assert "尚不确定" in client.get("/series?issuer=某某发&lang=zh").text


def test_issuer_codes_are_told_page_by_page(client: Any) -> None:
    found = client.get("/api/v1/codes?standing=learnt&limit=1").json()
    assert [one["issuing_bodies"] for one in found["codes"]] == [["重庆市巴南区人民政府办公室"]]
    assert found["next_after"] is None
    one = client.get("/api/v1/codes?code=无此").json()["codes"][0]
    assert (one["code"], one["standing"], one["issuing_bodies"]) == ("无此", "open", [])
    for bad in ("standing=x", "limit=0", "code=" + "字" * 99, "code=%00", "after=%00"):
        assert client.get(f"/api/v1/codes?{bad}").status_code == 400, bad


def test_whose_a_number_is_by_its_code_is_said_beside_the_page_not_in_it(
    client: Any, shelf: Any
) -> None:
    (code,) = shelf.codes(["巴南府办"])
    notice_id = first(shelf)
    view = replace(shelf.views[notice_id], code=code)
    shelf.views[notice_id] = view
    assert "与本文的发文机关不符" in client.get(f"/notices/{notice_id}?lang=zh").text
    bare = replace(view, summary=replace(view.summary, issuing_bodies=()))
    shelf.views[notice_id] = bare
    page = client.get(f"/notices/{notice_id}?lang=zh").text
    assert "据代字推定" in page
    told = client.get(f"/api/v1/notices/{notice_id}").json()
    assert (told["issuing_bodies"], told["issuer_code"]["standing"]) == ([], "learnt")
