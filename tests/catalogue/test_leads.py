"""Leads are remembered, taken until they are resolved, and looked at again in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from archive.catalogue import Arrival, Catalogue
from archive.notice import Order, Outcome

WEEK = timedelta(days=7)


def take(catalogue: Catalogue, said: Any, *leads: Any, day: int = 0, **more: Any) -> list[Order]:
    at = said.NOON + timedelta(days=day)
    return list(catalogue.take_leads(leads, at=at, recheck=WEEK, **more))


def test_a_new_lead_is_taken_until_it_is_resolved(catalogue: Catalogue, said: Any) -> None:
    lead = said.lead(said.arrival().capture.url)
    assert [order.is_new for order in take(catalogue, said, lead)] == [True]
    assert [order.is_new for order in take(catalogue, said, lead)] == [True]
    catalogue.record(said.arrival())
    assert take(catalogue, said, lead, day=1) == []


def test_a_known_notice_is_due_again_with_what_a_conditional_request_needs(
    catalogue: Catalogue, said: Any
) -> None:
    arrival = said.arrival()
    lead = said.lead(arrival.capture.url)
    take(catalogue, said, lead)
    catalogue.record(arrival)
    (order,) = take(catalogue, said, lead, day=8)
    assert (order.is_new, order.etag) == (False, '"0"')
    assert order.original.record_id == arrival.capture.record_id
    same = said.capture(lead.url, day=8, status=304, is_not_modified=True)
    catalogue.record(Arrival(capture=same, source=said.BANAN))
    assert take(catalogue, said, lead, day=9) == []
    assert len(take(catalogue, said, lead, day=9, recheck_all=True)) == 1
    assert take(catalogue, said, lead, day=15)[0].etag == '"0"'


def test_orders_keep_the_lists_order_and_each_url_once(catalogue: Catalogue, said: Any) -> None:
    leads = [said.lead(f"https://www.cqbn.gov.cn/{name}") for name in "cabc"]
    orders = take(catalogue, said, *leads)
    assert [order.lead.url[-1] for order in orders] == ["c", "a", "b"]
    assert [order.lead.url[-1] for order in take(catalogue, said, *leads, limit=2)] == ["c", "a"]


def test_a_list_that_is_taken_twice_is_as_new_the_second_time(
    catalogue: Catalogue, said: Any
) -> None:
    leads = [said.lead("https://www.cqbn.gov.cn/a"), said.lead("https://www.cqbn.gov.cn/b")]
    for _ in range(2):
        take(catalogue, said, *leads)
        assert catalogue.are_all_new(leads, said.NOON)
        catalogue.set_aside_leads(leads, "off topic", said.NOON)
    later = said.NOON + WEEK
    take(catalogue, said, *leads, day=7)
    assert not catalogue.are_all_new(leads, later)
    assert not catalogue.are_all_new([], said.NOON)


def test_what_was_set_aside_is_not_taken_again(catalogue: Catalogue, said: Any) -> None:
    lead = said.lead("https://www.cqbn.gov.cn/fire", "关于防火的通知")
    other = said.lead("https://www.cqbn.gov.cn/jobs", "招聘公告")
    take(catalogue, said, lead)
    catalogue.set_aside_leads([lead, other], "not yet", said.NOON - WEEK)
    catalogue.set_aside_leads([lead], "off-topic title", said.NOON)
    view, _ = catalogue.set_asides()
    assert (view.title, view.source, view.reason) == ("关于防火的通知", "banan", "off-topic title")
    assert take(catalogue, said, lead, other, day=30) == []
    assert [view.title for view in catalogue.set_asides(before=said.NOON)] == ["招聘公告"]


def test_a_lead_that_fails_stays_open_but_not_for_ever_at_once(
    catalogue: Catalogue, said: Any
) -> None:
    lead = said.lead("https://www.cqbn.gov.cn/slow")
    take(catalogue, said, lead)
    for _ in range(15):
        assert len(take(catalogue, said, lead)) == 1
        catalogue.fail_lead(lead, "time-out", said.NOON)
    assert take(catalogue, said, lead, day=1) == []
    assert len(take(catalogue, said, lead, day=8)) == 1


def test_an_error_page_leaves_its_lead_open_and_is_listed(catalogue: Catalogue, said: Any) -> None:
    lead = said.lead("https://www.cqbn.gov.cn/broken")
    take(catalogue, said, lead)
    error = said.capture(lead.url, status=503)
    receipt = catalogue.record(Arrival(capture=error, source=said.BANAN))
    assert (receipt.outcome, receipt.reasons) == (Outcome.SET_ASIDE, ("status-503",))
    assert len(take(catalogue, said, lead, day=1)) == 1
    catalogue.record(said.arrival(lead.url, day=1))
    assert catalogue.set_asides() == ()


def test_a_list_of_many_thousand_links_is_bounded(catalogue: Catalogue, said: Any) -> None:
    leads = [said.lead(f"https://www.cqbn.gov.cn/{n}") for n in range(2_500)]
    assert len(take(catalogue, said, *leads)) == 2_000
