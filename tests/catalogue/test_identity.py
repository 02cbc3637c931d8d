"""The gate of identity: the labelled set, and the order of arrival, which must not matter."""

from __future__ import annotations

import random
import sys
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import labelled_notices as labelled
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.catalogue import Arrival, Catalogue
from archive.catalogue.judge import judge
from archive.catalogue.standing import arriving_of
from archive.notice import AlarmKind

#: Never to be lowered: what is merged wrongly cannot be seen by those who only read.
PRECISION, RECALL = 1.0, 0.99

Outcome = frozenset[tuple[frozenset[str], str, frozenset[str]]]


def notices_of(arrivals: list[Arrival], batch: int = 50) -> Outcome:
    """Each notice as its URLs, its original and the wordings of its versions."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'catalogue.sqlite'}"
        with Catalogue.open(url, create=True) as catalogue:
            for start in range(0, len(arrivals), batch):
                catalogue.record_all(arrivals[start : start + batch])
            return whole(catalogue)


def whole(catalogue: Catalogue) -> Outcome:
    ids = dict.fromkeys(change.notice_id for change in catalogue.changes(limit=100_000))
    views = [view for view in map(catalogue.notice, ids) if view is not None]
    return frozenset(
        (
            frozenset(sighting.url for sighting in view.sightings),
            next(sighting.url for sighting in view.sightings if sighting.is_original),
            frozenset(version.digest for version in view.versions),
        )
        for view in views
    )


def scores(found: Outcome, items: list[labelled.Labelled]) -> labelled.Scores:
    by_url = {url: original for urls, original, _ in found for url in urls}
    return labelled.score(by_url, items)


def tell(items: list[labelled.Labelled], reached: labelled.Scores) -> None:
    """Say what was measured; shown by ``pytest -s`` and by every failure."""
    sys.stdout.write(
        f"{len(items)} arrivals: precision {reached.precision}, recall {reached.recall:.4f}\n"
    )


@cache
def ordered(seed: int) -> tuple[list[labelled.Labelled], Outcome]:
    items = labelled.everything(seed)
    return items, notices_of([one.arrival for one in items])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_labelled_set_is_told_apart(seed: int) -> None:
    items, found = ordered(seed)
    reached = scores(found, items)
    tell(items, reached)
    assert reached.precision == PRECISION, reached.strangers[:5]
    assert reached.recall >= RECALL, reached.missed[:5]


def test_the_labelled_set_gives_the_same_notices_in_any_order() -> None:
    assert ordered(1)[1] == ordered(2)[1]


def test_real_notices_are_told_apart() -> None:
    items = labelled.real_pages()
    if not items:
        pytest.skip("no third-party texts: ../shared/pages/numbers is not there")
    random.Random(3).shuffle(items)
    reached = scores(notices_of([one.arrival for one in items]), items)
    tell(items, reached)
    assert (reached.precision, reached.recall) >= (PRECISION, RECALL), reached.missed[:5]


def test_the_judgement_is_the_same_from_either_side() -> None:
    items = [one.arrival for one in labelled.everything(1) if one.work.startswith(("001", "harb"))]
    faces = [arriving_of(one, one.read, one.fingerprint) for one in items if one.fingerprint]
    for place, one in enumerate(faces):
        for other in faces[place + 1 :: 7]:
            assert judge(one, other) == judge(other, one)


@cache
def a_family() -> tuple[Arrival, ...]:
    """One notice, its neighbour's and its last year's, in many dresses, with revisions."""
    work = next(work for work in labelled.bases() if work.name.startswith("banan-13083322"))
    items = list(labelled.family(work))
    arrivals = [one.arrival for one in items if "/修订" not in one.work]
    revised = work.reading.text.replace("医共体", "医疗卫生共同体")
    for day, text in ((40, revised), (80, revised + "\n本方案自印发之日起施行。")):
        reading = replace(work.reading, text=text)
        arrivals.append(
            labelled.arrive(arrivals[0].capture.url, reading, work.source, day=200 + day)
        )
    return tuple(arrivals)


@cache
def in_their_order() -> Outcome:
    return notices_of(list(a_family()))


@given(st.permutations(range(len(a_family()))), st.integers(1, 30))
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_the_order_of_arrival_does_not_matter(order: list[int], batch: int) -> None:
    assert notices_of([a_family()[place] for place in order], batch) == in_their_order()


def test_two_sites_that_swap_contents_swap_sightings(catalogue: Catalogue) -> None:
    one, other = [work for work in labelled.bases() if work.name.startswith("harbin")][:2]
    urls = ["https://a.example/1.html", "https://b.example/2.html"]
    first = [
        catalogue.record(labelled.arrive(url, work.reading, work.source, day=1))
        for url, work in zip(urls, (one, other), strict=True)
    ]
    swapped = [
        catalogue.record(labelled.arrive(url, work.reading, work.source, day=9))
        for url, work in zip(urls, (other, one), strict=True)
    ]
    assert catalogue.count_notices() == 2
    assert [receipt.notice_id for receipt in swapped] == [first[1].notice_id, first[0].notice_id]
    for receipt, work in zip(first, (one, other), strict=True):
        assert receipt.notice_id is not None
        view = catalogue.notice(receipt.notice_id)
        assert view is not None
        assert view.text == work.reading.text
        assert len(view.versions) == 1


def test_a_mirror_that_changes_the_number_is_kept_apart_and_alarmed(catalogue: Catalogue) -> None:
    work = next(work for work in labelled.bases() if work.name == "001")
    catalogue.record(labelled.arrive("https://a.example/1.html", work.reading, work.source))
    forged = replace(work.reading, document_number="巴南府办〔2024〕55号")
    catalogue.record(labelled.arrive("https://m.example/1.html", forged, labelled.MIRROR))
    assert catalogue.count_notices() == 2
    assert [one.alarm.kind for one in catalogue.alarms()] == [AlarmKind.CONFLICT]


def test_what_bridges_two_notices_puts_them_together_and_the_old_id_leads_on(
    catalogue: Catalogue,
) -> None:
    work = next(work for work in labelled.bases() if work.name == "001")
    lines = work.reading.text.split("\n")
    half = len(lines) // 2
    bare = replace(work.reading, document_number=None, issuing_bodies=(), jurisdiction=None)
    parts = [
        replace(bare, text="\n".join(lines[:half]), title="重磅！新方案来了（上）"),
        replace(bare, text="\n".join(lines[half:]), title="一文读懂医疗新政的后半篇"),
    ]
    ids = [
        catalogue.record(
            labelled.arrive(f"https://r.example/{n}.html", part, labelled.REPRINTS, day=n)
        ).notice_id
        for n, part in enumerate(parts)
    ]
    assert catalogue.count_notices() == 2
    receipt = catalogue.record(
        labelled.arrive("https://a.example/1.html", work.reading, work.source, day=5)
    )
    assert catalogue.count_notices() == 1
    views = [catalogue.notice(one) for one in ids if one]
    assert {view.summary.id for view in views if view} == {receipt.notice_id} & set(ids)
    assert views[0] is not None
    assert views[0].text == work.reading.text
    assert "merged" in [change.change for change in catalogue.changes()]
