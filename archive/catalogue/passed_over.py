"""Leads that were passed over for their title, and those that wait to be fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, literal_column, select, update

from archive.catalogue import keys
from archive.catalogue.leads import PATIENCE
from archive.catalogue.tables import LeadRow, SetAsideRow
from archive.notice import Lead, Order, Outcome

#: Why a lead is resolved without being fetched.
OFF_TOPIC = "off topic by its title"
_IN = 500
_LEAD: tuple[Any, ...] = (
    LeadRow.url,
    LeadRow.title,
    LeadRow.source,
    LeadRow.column,
    LeadRow.found_at,
    LeadRow.published_on,
    LeadRow.document_number,
)


def passed_over(connection: Connection, source: str | None) -> Iterator[Lead]:
    """Leads that were set aside for their title and never fetched, in the order of listing."""
    statement = (
        select(*_LEAD)
        .join(SetAsideRow, SetAsideRow.url_key == LeadRow.url_key)
        .where(SetAsideRow.record_id.is_(None), SetAsideRow.reason == OFF_TOPIC)
        .order_by(LeadRow.first_listed_at, LeadRow.url_key)
    )
    if source is not None:
        statement = statement.where(LeadRow.source == source)
    yield from _leads(connection, statement)


def reopen(connection: Connection, urls: Sequence[str]) -> int:
    """Have leads that were passed over be fetched after all; return how many there were."""
    count = 0
    for start in range(0, len(urls), _IN):
        chunk = [keys.text_key(url) for url in urls[start : start + _IN]]
        passed = LeadRow.url_key.in_(
            select(SetAsideRow.url_key).where(
                SetAsideRow.url_key.in_(chunk), SetAsideRow.record_id.is_(None)
            )
        )
        is_aside = LeadRow.outcome == Outcome.SET_ASIDE.value
        opened = update(LeadRow).where(passed, is_aside).values(looked_at=None, outcome=None)
        count += connection.execute(opened).rowcount
        is_one = SetAsideRow.url_key.in_(chunk) & SetAsideRow.record_id.is_(None)
        connection.execute(delete(SetAsideRow).where(is_one))
    return count


def open_leads(
    connection: Connection, source: str, but: Collection[str], limit: int
) -> tuple[Order, ...]:
    """Orders for a source's leads that wait to be fetched, the oldest first."""
    statement = (
        select(*_LEAD)
        .where(LeadRow.source == source, LeadRow.looked_at.is_(literal_column("NULL")))
        .where(LeadRow.failures < PATIENCE)
        .order_by(LeadRow.first_listed_at, LeadRow.url_key)
        .limit(limit)
    )
    if but:
        statement = statement.where(LeadRow.column.not_in(but))
    return tuple(Order(lead=lead, is_new=True) for lead in _leads(connection, statement))


def _leads(connection: Connection, statement: Select[Any]) -> Iterator[Lead]:
    for row in connection.execution_options(yield_per=_IN).execute(statement).mappings():
        yield Lead(**row)
