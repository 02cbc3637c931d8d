"""Entering arrivals: what is decided of each becomes rows, and a line of the change log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.decide import Arriving, Decision, Known, SeenThere, decide
from archive.catalogue.leads import LeadNews, news_of
from archive.catalogue.rows import (
    attachment_rows,
    capture_row,
    citation_rows,
    notice_fields,
    sighting_row,
    source_row,
    version_row,
    wording_row,
)
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.standing import arriving_of
from archive.catalogue.tables import (
    AttachmentRow,
    ChangeRow,
    CitationRow,
    DecisionRow,
    WordingRow,
)
from archive.notice import (
    Alarm,
    AlarmKind,
    ChangeKind,
    Fingerprint,
    Outcome,
    Purpose,
    Reading,
    Receipt,
    Trust,
)

#: Notices an arrival is compared with at most, the likeliest first.
MOST_COMPARED = 16
#: Of these, notices that share text or title but not the number.
MOST_ALIKE = 8
#: Wordings of one notice that are compared at most, the latest first.
MOST_WORDINGS = 6
_LOST = (404, 410)


class Ledger:
    """One batch of arrivals on its way into the catalogue."""

    def __init__(self, shelf: Shelf, last_seq: int) -> None:
        self._shelf = shelf
        self._seq = last_seq
        self._faces: dict[str, dict[str, Any]] = {}
        self.alarms: list[Alarm] = []
        self.lead_news: list[LeadNews] = []

    def enter_all(self, arrivals: Sequence[Arrival]) -> tuple[Receipt, ...]:
        """Enter arrivals in their order."""
        faces = [_face(arrival) for arrival in arrivals]
        self._fetch(arrivals, faces)
        pairs = zip(arrivals, faces, strict=True)
        return tuple(self._enter(arrival, face) for arrival, face in pairs)

    def _fetch(self, arrivals: Sequence[Arrival], faces: Sequence[Arriving | None]) -> None:
        shelf = self._shelf
        values = [_values(face) for face in faces if face]
        urls = [keys.text_key(arrival.capture.url) for arrival in arrivals]
        shelf.fetch(
            record_ids=[keys.record_key(arrival.capture.record_id) for arrival in arrivals],
            source_ids=[arrival.source.id for arrival in arrivals],
            url_keys=[key for arrival in arrivals for key in arrival.url_keys],
            values=[value for listed in values for value in listed],
        )
        wanted = [one for url in urls for one in shelf.seen_at(url)]
        for listed in values:
            wanted.extend(shelf.sharing(listed, MOST_COMPARED))
        shelf.fetch_notices(wanted)

    # -- one arrival

    def _enter(self, arrival: Arrival, face: Arriving | None) -> Receipt:
        known = self._shelf.captures.get(keys.record_key(arrival.capture.record_id))
        if known is not None:
            return self._again(arrival, face, known)
        self._enter_source(arrival)
        row = capture_row(arrival)
        self._shelf.captures.add(row)
        if arrival.set_aside is not None:
            return self._set_aside(arrival, arrival.set_aside, resolved=not arrival.is_open)
        if face is None:
            return self._evidence(arrival)
        return self._notice(arrival, face, row)

    def _enter_source(self, arrival: Arrival) -> None:
        row = source_row(arrival.source)
        known = self._shelf.sources.get(row["id"])
        if known is None:
            self._shelf.sources.add(row)
        elif known != row:
            self._shelf.sources.change(known, **row)

    def _again(self, arrival: Arrival, face: Arriving | None, known: Row) -> Receipt:
        """A capture that is here already changes nothing, unless it is read better or taken up."""
        receipt = self._receipt_of(arrival, known["record_id"])
        if face is None:
            return receipt
        if receipt.outcome is Outcome.SET_ASIDE:
            return self._notice(arrival, face, known)
        if receipt.notice_id is None or known["reader_version"] == face.reader_version:
            return receipt
        self._shelf.captures.change(known, reader_version=face.reader_version)
        self._reread(arrival, face, receipt.notice_id, known["record_id"])
        return receipt

    def _receipt_of(self, arrival: Arrival, record_id: str) -> Receipt:
        decided = self._shelf.decided.get(record_id)
        if decided is None:
            return _evidence_receipt(arrival)
        return Receipt(
            outcome=Outcome(decided["outcome"]),
            url=decided["url"],
            notice_id=decided["notice_id"],
            version=decided["version"],
            seq=decided["seq"],
            reasons=tuple(decided["reasons"]),
        )

    # -- without a reading

    def _evidence(self, arrival: Arrival) -> Receipt:
        capture = arrival.capture
        if capture.facts.purpose is not Purpose.NOTICE:
            return _evidence_receipt(arrival)
        if capture.is_not_modified or capture.status == 304:
            return self._not_modified(arrival)
        if 300 <= capture.status < 400:
            return _evidence_receipt(arrival)  # where it leads to is a capture of its own
        reason = f"status-{capture.status}" if capture.status else "no-answer"
        if capture.status in _LOST:
            self._lose(arrival)
        return self._set_aside(arrival, reason, resolved=capture.status in _LOST)

    def _not_modified(self, arrival: Arrival) -> Receipt:
        url_key = keys.text_key(arrival.capture.url)
        at = arrival.capture.captured_at
        self.lead_news += news_of(arrival, Outcome.UNCHANGED)
        notice_id = None
        for notice_id in self._shelf.seen_at(url_key):
            self._see_again(url_key, notice_id, at)
        decision = Decision(
            outcome=Outcome.UNCHANGED, notice_id=notice_id, reasons=("the site says not modified",)
        )
        return self._decided(arrival, decision, notice_id)

    def _see_again(self, url_key: str, notice_id: str, at: datetime) -> None:
        row = self._shelf.sightings.get(url_key, notice_id)
        if row is not None and row["state"] != "moved":
            seen_at = max(at, row["last_seen_at"])
            self._shelf.sightings.change(row, last_seen_at=seen_at, state="present")

    def _lose(self, arrival: Arrival) -> None:
        url_key = keys.text_key(arrival.capture.url)
        for notice_id in self._shelf.seen_at(url_key):
            row = self._shelf.sightings.get(url_key, notice_id)
            if row is not None:
                self._shelf.sightings.change(row, state="gone")

    def _set_aside(self, arrival: Arrival, reason: str, *, resolved: bool) -> Receipt:
        capture = arrival.capture
        url_key = keys.text_key(capture.url)
        if resolved:
            self.lead_news += news_of(arrival, Outcome.SET_ASIDE)
        else:
            self.lead_news += news_of(arrival, failure=reason)
        title = arrival.reading.title if arrival.reading else None
        row = {
            "url_key": url_key,
            "url": capture.url,
            "title": title or capture.facts.lead_title or "",
            "source": arrival.source.id,
            "column": capture.facts.column,
            "reason": reason,
            "at": capture.captured_at,
            "record_id": keys.record_key(capture.record_id),
        }
        self._shelf.put_aside(row)
        decision = Decision(outcome=Outcome.SET_ASIDE, reasons=(reason,))
        return self._decided(arrival, decision, None)

    # -- with a reading

    def _notice(self, arrival: Arrival, face: Arriving, capture: Row) -> Receipt:
        reading, fingerprint = arrival.reading, face.fingerprint
        assert reading is not None
        decision = decide(self._known(arrival, face), face)
        notice_id = decision.notice_id or self._new_id(arrival)
        self.lead_news += news_of(arrival, decision.outcome)
        for url_key in arrival.url_keys:
            self._shelf.lift_set_aside(url_key)
        self._shelf.captures.change(
            capture, notice_id=notice_id, reader_version=reading.reader_version
        )
        enter = _ENTRIES[decision.outcome]
        change = enter(self, arrival, face, notice_id, decision)
        self._learn(notice_id, fingerprint, face)
        if decision.outcome is Outcome.CONFLICT:
            self._alarm_conflict(arrival, notice_id, decision)
        return self._decided(arrival, decision, notice_id, change)

    def _new_id(self, arrival: Arrival) -> str:
        capture = arrival.capture
        return keys.notice_id(capture.url, capture.captured_at, capture.payload_digest)

    def _known(self, arrival: Arrival, face: Arriving) -> list[Known]:
        """The notices an arrival might be: seen at its URL, or sharing number, title or text."""
        shelf, url_key = self._shelf, keys.text_key(arrival.capture.url)
        numbered = shelf.sharing(face.number_values, MOST_COMPARED)
        alike = shelf.sharing(face.text_values, MOST_ALIKE)
        ids = dict.fromkeys((*shelf.seen_at(url_key), *numbered, *alike))
        shelf.fetch_notices(ids)
        found = [self._known_notice(one, url_key) for one in ids]
        return sorted(found, key=lambda notice: self._notice_row(notice.id)["first_seen_at"])

    def _notice_row(self, notice_id: str) -> Row:
        row = self._shelf.notices.get(notice_id)
        assert row is not None
        return row

    def _known_notice(self, notice_id: str, url_key: str) -> Known:
        seen = self._shelf.sightings.get(url_key, notice_id)
        wordings = list(self._shelf.wordings.get(notice_id, {}).values())
        return Known(
            id=notice_id,
            wordings=tuple(reversed(wordings[-MOST_WORDINGS:])),
            seen_there=_seen_there(seen) if seen else None,
            **self._face_fields(notice_id),
        )

    def _face_fields(self, notice_id: str) -> dict[str, Any]:
        if notice_id not in self._faces:
            self._faces[notice_id] = _known_face(self._notice_row(notice_id))
        return self._faces[notice_id]

    # -- what each outcome enters

    def _enter_new(
        self, arrival: Arrival, face: Arriving, notice_id: str, decision: Decision
    ) -> ChangeKind:
        del decision
        at, reading = arrival.capture.captured_at, _reading(arrival)
        row = {
            "id": notice_id,
            "seq": 0,
            "version": 1,
            "first_seen_at": at,
            "changed_at": at,
            **notice_fields(arrival, face),
        }
        self._shelf.notices.add(row)
        self._shelf.versions.add(version_row(notice_id, 1, arrival, face))
        self._shelf.see(sighting_row(arrival, face, notice_id, is_original=True))
        self._enter_parts(notice_id, reading)
        return ChangeKind.NEW

    def _enter_copy(
        self, arrival: Arrival, face: Arriving, notice_id: str, decision: Decision
    ) -> ChangeKind:
        better = decision.becomes_original
        if better:
            self._dethrone(notice_id)
        self._shelf.see(sighting_row(arrival, face, notice_id, is_original=better))
        if better:
            self._take_over(arrival, face, notice_id)
        return ChangeKind.COPY

    def _enter_unchanged(
        self, arrival: Arrival, face: Arriving, notice_id: str, decision: Decision
    ) -> ChangeKind | None:
        del decision
        seen = self._seen(arrival, notice_id)
        at = arrival.capture.captured_at
        is_latest = at >= seen["last_seen_at"]
        self._see_again(seen["url_key"], notice_id, at)
        if not is_latest:
            return None
        same_bytes = seen["payload_digest"] == arrival.capture.payload_digest
        better_reader = seen["reader_version"] != face.reader_version
        self._shelf.sightings.change(seen, **_last_read(arrival, face))
        if not seen["is_original"] or face.trust is Trust.HACKED:
            return None
        before = self._notice_row(notice_id)["validity"]
        if better_reader or not same_bytes:
            self._take_over(arrival, face, notice_id)
        after = self._notice_row(notice_id)["validity"]
        if better_reader or same_bytes or before == after or after is None:
            return None
        return ChangeKind.STATUS

    def _enter_revised(
        self, arrival: Arrival, face: Arriving, notice_id: str, decision: Decision
    ) -> ChangeKind:
        del decision
        seen = self._seen(arrival, notice_id)
        self._see_again(seen["url_key"], notice_id, arrival.capture.captured_at)
        self._shelf.sightings.change(seen, **_last_read(arrival, face))
        notice = self._notice_row(notice_id)
        number = notice["version"] + 1
        self._shelf.versions.add(version_row(notice_id, number, arrival, face))
        self._change_notice(notice, arrival, face, version=number)
        self._enter_parts(notice_id, _reading(arrival))
        return ChangeKind.REVISED

    def _reread(self, arrival: Arrival, face: Arriving, notice_id: str, record_id: str) -> None:
        """A better reading of a capture that is here: no news, whatever it says (law 6)."""
        seen = self._shelf.sighting(keys.text_key(arrival.capture.url), notice_id)
        self._shelf.fetch_notices([notice_id])
        if seen is None or seen["record_id"] != record_id:
            return
        self._shelf.sightings.change(seen, **_last_read(arrival, face))
        self._learn(notice_id, face.fingerprint, face)
        if seen["is_original"]:
            self._take_over(arrival, face, notice_id)

    def _take_over(self, arrival: Arrival, face: Arriving, notice_id: str) -> None:
        """Have the notice and its current version read as this sighting does: not a revision."""
        notice = self._notice_row(notice_id)
        version = self._shelf.version(notice_id, notice["version"])
        self._shelf.versions.change(
            version, **version_row(notice_id, notice["version"], arrival, face)
        )
        self._change_notice(notice, arrival, face)
        self._enter_parts(notice_id, _reading(arrival))

    def _change_notice(self, notice: Row, arrival: Arrival, face: Arriving, **others: Any) -> None:
        self._shelf.notices.change(notice, **notice_fields(arrival, face), **others)
        self._faces.pop(notice["id"], None)

    def _seen(self, arrival: Arrival, notice_id: str) -> Row:
        seen = self._shelf.sightings.get(keys.text_key(arrival.capture.url), notice_id)
        assert seen is not None
        return seen

    def _dethrone(self, notice_id: str) -> None:
        notice = self._notice_row(notice_id)
        before = self._shelf.sighting(notice["original_key"], notice_id)
        if before is not None:
            self._shelf.sightings.change(before, is_original=False)

    def _enter_parts(self, notice_id: str, reading: Reading) -> None:
        self._shelf.replace(AttachmentRow, notice_id, attachment_rows(notice_id, reading))
        self._shelf.replace(CitationRow, notice_id, citation_rows(notice_id, reading))

    def _learn(self, notice_id: str, wording: Fingerprint, face: Arriving) -> None:
        """Have the notice recognised by this wording too, from now on."""
        known = self._shelf.wordings.setdefault(notice_id, {})
        if wording.text_digest in known:
            return
        known[wording.text_digest] = wording
        self._shelf.append(WordingRow, wording_row(notice_id, wording))
        self._shelf.shelve_under(notice_id, _values(face))

    # -- what is told

    def _decided(
        self,
        arrival: Arrival,
        decision: Decision,
        notice_id: str | None,
        change: ChangeKind | None = None,
    ) -> Receipt:
        seq = self._announce(arrival, change, notice_id) if change and notice_id else None
        version = self._notice_row(notice_id)["version"] if notice_id else None
        capture = arrival.capture
        record_id = keys.record_key(capture.record_id)
        row = {
            "record_id": record_id,
            "at": capture.captured_at,
            "outcome": decision.outcome.value,
            "notice_id": notice_id,
            "version": version,
            "seq": seq,
            "url_key": keys.text_key(capture.url),
            "url": capture.url,
            "reasons": decision.reasons,
        }
        self._shelf.append(DecisionRow, row)
        self._shelf.decided[record_id] = row
        return self._receipt_of(arrival, record_id)

    def _announce(self, arrival: Arrival, change: ChangeKind, notice_id: str) -> int:
        self._seq += 1
        notice = self._notice_row(notice_id)
        at = arrival.capture.captured_at
        line = {
            "seq": self._seq,
            "at": at,
            "change": change.value,
            "notice_id": notice_id,
            "source": arrival.source.id,
            "url": arrival.capture.url,
            "version": notice["version"],
        }
        self._shelf.append(ChangeRow, line)
        self._shelf.notices.change(notice, seq=self._seq, changed_at=max(at, notice["changed_at"]))
        return self._seq

    def _alarm_conflict(self, arrival: Arrival, notice_id: str, decision: Decision) -> None:
        alarm = Alarm(
            kind=AlarmKind.CONFLICT,
            raised_at=arrival.capture.captured_at,
            expected=f"one notice under one number: {decision.conflicts_with}",
            came=f"{notice_id}: {decision.reasons[0]}",
            to_do=f"Compare the two with `hongtou explain {notice_id}`; both were kept.",
            source=arrival.source.id,
            column=arrival.capture.facts.column,
            url=arrival.capture.url,
        )
        self.alarms.append(alarm)


_ENTRIES = {
    Outcome.NEW: Ledger._enter_new,  # noqa: SLF001 - the class's own methods
    Outcome.CONFLICT: Ledger._enter_new,  # noqa: SLF001
    Outcome.COPY: Ledger._enter_copy,  # noqa: SLF001
    Outcome.UNCHANGED: Ledger._enter_unchanged,  # noqa: SLF001
    Outcome.REVISED: Ledger._enter_revised,  # noqa: SLF001
}


def _face(arrival: Arrival) -> Arriving | None:
    if arrival.reading is None or arrival.set_aside is not None:
        return None
    if arrival.fingerprint is None:
        raise ValueError(f"The reading of {arrival.capture.url} came without its fingerprint.")
    return arriving_of(arrival, arrival.reading, arrival.fingerprint)


def _reading(arrival: Arrival) -> Reading:
    assert arrival.reading is not None
    return arrival.reading


def _values(face: Arriving) -> dict[int, int]:
    return {**face.number_values, **face.text_values}


def _known_face(row: Row) -> dict[str, Any]:
    return {
        "number": row["document_number"] if row["number_key"] is not None else None,
        "scope": row["scope"],
        "title": row["title"],
        "title_core": row["title_core"],
        "kind": row["kind"],
        "issuing_bodies": tuple(row["issuing_bodies"]),
        "places": tuple(row["places"]),
        "written_on": row["written_on"],
        "published_on": row["published_on"],
        "trust": Trust(row["trust"]),
    }


def _seen_there(row: Row) -> SeenThere:
    return SeenThere(
        is_original=row["is_original"],
        digest=row["digest"],
        payload_digest=row["payload_digest"],
        reader_version=row["reader_version"],
    )


def _last_read(arrival: Arrival, face: Arriving) -> dict[str, Any]:
    return {
        "digest": face.fingerprint.text_digest,
        "payload_digest": arrival.capture.payload_digest[:160],
        "record_id": keys.record_key(arrival.capture.record_id),
        "reader_version": face.reader_version,
    }


def _evidence_receipt(arrival: Arrival) -> Receipt:
    purpose = arrival.capture.facts.purpose.value
    return Receipt(
        outcome=Outcome.UNCHANGED,
        url=arrival.capture.url,
        reasons=(f"kept as evidence ({purpose}, status {arrival.capture.status})",),
    )
