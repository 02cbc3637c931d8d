"""Leads: remembered when a list shows them, taken until they are resolved, looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, null, select, update

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.captures import latest_answers
from archive.catalogue.tables import LeadRow, SetAsideRow
from archive.notice import Lead, Order, Outcome, aware_utc

#: After this many failures in a row a lead waits as long as a known notice does: five looks of
#: three attempts each.
PATIENCE = 15
_IN = 500


def take(
    connection: Connection,
    leads: Sequence[Lead],
    *,
    at: datetime,
    recheck: timedelta,
    recheck_all: bool,
    limit: int,
) -> tuple[Order, ...]:
    """Remember all leads; return orders for those to fetch, in the list's order."""
    at = aware_utc(at)
    by_key: dict[str, Lead] = {}
    for lead in leads:
        by_key.setdefault(keys.text_key(lead.url), lead)
    known = _known(connection, list(by_key))
    _remember(connection, by_key, known, at)
    due = [
        key
        for key in by_key
        if _is_due(known.get(key), at=at, recheck=recheck, recheck_all=recheck_all)
    ][:limit]
    answers = latest_answers(connection, [key for key in due if _is_resolved(known.get(key))])
    return tuple(_order(by_key[key], known.get(key), answers.get(key)) for key in due)


def are_all_new(connection: Connection, leads: Sequence[Lead], at: datetime) -> bool:
    """Whether the list captured then was the first to show each of these leads.

    It is answered alike when a list is taken again, after a process died over it.
    """
    urls = list({keys.text_key(lead.url) for lead in leads})
    known = _known(connection, urls)
    return bool(urls) and all(
        url in known and known[url]["first_listed_at"] == aware_utc(at) for url in urls
    )


@dataclass(frozen=True, kw_only=True)
class LeadNews:
    """What became of one fetch of a lead: an outcome, or why there is none."""

    url_key: str
    at: datetime
    outcome: Outcome | None = None
    failure: str = ""


def news_of(
    arrival: Arrival, outcome: Outcome | None = None, *, failure: str = ""
) -> list[LeadNews]:
    """What an arrival means for the lead that led to it."""
    at = arrival.capture.captured_at
    return [
        LeadNews(url_key=key, at=at, outcome=outcome, failure=failure) for key in arrival.url_keys
    ]


def note(connection: Connection, news: Sequence[LeadNews]) -> None:
    """Note what became of leads, in the order in which it happened."""
    resolved: dict[str, LeadNews] = {}
    failed: dict[str, list[LeadNews]] = {}
    for one in news:
        if one.outcome is not None:
            resolved[one.url_key] = one
            failed.pop(one.url_key, None)  # they were in a row no longer
        else:
            failed.setdefault(one.url_key, []).append(one)
    resolve(connection, resolved.values())
    rows = [
        {"key": one.url_key, "at": one.at, "why": one.failure}
        for listed in failed.values()
        for one in listed
    ]
    if rows:
        connection.execute(_FAIL, rows)


def resolve(connection: Connection, resolved: Iterable[LeadNews]) -> None:
    """Note that these URLs were looked at and what became of them."""
    rows = [
        {"key": one.url_key, "at": one.at, "became": one.outcome.value}
        for one in resolved
        if one.outcome is not None
    ]
    if rows:
        connection.execute(_RESOLVE, rows)


def set_aside(connection: Connection, leads: Sequence[Lead], reason: str, at: datetime) -> None:
    """Resolve leads that are not fetched at all; for the same reason again changes nothing."""
    by_key = {keys.text_key(lead.url): lead for lead in leads}
    known = _known(connection, list(by_key))
    again = [key for key, row in known.items() if row["outcome"] == Outcome.SET_ASIDE.value]
    for key in _set_aside_for(connection, again, reason):
        del by_key[key]
    _remember(connection, {key: by_key[key] for key in by_key if key not in known}, {}, at)
    resolve(connection, [LeadNews(url_key=key, at=at, outcome=Outcome.SET_ASIDE) for key in by_key])
    rows = [_set_aside_row(key, lead, reason, at) for key, lead in by_key.items()]
    for start in range(0, len(rows), _IN):
        chunk = rows[start : start + _IN]
        is_one = SetAsideRow.url_key.in_([row["url_key"] for row in chunk])
        connection.execute(delete(SetAsideRow).where(is_one))
        connection.execute(insert(SetAsideRow), chunk)


