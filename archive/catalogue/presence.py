"""Whether a notice is still where it was seen: present, moved, gone, withdrawn, back again."""

from __future__ import annotations

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.looking_again import A_LOOK_APART, due_at, withdrawn_since
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.statuses import note_status
from archive.notice import ChangeKind

_STAYS = {"state": "present", "gone_since": None, "denials": 0, "denied_at": None}


class Presence:
    """What captures tell of the places where notices were seen."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def rest(self, arrival: Arrival) -> None:
        """A page was asked for, whatever came of it: it is not asked for again for a while."""
        at = arrival.capture.captured_at
        for url_key in arrival.url_keys:
            for notice_id in self._shelf.seen_at(url_key):
                row = self._shelf.sightings.get(url_key, notice_id)
                if row is not None and at >= row["last_seen_at"]:
                    self._shelf.sightings.change(row, look_due_at=due_at(row, at))

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
            seen |= _STAYS
        if any(row[name] != value for name, value in seen.items()):
            self._shelf.sightings.change(row, **seen)
        notice = self._shelf.notice(notice_id)
        if first < notice["first_seen_at"]:
            self._shelf.notices.change(notice, first_seen_at=first)
        return self.reconsider(arrival, notice_id)

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
        at = arrival.capture.captured_at
        since, denials = row["gone_since"] or at, row["denials"]
        last = row["denied_at"] if denials else None
        if last is None or abs(at - last) >= A_LOOK_APART:
            denials, last = denials + 1, max(at, last or at)
        self._shelf.sightings.change(
            row, state="gone", gone_since=min(since, at), denials=denials, denied_at=last
        )
        return self.reconsider(arrival, row["notice_id"])

    def reconsider(self, arrival: Arrival, notice_id: str) -> ChangeKind | None:
        """Whether its own sites still show a notice; news when that has changed."""
        notice = self._shelf.notice(notice_id)
        since = withdrawn_since(self._shelf.sightings_of(notice_id))
        if (since is None) == (notice["withdrawn_at"] is None):
            return None
        self._shelf.notices.change(notice, withdrawn_at=since)
        if since is None:
            note_status(self._shelf, arrival, notice_id, "present", "its own site shows it again")
            return ChangeKind.STATUS
        away = arrival.capture.captured_at - since
        told = f"its own site has denied it for {away.days} days, whenever it was asked"
        note_status(self._shelf, arrival, notice_id, "withdrawn", told, since.date())
        return ChangeKind.WITHDRAWN
