"""From what rows say to a Listing: URLs made whole, repeats dropped, everything counted."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from archive.notice import Column, Lead, Listing, split_address
from spiders.link import find_url
from spiders.list_page import ListPage

#: Leads one page may give; real lists show 10 to 100, one JSON list 2,000.
LEAD_LIMIT = 10_000
#: Characters of a title; the longest real ones have about 200.
TITLE_LIMIT = 500
_TAG = re.compile(r"<[^<>]{0,300}>")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one row of a list says, as it stands there."""

    href: str | None
    title: str
    published_on: date | None = None
    document_number: str | None = None


def clean(text: str) -> str:
    """One line of text: white space collapsed, invisible characters gone."""
    return " ".join(_INVISIBLE.sub("", text[: TITLE_LIMIT * 10]).split())


def strip_tags(text: str) -> str:
    """Text of a JSON value that holds a little HTML, such as ``<em>医改</em>``."""
    return clean(html.unescape(_TAG.sub("", text[: TITLE_LIMIT * 10])))


def make_listing(
    page: ListPage,
    column: Column,
    rows: Iterable[Row],
    *,
    next_url: str | None = None,
    total: int | None = None,
    flags: Iterable[str] = (),
) -> Listing:
    """Make a Listing; what did not become a lead is counted in its flags.

    ``rows-without-link:N`` rows with words and no link; ``links-skipped:N`` links that lead
    to no page (javascript:, mailto:, the page itself); ``rows-without-title:N``;
    ``rows-without-date:N``; ``leads-limit`` when there were more than `LEAD_LIMIT`;
    ``no-rows`` when nothing at all was found.
    """
    leads: dict[str, Lead] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        if len(leads) >= LEAD_LIMIT:
            counts["leads-limit"] += 1
            break
        lead = _make_lead(page, column, row, len(leads), counts)
        if lead is not None:
            leads.setdefault(lead.url, lead)
    counts["rows-without-date"] = sum(lead.published_on is None for lead in leads.values())
    said = [name if name == "leads-limit" else f"{name}:{n}" for name, n in counts.items() if n]
    if not leads:
        said.append("no-rows")
    next_url = None if next_url == page.url else next_url
    return Listing(
        leads=tuple(leads.values()),
        next_url=next_url,
        total=total,
        flags=tuple(dict.fromkeys([*page.flags, *flags, *said])),
    )


def _make_lead(
    page: ListPage, column: Column, row: Row, position: int, counts: Counter[str]
) -> Lead | None:
    if row.href is None:
        counts["rows-without-link"] += 1
        return None
    url = find_url(row.href, page.base, encoding=page.encoding)
    if url is None or url in (page.url, split_address(page.url)[0]):
        counts["links-skipped"] += 1
        return None
    title = clean(row.title)[:TITLE_LIMIT]
    if not title:
        counts["rows-without-title"] += 1
        return None
    return Lead(
        url=url,
        title=title,
        source=page.source,
        column=column.id,
        found_at=page.url,
        position=position,
        published_on=row.published_on,
        document_number=clean(row.document_number or "") or None,
    )
