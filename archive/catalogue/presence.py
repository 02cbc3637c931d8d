"""Whether a notice is still where it was seen: present, moved, gone, withdrawn, back again."""

from __future__ import annotations

from datetime import timedelta

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.statuses import note_status
from archive.notice import ChangeKind

#: A notice that its own site denies for this long is withdrawn; a shorter time is a mishap.
STAYED_AWAY = timedelta(days=3)


class Presence:
    """What captures tell of the places where notices were seen."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def see_again(self, arrival: Arrival, notice_id: str) -> ChangeKind | None:
        """Note that a sighting is there; news only when its notice had been withdrawn."""
        at = arrival.capture.captured_at
        row = self._shelf.sightings.get(keys.text_key(arrival.capture.url), notice_id)
        if row is None:
            return None
        first, last = min(at, row["first_seen_at"]), max(at, row["last_seen_at"])
        seen: Row = {"first_seen_at": first, "last_seen_at": last}
        is_there = row["gone_since"] is None or at >= row["gone_since"]
        if is_there and row["state"] != "present":
            seen |= {"state": "present", "gone_since": None}
        if any(row[name] != value for name, value in seen.items()):
            self._shelf.sightings.change(row, **seen)
        notice = self._shelf.notice(notice_id)
        if first < notice["first_seen_at"]:
            self._shelf.notices.change(notice, first_seen_at=first)
        return self._bring_back(arrival, notice) if is_there and row["is_original"] else None

    def move(self, arrival: Arrival) -> None:
        """A known URL leads elsewhere now, for good or not: what it showed has moved."""
        url_key, at = keys.text_key(arrival.capture.url), arrival.capture.captured_at
        for notice_id in self._shelf.seen_at(url_key):
            row = self._shelf.sightings.get(url_key, notice_id)
            if row is not None and at >= row["last_seen_at"]:
                since = min(at, row["gone_since"] or at)
                self._shelf.sightings.change(row, state="moved", gone_since=since)

    def lose(self, arrival: Arrival, row: Row) -> ChangeKind | None:
        """A site denies a notice that it showed: gone at first, in time withdrawn."""
        since = min(arrival.capture.captured_at, row["gone_since"] or arrival.capture.captured_at)
        self._shelf.sightings.change(row, state="gone", gone_since=since)
        return self._withdraw(arrival, row)

    def _bring_back(self, arrival: Arrival, notice: Row) -> ChangeKind | None:
        if notice["withdrawn_at"] is None:
            return None
        self._shelf.notices.change(notice, withdrawn_at=None)
        note_status(self._shelf, arrival, notice["id"], "present", "its own site shows it again")
        return ChangeKind.STATUS

    def _withdraw(self, arrival: Arrival, row: Row) -> ChangeKind | None:
        at, notice = arrival.capture.captured_at, self._shelf.notice(row["notice_id"])
        away = at - row["gone_since"]
        if not row["is_original"] or away < STAYED_AWAY or notice["withdrawn_at"] is not None:
            return None
        self._shelf.notices.change(notice, withdrawn_at=row["gone_since"])
        told = f"its own site has denied it for {away.days} days"
        since = row["gone_since"].date()
        note_status(self._shelf, arrival, notice["id"], "withdrawn", told, since)
        return ChangeKind.WITHDRAWN
