"""What is searched for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Self

from archive.errors import BadQuery
from archive.notice.regions import LEVELS, NATION

LONGEST_QUERY = 200  #: characters
MOST_PHRASES = 12
LARGEST_PAGE = 200  #: hits
DEEPEST_OFFSET = 10_000  #: hits; to go on from there, use ``before``
LARGEST_SEQ = 2**53  #: what a JSON number holds exactly

_REGION = re.compile(r"[1-9][0-9]([0-9]{2}){0,2}|000000")
_PHRASES = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|([^\s"“「]+)|["“「]')
_DATES = ("written_from", "written_to", "published_from", "published_to")
_WORDS = ("region", "level", "source", "kind", "body", "topic")


class Ranking(StrEnum):
    """What comes first."""

    ARRIVAL = "arrival"  #: what was announced last
    RELEVANCE = "relevance"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search: words, filters, order and page.

    Words parted by spaces must all be found; each is looked for exactly, in title, text,
    document number and issuing body. Quotation marks keep words with spaces together.
    """

    text: str = ""
    region: str | None = None  #: GB/T 2260 code or its beginning: 50, 5001, 500113
    level: str | None = None  #: of the region: nation, province, city or county
    source: str | None = None
    kind: str | None = None  #: 文种
    body: str | None = None  #: words of the issuing body's name
    topic: str | None = None
    written_from: date | None = None  #: both ends of a range are within it
    written_to: date | None = None
    published_from: date | None = None
    published_to: date | None = None
    order: Ranking = Ranking.ARRIVAL
    limit: int = 20
    offset: int = 0
    before: int | None = None  #: only what was announced before this seq

    def __post_init__(self) -> None:
        self._check_length()
        if self.region is not None and not _REGION.fullmatch(self.region):
            raise BadQuery(
                f"{self.region!r} is no region.",
                next_step="Give a GB/T 2260 code of two, four or six digits, such as 50 or 500113.",
            )
        if self.level is not None and self.level not in LEVELS:
            raise BadQuery(
                f"There is no level {self.level!r}.", next_step=f"One of: {', '.join(LEVELS)}."
            )
        if not 1 <= self.limit <= LARGEST_PAGE or not 0 <= self.offset <= DEEPEST_OFFSET:
            raise BadQuery(
                f"A page holds 1 to {LARGEST_PAGE} notices and starts at 0 to {DEEPEST_OFFSET}.",
                next_step="Go further back with `before`.",
            )
        if self.before is not None and not 0 <= self.before <= LARGEST_SEQ:
            raise BadQuery("`before` is the seq of a change, counted from 1.")

    def _check_length(self) -> None:
        for name in ("text", *_WORDS):
            if len(getattr(self, name) or "") > LONGEST_QUERY:
                raise BadQuery(f"`{name}` has more than {LONGEST_QUERY} characters.")
        if len(self.phrases) > MOST_PHRASES:
            raise BadQuery(f"More than {MOST_PHRASES} phrases cannot be searched for at once.")

    @property
    def phrases(self) -> tuple[str, ...]:
        """The words to be found, each exactly."""
        found = ("".join(filter(None, match.groups())) for match in _PHRASES.finditer(self.text))
        return tuple(phrase for phrase in found if phrase.strip())

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows the search."""
        return not self.parameters()

    def parameters(self) -> dict[str, str]:
        """Words and filters as URL parameters, without order and page; `read_query` reads them."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        kept = {"q": self.text.strip()}
        kept |= {name: named[name] for name in _WORDS}
        kept |= {name: moment.isoformat() if (moment := named[name]) else "" for name in _DATES}
        return {name: value for name, value in kept.items() if value}

    @classmethod
    def of_parameters(cls, given: Mapping[str, str], **page: Any) -> Self:
        """Read a query from URL parameters; empty ones count as not given.

        Raises:
            BadQuery: A value cannot be understood.
        """
        values: dict[str, Any] = {"text": given.get("q", "").strip()}
        values |= {name: given.get(name, "").strip() or None for name in _WORDS}
        if values["region"]:
            values["region"] = region_prefix(values["region"])
        values |= {name: _date(name, given.get(name, "")) for name in _DATES}
        if order := given.get("order", ""):
            values["order"] = _ranking(order)
        for name in ("limit", "offset", "before"):
            if given.get(name, ""):
                values[name] = _whole_number(name, given[name])
        return cls(**(values | page))


def region_prefix(code: str) -> str:
    """The beginning that all codes of a region share: 500000 → 50, 230100 → 2301."""
    if code == NATION:
        return code
    if re.fullmatch(r"[0-9]{2}0000", code):
        return code[:2]
    return code[:4] if re.fullmatch(r"[0-9]{4}00", code) else code


def _date(name: str, written: str) -> date | None:
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise BadQuery(
            f"`{name}` is no date: {written[:40]!r}.", next_step="Write it as 2024-03-26."
        ) from None


def _ranking(written: str) -> Ranking:
    try:
        return Ranking(written)
    except ValueError:
        raise BadQuery(
            f"There is no order {written[:40]!r}.", next_step="Use `arrival` or `relevance`."
        ) from None


def _whole_number(name: str, written: str) -> int:
    if not re.fullmatch(r"[0-9]{1,16}", written.strip(), re.ASCII):
        raise BadQuery(f"`{name}` is no whole number: {written[:40]!r}.")
    return int(written)