def _set_aside_for(connection: Connection, url_keys: Sequence[str], reason: str) -> Iterable[str]:
    for start in range(0, len(url_keys), _IN):
        is_one = SetAsideRow.url_key.in_(url_keys[start : start + _IN])
        is_it = is_one & (SetAsideRow.reason == reason)
        yield from connection.scalars(select(SetAsideRow.url_key).where(is_it))


def _set_aside_row(key: str, lead: Lead, reason: str, at: datetime) -> dict[str, Any]:
    return {
        "url_key": key,
        "url": lead.url,
        "title": lead.title,
        "source": lead.source,
        "column": lead.column,
        "reason": reason,
        "at": at,
        "record_id": None,
    }


_RESOLVE = (
    update(LeadRow)
    .where(LeadRow.url_key == bindparam("key"))
    .values(
        looked_at=bindparam("at"),
        outcome=bindparam("became"),
        failures=0,
        failed_at=null(),
        failure=null(),
    )
)
_FAIL = (
    update(LeadRow)
    .where(LeadRow.url_key == bindparam("key"))
    .values(failures=LeadRow.failures + 1, failed_at=bindparam("at"), failure=bindparam("why"))
)
_LIST_AGAIN = (
    update(LeadRow)
    .where(LeadRow.url_key == bindparam("key"))
    .values(last_listed_at=bindparam("at"), title=bindparam("name"))
)


def _known(connection: Connection, wanted: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    table = LeadRow.__table__
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), _IN):
        chunk = wanted[start : start + _IN]
        rows = connection.execute(select(table).where(LeadRow.url_key.in_(chunk)))
        found.update({row["url_key"]: row for row in rows.mappings()})
    return found


def _remember(
    connection: Connection,
    leads: Mapping[str, Lead],
    known: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> None:
    new = [_row(key, lead, at) for key, lead in leads.items() if key not in known]
    if new:
        connection.execute(insert(LeadRow), new)
    again = [
        {"key": key, "at": at, "name": lead.title} for key, lead in leads.items() if key in known
    ]
    if again:
        connection.execute(_LIST_AGAIN, again)


def _row(key: str, lead: Lead, at: datetime) -> dict[str, Any]:
    return {
        "url_key": key,
        "url": lead.url,
        "title": lead.title,
        "source": lead.source,
        "column": lead.column,
        "found_at": lead.found_at,
        "published_on": lead.published_on,
        "document_number": lead.document_number,
        "first_listed_at": at,
        "last_listed_at": at,
        "looked_at": None,
        "outcome": None,
        "failures": 0,
        "failed_at": None,
        "failure": None,
    }


def _is_resolved(row: Mapping[str, Any] | None) -> bool:
    return row is not None and row["looked_at"] is not None


def _is_due(
    row: Mapping[str, Any] | None, *, at: datetime, recheck: timedelta, recheck_all: bool
) -> bool:
    if row is None or recheck_all:
        return True
    if row["failures"] >= PATIENCE:
        return bool(row["failed_at"] + recheck <= at)
    if row["looked_at"] is None:
        return True
    # What was set aside is not looked at again by itself: a page off topic stays off topic.
    is_notice = row["outcome"] != Outcome.SET_ASIDE.value
    return is_notice and bool(row["looked_at"] + recheck <= at)


def _order(lead: Lead, row: Mapping[str, Any] | None, answer: Any) -> Order:
    if answer is None:
        is_passed_over = row is not None and row["outcome"] == Outcome.SET_ASIDE.value
        return Order(lead=lead, is_new=is_passed_over or not _is_resolved(row))
    return Order(
        lead=lead,
        is_new=False,
        etag=answer.etag,
        last_modified=answer.last_modified,
        original=answer.original,
    )
