"""Issuer codes are learnt from believed sites only, in whatever order, and unlearnt as easily."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue import Catalogue, SourceFacts
from archive.catalogue.journal import Judgement, Verb
from archive.catalogue.learnt_codes import Standing, Vote, view_of
from archive.notice import Trust
from archive.notice.issuer_codes import IssuerCode

CODE = "云泽府办"
OFFICE = "云泽市人民政府办公室"
START = datetime(2024, 4, 1, tzinfo=UTC)
YUNZE = SourceFacts(
    id="yunze", name="云泽市", trust=Trust.ISSUER, jurisdiction="330200", issuing_bodies=(OFFICE,)
)


def vote(**stated: Any) -> Vote:
    usual: dict[str, Any] = {
        "body": OFFICE,
        "jurisdiction": "330200",
        "source": "yunze",
        "is_own": True,
        "numbers": 3,
        "first_seen_at": START,
        "example": "a" * 16,
    }
    return Vote(**{**usual, **stated})


def test_three_numbers_on_the_bodys_own_site_teach_a_code() -> None:
    view = view_of(CODE, [vote()], None)
    assert (view.standing, view.bodies, view.jurisdiction) == (
        Standing.LEARNT, (OFFICE,), "330200"
    )  # fmt: skip
    assert (view.numbers, view.sites, view.first_seen_at, view.doubts) == (3, 1, START, ())


@pytest.mark.parametrize(
    "votes",
    [
        [],
        [vote(numbers=2)],
        [vote(is_own=False, jurisdiction=None, numbers=50)],
        [vote(body="人民政府办公室", jurisdiction=None)],
    ],
)
def test_too_little_teaches_nothing(votes: list[Vote]) -> None:
    view = view_of(CODE, votes, None)
    assert view.standing is Standing.OPEN
    assert (view.bodies, view.jurisdiction, view.is_known) == ((), None, False)


def test_two_other_governments_sites_teach_as_well() -> None:
    votes = [vote(is_own=False, jurisdiction=None, source=name, numbers=2) for name in ("a", "b")]
    assert view_of(CODE, votes, None).bodies == (OFFICE,)


def test_a_body_that_was_renamed_or_is_written_short_is_one() -> None:
    votes = [
        vote(body="云泽市卫生健康委员会"),
        vote(body="云泽市卫生局", example="b" * 16),
        vote(body="市卫生健康委", example="c" * 16),
    ]
    view = view_of("云泽卫发", votes, None)
    assert (view.standing, view.bodies, view.numbers) == (
        Standing.LEARNT, ("云泽市卫生健康委员会",), 9
    )  # fmt: skip


def test_a_code_that_two_places_use_is_nobodys() -> None:
    votes = [vote(numbers=40), vote(body="云和县人民政府", jurisdiction="331125", numbers=2)]
    view = view_of("云政发", votes, None)
    assert (view.standing, view.bodies, view.jurisdiction) == (Standing.SHARED, (), None)
    assert any("云和县人民政府" in doubt for doubt in view.doubts)


def test_a_stray_page_among_many_unteaches_nothing_and_is_told() -> None:
    view = view_of(CODE, [vote(numbers=20), vote(body="某县教育局", numbers=1)], None)
    assert view.standing is Standing.LEARNT
    assert view.doubts == ("used by another body, too: 某县教育局 (330200) for 1 numbers",)
    few = view_of(CODE, [vote(numbers=4), vote(body="某县教育局", numbers=1)], None)
    assert not few.is_known


@pytest.mark.parametrize("code", ["政办发", "府办", "卫医发", "人社规"])
def test_a_code_that_names_no_place_is_never_one_bodys(code: str) -> None:
    view = view_of(code, [vote(numbers=500)], None)
    assert (view.standing, view.is_known) == (Standing.SHARED, False)


def test_the_vocabulary_stands_and_what_speaks_against_it_is_told() -> None:
    listed = IssuerCode(
        code="云政发", bodies=("云南省人民政府",), jurisdiction="530000", origin="x"
    )
    other = vote(body="云和县人民政府", jurisdiction="331125", numbers=9)
    view = view_of("云政发", [other], listed)
    assert (view.standing, view.bodies, view.numbers) == (
        Standing.LISTED, ("云南省人民政府",), 0
    )  # fmt: skip
    assert "云和县人民政府" in view.doubts[0]
    assert view_of("云政发", [], replace(listed, jurisdiction=None)).standing is Standing.SHARED


VOTES = st.lists(
    st.builds(
        vote,
        body=st.sampled_from(
            [OFFICE, "云泽市人民政府", "云和县人民政府", "市政府办公室", "财政部"]
        ),
        jurisdiction=st.sampled_from(["330200", "331125", None, "000000"]),
        source=st.sampled_from(["a", "b", "c"]),
        is_own=st.booleans(),
        numbers=st.integers(1, 9),
        example=st.sampled_from(["a" * 16, "b" * 16]),
    ),
    max_size=8,
)


@given(VOTES, st.randoms(use_true_random=False))
def test_the_order_of_arrival_teaches_nothing(votes: list[Vote], chance: random.Random) -> None:
    shuffled = chance.sample(votes, len(votes))
    assert view_of(CODE, votes, None) == view_of(CODE, shuffled, None)


@given(VOTES)
def test_what_is_learnt_was_said_often_enough_by_somebody(votes: list[Vote]) -> None:
    view = view_of(CODE, votes, None)
    if view.is_known:
        assert view.standing is Standing.LEARNT
        assert view.numbers >= 3
        assert view.numbers >= 0.9 * sum(one.numbers for one in votes)
        assert any(one.is_own for one in votes) or view.sites >= 2


# -- of a catalogue


def notices(
    said: Any, numbers: range, source: SourceFacts = YUNZE, body: str = OFFICE, code: str = CODE
) -> list[Any]:
    """One notice a number, of wording of its own, as a site of the body's shows them."""
    return [
        said.arrival(
            f"https://{source.id}.example/{serial}.html",
            source,
            day=serial,
            title=f"{body}关于{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}字第{serial}项工作的通知",
            document_number=f"{code}〔2024〕{serial}号",
            issuing_bodies=(body,) if body else (),
            jurisdiction=source.jurisdiction,
            written_on=date(2024, 3, 1),
            text=f"各单位：\n第{serial}项工作" + f"按{chr(0x4E00 + serial * 7)}类办理。" * 30,
        )
        for serial in numbers
    ]


