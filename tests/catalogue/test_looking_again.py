"""Pages that no list names any more: when they are due, and what their silence means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from archive.catalogue import Arrival, Catalogue
from archive.catalogue.looking_again import LEAST_REST, MOST_REST, is_denial
from archive.notice import ChangeKind

DAY = timedelta(days=1)
URL = "https://www.cqbn.gov.cn/5.html"


def lost(said: Any, day: float, url: str = URL, status: int = 404, **headers: str) -> Arrival:
    """The site denies the page, some days after the first look."""
    told = tuple(headers.items())
    return Arrival(
        capture=said.capture(url, day=day, status=status, headers=told), source=said.BANAN
    )


def log(catalogue: Catalogue) -> list[str]:
    return [change.change.value for change in catalogue.changes()]


def test_what_no_list_names_is_due_after_a_while(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival())
    assert catalogue.sightings_to_look_at_again("banan", said.NOON + 20 * DAY) == ()
    (order,) = catalogue.sightings_to_look_at_again("banan", said.NOON + 31 * DAY)
    assert (order.lead.url, order.lead.source, order.lead.column) == (URL, "banan", "zfwj")
    assert (order.is_new, order.etag) == (False, '"0"')
    assert catalogue.sightings_to_look_at_again("nanan", said.NOON + 31 * DAY) == ()


def test_what_a_list_still_names_is_left_to_the_list(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival())
    named = [said.lead(URL)]
    catalogue.take_leads(named, at=said.NOON + 25 * DAY, recheck=7 * DAY)
    assert catalogue.sightings_to_look_at_again("banan", said.NOON + 31 * DAY) == ()
    (order,) = catalogue.sightings_to_look_at_again("banan", said.NOON + 40 * DAY)
    assert order.lead.found_at == "https://www.cqbn.gov.cn/"


def test_each_look_puts_the_next_one_off_the_more_the_older_the_page(
    catalogue: Catalogue, said: Any
) -> None:
    catalogue.record(said.arrival())
    catalogue.record(said.arrival(day=200))
    assert not catalogue.sightings_to_look_at_again("banan", said.NOON + 299 * DAY)
    assert catalogue.sightings_to_look_at_again("banan", said.NOON + 300 * DAY)
    catalogue.record(said.arrival(day=4000))
    assert not catalogue.sightings_to_look_at_again("banan", said.NOON + 4000 * DAY + LEAST_REST)
    assert catalogue.sightings_to_look_at_again("banan", said.NOON + 4000 * DAY + MOST_REST)


def test_the_longest_due_comes_first_and_only_so_many(catalogue: Catalogue, said: Any) -> None:
    for day in range(6):
        words = "".join(chr(0x5000 + day * 900 + n) for n in range(300))
        url = f"https://www.cqbn.gov.cn/{day}.html"
        catalogue.record(
            said.arrival(url, day=5 - day, text=words, title=words[:20], document_number=None)
        )
    found = catalogue.sightings_to_look_at_again("banan", said.NOON + 90 * DAY, limit=3)
    assert [order.lead.url[-6:] for order in found] == ["5.html", "4.html", "3.html"]


@pytest.mark.parametrize("status", [0, 403, 412, 503])
def test_a_look_that_fails_is_no_denial_and_holds_up_no_other(
    catalogue: Catalogue, said: Any, status: int
) -> None:
    catalogue.record(said.arrival())
    failed = said.capture(URL, day=31, status=status)
    catalogue.record(Arrival(capture=failed, source=said.BANAN, set_aside="no whole answer"))
    assert not catalogue.sightings_to_look_at_again("banan", said.NOON + 32 * DAY)
    assert catalogue.notice(catalogue.by_url(URL).id).sightings[0].state == "present"


def test_a_look_without_any_answer_is_put_off(catalogue: Catalogue, said: Any) -> None:
    catalogue.record(said.arrival())
    (order,) = catalogue.sightings_to_look_at_again("banan", said.NOON + 40 * DAY)
    catalogue.fail_lead(order.lead, "no answer", said.NOON + 40 * DAY)
    assert not catalogue.sightings_to_look_at_again("banan", said.NOON + 41 * DAY)
    assert catalogue.sightings_to_look_at_again("banan", said.NOON + 46 * DAY)


def test_a_page_that_stays_away_is_withdrawn_and_may_come_back(
    catalogue: Catalogue, said: Any
) -> None:
    notice_id = catalogue.record(said.arrival()).notice_id
    for day in (30, 35, 43.5):
        catalogue.record(lost(said, day))
        assert log(catalogue) == ["new"]  # a mishap, until it stays away
    (gone,) = catalogue.notice(notice_id).sightings
    assert (gone.state, gone.gone_since) == ("gone", said.NOON + 30 * DAY)
    catalogue.record(lost(said, 44))
    catalogue.record(lost(said, 60))
    assert log(catalogue) == ["new", "withdrawn"]
    view = catalogue.notice(notice_id)
    assert view.withdrawn_at == said.NOON + 30 * DAY
    assert view.statuses[-1].status == "withdrawn"
    catalogue.record(said.arrival(day=90))
    assert log(catalogue) == ["new", "withdrawn", "status"]
    view = catalogue.notice(notice_id)
    assert view.withdrawn_at is None
    assert [one.status for one in view.statuses] == ["withdrawn", "present"]


def test_few_looks_or_many_on_one_day_prove_nothing(catalogue: Catalogue, said: Any) -> None:
    notice_id = catalogue.record(said.arrival()).notice_id
    catalogue.record(lost(said, 30))
    catalogue.record(lost(said, 60))
    catalogue.record(lost(said, 60.1))
    catalogue.record(lost(said, 60.2))
    assert catalogue.notice(notice_id).withdrawn_at is None
    catalogue.record(lost(said, 61))
    assert catalogue.notice(notice_id).withdrawn_at is not None


def test_a_redirect_to_the_home_page_is_a_denial(catalogue: Catalogue, said: Any) -> None:
    notice_id = catalogue.record(said.arrival()).notice_id
    for day in (30, 40, 50):
        catalogue.record(lost(said, day, status=302, location="/index.html"))
    assert catalogue.notice(notice_id).withdrawn_at == said.NOON + 30 * DAY


@pytest.mark.parametrize(
    ("status", "location", "is_it"),
    [
        (301, "https://www.cqbn.gov.cn/", True),
        (302, "//www.cqbn.gov.cn/index.html", True),
        (302, "/404.html", True),
        (302, "/error/", True),
        (301, "https://www.cqbn.gov.cn/zwgk/5.html", False),
        (302, "/zwgk/t20240404_123404.html", False),
        (302, "/?id=5", False),
        (302, "http://[bad", False),
        (302, "", False),
        (410, "", True),
        (403, "/", False),
        (500, "", False),
    ],
)
def test_what_a_denial_is(said: Any, status: int, location: str, is_it: bool) -> None:
    headers = (("Location", location),) if location else ()
    assert is_denial(said.capture(URL, status=status, headers=headers)) is is_it


def test_a_notice_that_moved_within_its_site_is_not_withdrawn(
    catalogue: Catalogue, said: Any
) -> None:
    notice_id = catalogue.record(said.arrival()).notice_id
    catalogue.record(said.arrival("https://www.cqbn.gov.cn/new/5.html", day=20))
    for day in (30, 40, 50):
        catalogue.record(lost(said, day))
    assert catalogue.notice(notice_id).withdrawn_at is None


def test_a_notice_shown_at_a_new_address_is_back(catalogue: Catalogue, said: Any) -> None:
    notice_id = catalogue.record(said.arrival()).notice_id
    for day in (30, 40, 50):
        catalogue.record(lost(said, day))
    catalogue.record(said.arrival("https://www.cqbn.gov.cn/new/5.html", day=60))
    assert log(catalogue) == ["new", "withdrawn", "status", "copy"]
    assert catalogue.notice(notice_id).withdrawn_at is None


def test_what_a_reprinter_takes_down_withdraws_nothing(catalogue: Catalogue, said: Any) -> None:
    url = "http://www.ylqxzb.com/1.html"
    notice_id = catalogue.record(said.arrival(url, said.REPRINTS)).notice_id
    for day in (30, 40, 50):
        arrival = Arrival(capture=said.capture(url, day=day, status=404), source=said.REPRINTS)
        catalogue.record(arrival)
    view = catalogue.notice(notice_id)
    assert (view.sightings[0].state, view.withdrawn_at) == ("gone", None)
    assert ChangeKind.WITHDRAWN not in [change.change for change in catalogue.changes()]
