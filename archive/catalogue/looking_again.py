"""Looking again at what no list names any more: which pages, how often, and what it means.

A list shows its newest notices. What has left it is looked at ever more seldom, so that a site is
asked for a few old pages a day however many of them the archive holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from sqlalchemy import Connection, and_, func, or_, select, update

from archive.catalogue.captures import latest_answers
from archive.catalogue.keys import text_key
from archive.catalogue.tables import CaptureRow, KeptReadingRow, LeadRow, SightingRow
from archive.notice import Capture, Lead, Order, Trust

Row = Mapping[str, Any]
#: A list that has not named a page for this long has dropped it.
UNLISTED = timedelta(days=14)
#: A page that is there rests half its age between looks, but at least and at most so long.
LEAST_REST = timedelta(days=30)
MOST_REST = timedelta(days=365)
#: A page that its site has denied is asked for again soon; one withdrawn, seldom.
DENIED_REST = timedelta(days=5)
WITHDRAWN_REST = timedelta(days=90)
#: A page stays away when so many looks, each a day or more after the one before, over so long a
#: time were all denied. Less is a mishap: a site rebuilt over a holiday answers 404 for a week.
DENIALS = 3
STAYED_AWAY = timedelta(days=14)
A_LOOK_APART = timedelta(days=1)
#: A site in the hands of others tells nothing of what its issuer withdrew.
_BELIEVED = int(Trust.GOVERNMENT)
_GONE = (404, 410)
#: Where sites send those who ask for what is no longer there.
_HOME = re.compile(r"/?(?:(?:index|default|home|main)\.\w{2,5})?", re.IGNORECASE)
_DENIAL = re.compile(
    r"(?:^|[/_.-])(?:404|410|error|notfound|not_found|nopage)(?=$|[/_.-])", re.IGNORECASE
)
#: Words of an address that is looked through; more is hostile.
_LONGEST = 2_000


def is_denial(capture: Capture) -> bool:
    """Whether a site says that a page is no more: 404, 410, or a redirect to its home page."""
    if capture.status in _GONE:
        return True
    location = capture.header("location") if 300 <= capture.status < 400 else None
    if not location or len(location) > _LONGEST:
        return False
    try:
        asked, led = urlsplit(capture.url), urlsplit(urljoin(capture.url, location))
    except ValueError:  # an address that is none
        return False
    is_home = bool(_HOME.fullmatch(led.path)) and not led.query
    was_home = bool(_HOME.fullmatch(asked.path)) and not asked.query
    return not was_home and (is_home or bool(_DENIAL.search(led.path)))


def due_at(row: Row, looked_at: datetime) -> datetime:
    """When a sighting is looked at again, should no list name it until then."""
    if stayed_away(row):
        return looked_at + WITHDRAWN_REST
    if row["state"] == "gone":
        return looked_at + DENIED_REST
    age: timedelta = looked_at - row["first_seen_at"]
    return looked_at + min(max(age / 2, LEAST_REST), MOST_REST)


def stayed_away(row: Row) -> bool:
    """Whether a sighting was denied often enough, for long enough."""
    if row["state"] != "gone" or row["gone_since"] is None or row["denials"] < DENIALS:
        return False
    return bool(row["denied_at"] - row["gone_since"] >= STAYED_AWAY)


def withdrawn_since(sightings: Iterable[Row]) -> datetime | None:
    """Since when a notice is withdrawn; None while it is not. The same in whatever order.

    It is when all the sites best believed of those that showed it have denied it and stayed by
    it. A notice that merely moved within its site is seen at its new address.
    """
    rows = list(sightings)
    most = max((row["trust"] for row in rows), default=0)
    own = [row for row in rows if row["trust"] == most]
    if most < _BELIEVED or not all(map(stayed_away, own)):
        return None
    since: datetime = max(row["gone_since"] for row in own)
    return since


def to_look_at_again(
    connection: Connection,
    source: str,
    now: datetime,
    *,
    unlisted_for: timedelta = UNLISTED,
    limit: int = 20,
) -> tuple[Order, ...]:
    """Orders for a source's pages that are due and that no list names, the longest due first."""
    is_dropped = or_(LeadRow.last_listed_at.is_(None), LeadRow.last_listed_at < now - unlisted_for)
    statement = (
        select(SightingRow.url_key, SightingRow.url, KeptReadingRow.title, LeadRow.found_at)
        .add_columns(SightingRow.published_on, func.coalesce(LeadRow.column, CaptureRow.column, ""))
        .outerjoin(LeadRow, LeadRow.url_key == SightingRow.url_key)
        .outerjoin(CaptureRow, CaptureRow.record_id == SightingRow.record_id)
        .outerjoin(
            KeptReadingRow,
            and_(
                KeptReadingRow.url_key == SightingRow.url_key,
                KeptReadingRow.notice_id == SightingRow.notice_id,
            ),
        )
        .where(SightingRow.source == source, SightingRow.look_due_at <= now, is_dropped)
        .order_by(SightingRow.look_due_at, SightingRow.url_key)
        .limit(limit)
    )
    found = {row[0]: row for row in connection.execute(statement)}
    answers = latest_answers(connection, list(found))
    return tuple(_order(source, row, answers.get(key)) for key, row in found.items())


def _order(source: str, row: Any, answer: Any) -> Order:
    _, url, title, found_at, published_on, column = row
    lead = Lead(
        url=url,
        title=title or "",
        source=source,
        column=column,
        found_at=found_at or url,
        published_on=published_on,
    )
    if answer is None:
        return Order(lead=lead, is_new=False)
    return Order(
        lead=lead,
        is_new=False,
        etag=answer.etag,
        last_modified=answer.last_modified,
        original=answer.original,
    )


def put_off(connection: Connection, url: str, at: datetime) -> None:
    """A look that led to nothing: it is tried again, but not before others had their turn."""
    there = update(SightingRow).where(SightingRow.url_key == text_key(url))
    is_due = SightingRow.look_due_at < at + DENIED_REST
    connection.execute(there.where(is_due).values(look_due_at=at + DENIED_REST))
