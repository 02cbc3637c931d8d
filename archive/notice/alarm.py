"""A person should look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.notice.moments import aware_utc


class AlarmKind(StrEnum):
    """What kind of promise was broken."""

    CHALLENGE = "challenge"
    EMPTY_LISTING = "empty_listing"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    MISSING_FIELDS = "missing_fields"
    CONFLICT = "conflict"
    QUIET = "quiet"
    ROBOTS = "robots"
    DAMAGE = "damage"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A broken promise: what was expected, what came, and what to do about it."""

    kind: AlarmKind
    raised_at: datetime
    expected: str
    came: str
    to_do: str
    source: str | None = None
    column: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "raised_at", aware_utc(self.raised_at))