def standing(catalogue: Catalogue, code: str = CODE) -> Standing:
    return catalogue.codes([code])[0].standing


def test_a_catalogue_learns_from_its_notices_and_says_by_which(
    catalogue: Catalogue, said: Any
) -> None:
    receipts = catalogue.record_all(notices(said, range(1, 4)))
    (view,) = catalogue.codes_here()
    assert (view.code, view.standing, view.bodies, view.jurisdiction) == (
        CODE, Standing.LEARNT, (OFFICE,), "330200"
    )  # fmt: skip
    assert set(view.examples) <= {receipt.notice_id for receipt in receipts}
    assert catalogue.codes(["国办发", "无此代字"])[0].bodies == ("国务院办公厅",)


@pytest.mark.parametrize("trust", [Trust.HACKED, Trust.UNKNOWN, Trust.AGGREGATOR])
def test_no_mirror_and_no_reprint_teaches_or_spoils_a_code(
    catalogue: Catalogue, said: Any, trust: Trust
) -> None:
    spam = SourceFacts(id="spam", name="spam", trust=trust)
    catalogue.record_all(notices(said, range(30, 60), spam, body="某某代办公司"))
    assert standing(catalogue) is Standing.OPEN
    catalogue.record_all(notices(said, range(1, 4)))
    assert standing(catalogue) is Standing.LEARNT
    assert catalogue.codes([CODE])[0].doubts == ()


