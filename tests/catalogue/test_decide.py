"""The judgement itself: pure, so it is tried without any database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from archive.catalogue.decide import Arriving, Known, SeenThere, decide, scopes_differ
from archive.catalogue.originals import original_of
from archive.catalogue.places import is_one_body, places_in, places_of
from archive.ingest.fingerprint import fingerprint
from archive.notice import Outcome, Trust

OFFICE = "重庆市巴南区人民政府办公室"


def face(text: str, **fields: Any) -> dict[str, Any]:
    title = fields.pop("title", "关于印发《巴南区深化医药卫生体制改革实施方案》的通知")
    print_ = fingerprint(title, text)
    return {
        "number": "巴南府办〔2024〕5号",
        "scope": "500113",
        "title": title,
        "title_core": print_.title_core,
        "kind": "通知",
        "issuing_bodies": (OFFICE,),
        "written_on": date(2024, 3, 26),
        "trust": Trust.ISSUER,
        "wordings": (print_,),
        **fields,
    }


@pytest.fixture
def known(said: Any) -> Known:
    return Known(id="first", **face(said.TEXT))


def come(text: str, **fields: Any) -> Arriving:
    return Arriving(payload_digest="sha256:new", reader_version="1", **face(text, **fields))


def test_nothing_known_is_new() -> None:
    decision = decide([], come("全文"))
    assert (decision.outcome, decision.notice_id) == (Outcome.NEW, None)
    assert decision.reasons


def test_number_and_place_with_the_title_suffice(known: Known) -> None:
    decision = decide([known], come("正文已损坏。" * 30))
    assert (decision.outcome, decision.notice_id) == (Outcome.COPY, "first")
    assert decision.reasons == ("number equal (巴南府办〔2024〕5号)", "titles alike")


def test_number_and_place_with_the_text_suffice(known: Known, said: Any) -> None:
    decision = decide([known], come(said.TEXT, title="重磅！改革来了"))
    assert decision.outcome is Outcome.COPY


def test_number_alone_is_a_conflict(known: Known) -> None:
    decision = decide([known], come("近期天干物燥，务必防火。" * 20, title="关于防火的通知"))
    assert (decision.outcome, decision.conflicts_with) == (Outcome.CONFLICT, "first")


def test_the_number_of_a_neighbour_is_no_evidence(known: Known, said: Any) -> None:
    text = said.TEXT.replace("巴南", "南岸")
    other = come(text, scope="500108", issuing_bodies=("重庆市南岸区人民政府办公室",))
    assert decide([known], other).outcome is Outcome.NEW


def test_orders_are_numbered_anew(known: Known) -> None:
    old = replace(known, number="卫生部令第5号", scope="000000", has_year=False)
    new = come(
        "食品添加剂新品种管理办法。" * 20, number="卫生部令第5号", scope="000000",
        title="食品添加剂新品种管理办法", has_year=False, written_on=date(2010, 3, 30),
    )  # fmt: skip
    assert decide([old], new).outcome is Outcome.NEW


def test_a_mirror_that_changes_the_number_is_doubtful(known: Known, said: Any) -> None:
    forged = come(said.TEXT, number="巴南府办〔2024〕55号", trust=Trust.UNKNOWN)
    assert decide([known], forged).outcome is Outcome.CONFLICT


@pytest.mark.parametrize(
    "title",
    [
        "转发巴南区深化医药卫生体制改革实施方案的通知",
        "巴南区深化医药卫生体制改革实施方案（征求意见稿）",
        "关于贯彻落实巴南区深化医药卫生体制改革实施方案的通知",
    ],
)
def test_a_notice_about_a_notice_is_a_work_of_its_own(known: Known, said: Any, title: str) -> None:
    text = "各单位：\n现将文件转发给你们。\n" + said.TEXT
    decision = decide([known], come(text, title=title, number=None))
    assert decision.outcome is Outcome.NEW


def test_without_a_number_another_date_keeps_apart(known: Known, said: Any) -> None:
    nameless = replace(known, number=None)
    later = come(said.TEXT + "补充一段新的要求。", number=None, written_on=date(2025, 3, 26))
    decision = decide([nameless], later)
    assert decision.outcome is Outcome.NEW
    assert "written on" in decision.reasons[0]


def test_without_a_number_or_text_title_body_and_date_suffice(known: Known) -> None:
    scan = come("详见附件。", number=None)
    assert decide([known], scan).outcome is Outcome.COPY
    assert decide([known], replace(scan, issuing_bodies=())).outcome is Outcome.NEW


def test_two_empty_texts_are_not_one(known: Known) -> None:
    empty = replace(known, number=None, title="", title_core="", **wording(""))
    assert decide([empty], come("", number=None, title="")).outcome is Outcome.NEW


def wording(text: str) -> dict[str, Any]:
    return {"wordings": (fingerprint("", text),)}


def seen(known: Known, **fields: Any) -> Known:
    there = {
        "is_original": True,
        "digest": known.wordings[0].text_digest,
        "payload_digest": "sha256:old",
        "reader_version": "1",
    }
    return replace(known, seen_there=SeenThere(**{**there, **fields}))


def test_the_same_url_with_the_same_bytes_is_unchanged(known: Known) -> None:
    decision = decide([seen(known, payload_digest="sha256:new")], come("读法变了"))
    assert decision.outcome is Outcome.UNCHANGED


def test_the_same_url_with_another_wording_is_revised(known: Known, said: Any) -> None:
    decision = decide([seen(known)], come(said.TEXT + "增加一条。"))
    assert (decision.outcome, decision.notice_id) == (Outcome.REVISED, "first")


def test_a_copys_other_wording_revises_nothing(known: Known, said: Any) -> None:
    decision = decide([seen(known, is_original=False)], come(said.TEXT + "责编：小王"))
    assert decision.outcome is Outcome.UNCHANGED


def test_a_url_that_shows_another_document_now_is_no_revision(known: Known) -> None:
    other = come(
        "近期天干物燥，务必防火。" * 20, title="关于防火的通知", number="巴南府办〔2024〕9号"
    )
    assert decide([seen(known)], other).outcome is Outcome.NEW


@pytest.mark.parametrize(
    ("trust", "published", "length", "better"),
    [
        (Trust.ISSUER, date(2024, 4, 9), 100, True),
        (Trust.AGGREGATOR, date(2024, 3, 9), 1000, True),
        (Trust.AGGREGATOR, date(2024, 3, 9), 500, False),
        (Trust.AGGREGATOR, date(2024, 4, 9), 1000, False),
        (Trust.AGGREGATOR, None, 1000, False),
        (Trust.HACKED, date(2020, 1, 1), 1000, False),
    ],
)
def test_the_original_is_chosen_by_trust_then_wholeness_then_date(
    said: Any, trust: Trust, published: date | None, length: int, better: bool
) -> None:
    def row(key: str, trust: Trust, published: date | None) -> dict[str, Any]:
        return {
            "url_key": key,
            "trust": int(trust),
            "published_on": published,
            "first_seen_at": said.NOON,
            "digest": key,
        }

    first = row("a", Trust.AGGREGATOR, date(2024, 4, 1))
    second = row("b", trust, published)
    print_ = fingerprint("", said.TEXT)
    wordings = {"a": replace(print_, length=1000), "b": replace(print_, length=length)}
    for rows in ([first, second], [second, first]):
        assert (original_of(rows, wordings) is second) is better


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("500113", "500108", True),
        ("500113", "500000", False),
        ("230100", "230000", False),
        ("230100", "230200", True),
        ("500113", None, False),
        ("000000", "500113", True),
        ("000000", "000000", False),
    ],
)
def test_a_district_lies_within_its_city_and_not_beside_it(
    a: str, b: str | None, differ: bool
) -> None:
    assert scopes_differ(a, b) is differ


@pytest.mark.parametrize(
    ("a", "b", "one"),
    [
        ("国家卫健委", "国家卫生健康委员会", True),
        ("巴南区人民政府办公室", OFFICE, True),
        ("重庆市人民政府", "重庆市巴南区人民政府", False),
        ("人民政府办公室", OFFICE, False),
        ("南岸区人民政府办公室", OFFICE, False),
    ],
)
def test_a_body_is_known_under_its_shorter_names(a: str, b: str, one: bool) -> None:
    assert is_one_body(a, b) is one


def test_places_are_names_not_words() -> None:
    assert places_in("重庆市巴南区各县区社区卫生服务中心") == ("重庆市", "巴南区")
    text = "各镇街：\n正文\n巴南区卫生健康委员会\n2024年3月26日"
    assert places_of("", (), text) == ("巴南区",)