def test_reprints_of_one_notice_are_one_number(catalogue: Catalogue, said: Any) -> None:
    (one,) = notices(said, range(1, 2))
    sites = [replace(YUNZE, id=f"site{n}") for n in range(6)]
    for day, site in enumerate(sites):
        capture = said.capture(f"https://{site.id}.example/1.html", day=day, payload="one")
        catalogue.record(replace(one, capture=capture, source=site))
    assert standing(catalogue) is Standing.OPEN


def test_a_site_that_is_no_longer_believed_teaches_no_more(catalogue: Catalogue, said: Any) -> None:
    catalogue.record_all(notices(said, range(1, 4)))
    hacked = replace(YUNZE, trust=Trust.HACKED)
    catalogue.record_all(notices(said, range(7, 8), hacked, code="别的办"))
    assert standing(catalogue) is Standing.OPEN


def test_a_person_who_corrects_the_evidence_unteaches_the_code(
    catalogue: Catalogue, said: Any
) -> None:
    receipts = catalogue.record_all(notices(said, range(1, 4)))
    assert standing(catalogue) is Standing.LEARNT
    notice = catalogue.notice(receipts[0].notice_id or "")
    assert notice is not None
    wrong = Judgement(
        verb=Verb.CORRECT, at=START.replace(year=2025), by="她", reason="misread",
        urls=(notice.sightings[0].url,), field_name="document_number", value="另办〔2024〕1号",
    )  # fmt: skip
    catalogue.judge([wrong])
    assert standing(catalogue) is Standing.OPEN


def test_any_order_of_arrival_gives_the_same_codes(
    catalogue: Catalogue, said: Any, tmp_path: Any
) -> None:
    arrivals = [
        *notices(said, range(1, 6)),
        *notices(
            said, range(11, 13), said.NANAN, body="重庆市南岸区人民政府办公室", code="南岸府办"
        ),
        *notices(said, range(21, 23), said.BANAN, body="重庆市巴南区人民政府办公室"),
    ]
    catalogue.record_all(arrivals)
    with Catalogue.open(f"sqlite:///{tmp_path / 'other.sqlite'}", create=True) as other:
        other.record_all(random.Random(3).sample(arrivals, len(arrivals)))
        assert {*other.codes_here()} == {*catalogue.codes_here()}
    assert standing(catalogue) is Standing.SHARED


def test_a_page_without_a_body_has_its_code_said_beside_it(catalogue: Catalogue, said: Any) -> None:
    catalogue.record_all(notices(said, range(1, 4)))
    bare = notices(said, range(5, 6), replace(YUNZE, id="bare"), body="")
    receipt = catalogue.record_all(bare)[0]
    notice = catalogue.notice(receipt.notice_id or "")
    assert notice is not None
    assert notice.summary.issuing_bodies == ()  # what is supposed is no field
    assert notice.code is not None
    assert notice.code.bodies == (OFFICE,)


def test_a_page_of_another_body_under_a_known_code_is_in_doubt(
    catalogue: Catalogue, said: Any
) -> None:
    own = catalogue.record_all(notices(said, range(1, 4)))[0]
    stray = catalogue.record_all(notices(said, range(9, 10), said.REPRINTS, body="某某县教育局"))[0]
    notice, other = (catalogue.notice(one.notice_id or "") for one in (own, stray))
    assert notice is not None
    assert other is not None
    assert notice.code is None
    assert other.code is not None
    assert other.code.bodies == (OFFICE,)


def test_a_wanted_number_says_whom_to_ask(catalogue: Catalogue, said: Any) -> None:
    citing = said.arrival(
        cited_numbers=(f"{CODE}〔2020〕8号", "国办发〔2023〕3号", "无名〔2020〕1号")
    )
    catalogue.record_all([*notices(said, range(1, 4)), citing])
    whose = {one.number: one.issuing_bodies for one in catalogue.wanted(numbers_only=True)}
    assert whose[f"{CODE}〔2020〕8号"] == (OFFICE,)
    assert whose["国办发〔2023〕3号"] == ("国务院办公厅",)
    assert whose["无名〔2020〕1号"] == ()
