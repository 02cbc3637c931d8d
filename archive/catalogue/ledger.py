"""Entering arrivals: what is decided of each becomes rows, and a line of the change log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.corrections import corrected
from archive.catalogue.decide import Arriving, Decision, Known, decide
from archive.catalogue.face_book import FaceBook
from archive.catalogue.leads import LeadNews, news_of
from archive.catalogue.looking_again import is_denial
from archive.catalogue.mending import as_mended
from archive.catalogue.presence import Presence
from archive.catalogue.rows import (
    capture_row,
    kept_row,
    notice_fields,
    sighting_row,
    source_row,
    version_row,
    wording_row,
)
from archive.catalogue.settling import Settling
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.standing import arriving_of
from archive.catalogue.tables import ChangeRow, DecisionRow, WordingRow
from archive.catalogue.wordings import Wordings
from archive.notice import (
    Alarm,
    AlarmKind,
    ChangeKind,
    Fingerprint,
    Outcome,
    Purpose,
    Receipt,
    Trust,
)

#: Notices an arrival is compared with at most, the likeliest first.
MOST_COMPARED = 24
#: Of these, notices that share text or title but not the number.
MOST_ALIKE = 16
_LOST = (404, 410)


class Ledger:
    """One batch of arrivals on its way into the catalogue."""

    def __init__(self, shelf: Shelf, last_seq: int) -> None:
        self._shelf = shelf
        self._seq = last_seq
        self._faces = FaceBook(shelf)
        self._wordings = Wordings(shelf, self._faces)
        self._presence = Presence(shelf)
        self._contested: tuple[str, ...] = ()
        self.alarms: list[Alarm] = []
        self.lead_news: list[LeadNews] = []

    @property
    def last_seq(self) -> int:
        """The number of the last line written to the change log."""
        return self._seq

    def enter_all(self, arrivals: Sequence[Arrival]) -> tuple[Receipt, ...]:
        """Enter arrivals in their order."""
        arrivals = [self._corrected(arrival) for arrival in arrivals]
        faces = [_face(arrival) for arrival in arrivals]
        self._fetch(arrivals, faces)
        receipts = []
        for place, (arrival, face) in enumerate(zip(arrivals, faces, strict=True)):
            receipt = self._enter(arrival, face)
            if self._contested:
                receipt = self._settle(arrival, receipt)
                self._fetch(arrivals[place + 1 :], faces[place + 1 :])
            receipts.append(receipt)
        return tuple(receipts)

    def _corrected(self, arrival: Arrival) -> Arrival:
        """The arrival as a person has corrected what this page says wrongly."""
        fields = self._shelf.corrections.get(keys.text_key(arrival.capture.url))
        if not fields or arrival.reading is None:
            return arrival
        return replace(arrival, reading=corrected(arrival.reading, fields))

    def _settle(self, arrival: Arrival, receipt: Receipt) -> Receipt:
        """Put the sightings of contested notices in order anew; tell where the arrival went."""
        contested = dict.fromkeys((*self._contested, *filter(None, [receipt.notice_id])))
        self._contested = ()
        self._shelf.start_anew()
        self._faces.clear()
        settling = Settling(self._shelf.connection, self._seq, at=arrival.capture.captured_at)
        settling.settle(list(contested))
        self._seq = settling.seq
        url_key = keys.text_key(arrival.capture.url)
        self._shelf.read_anew.update(dict.fromkeys(settling.moved.values()))
        now = settling.moved.get(url_key)
        if receipt.notice_id is None or now is None:
            return receipt
        return replace(receipt, notice_id=now, reasons=(*receipt.reasons, "put in order anew"))

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
        receipt = self._take_in(arrival, face)
        if arrival.capture.facts.purpose is Purpose.NOTICE:
            self._presence.rest(arrival)
        return receipt

    def _take_in(self, arrival: Arrival, face: Arriving | None) -> Receipt:
        known = self._shelf.captures.get(keys.record_key(arrival.capture.record_id))
        if known is not None:
            return self._again(arrival, face, known)
        self._enter_source(arrival)
        row = capture_row(arrival)
        self._shelf.captures.add(row)
        if arrival.capture.facts.purpose is Purpose.NOTICE and is_denial(arrival.capture):
            lost = self._lose(arrival)
            if lost is not None:
                return lost
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
            if arrival.parts is not None and arrival.set_aside is not None:
                return self._set_aside(arrival, arrival.set_aside, resolved=not arrival.is_open)
            return receipt
        if receipt.outcome is Outcome.SET_ASIDE:
            return self._notice(arrival, face, known)
        is_same_reader = known["reader_version"] == face.reader_version
        if known["notice_id"] is None or (is_same_reader and not arrival.is_reread):
            return self._more_of(arrival, face, known) or receipt
        self._shelf.captures.change(known, reader_version=face.reader_version)
        self._reread(arrival, face, known["notice_id"], known["record_id"])
        return receipt

    def _more_of(self, arrival: Arrival, face: Arriving, known: Row) -> Receipt | None:
        """What another page of a split article changes, where it changes anything."""
        if arrival.parts is None:
            return None
        self._shelf.fetch_notices([known["notice_id"]])
        seen = self._shelf.sighting(keys.text_key(arrival.capture.url), known["notice_id"])
        if seen is None or seen["payload_digest"] == arrival.shown_digest[:160]:
            return None
        return self._notice(arrival, face, known)

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
            self._presence.move(arrival)
            return _evidence_receipt(arrival)  # where it leads to is a capture of its own
        reason = f"status-{capture.status}" if capture.status else "no-answer"
        return self._set_aside(arrival, reason, resolved=capture.status in _LOST)

    def _not_modified(self, arrival: Arrival) -> Receipt:
        url_key = keys.text_key(arrival.capture.url)
        self.lead_news += news_of(arrival, Outcome.UNCHANGED)
        notice_id, change = None, None
        for notice_id in self._shelf.seen_at(url_key):
            change = self._presence.see_again(arrival, notice_id)
        decision = Decision(
            outcome=Outcome.UNCHANGED, notice_id=notice_id, reasons=("the site says not modified",)
        )
        return self._decided(arrival, decision, notice_id, change)

    def _lose(self, arrival: Arrival) -> Receipt | None:
        """A page that showed a notice is not there; None where none was ever seen there."""
        url_key, at = keys.text_key(arrival.capture.url), arrival.capture.captured_at
        receipt = None
        for notice_id in self._shelf.seen_at(url_key):
            row = self._shelf.sightings.get(url_key, notice_id)
            if row is None or at < row["last_seen_at"]:
                continue
            change = self._presence.lose(arrival, row)
            reason = f"gone since {row['gone_since']:%Y-%m-%d} (status {arrival.capture.status})"
            decision = Decision(outcome=Outcome.UNCHANGED, notice_id=notice_id, reasons=(reason,))
            # Not resolved as set aside: it is looked at again, and may come back.
            self.lead_news += news_of(arrival, Outcome.UNCHANGED)
            receipt = self._decided(arrival, decision, notice_id, change)
        return receipt

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
        decision = as_mended(decide(self._known(arrival, face), face), arrival, self._shelf)
        self._contested = decision.contested
        notice_id = decision.notice_id or self._new_id(arrival)
        if arrival.is_incomplete:  # its lead stays open: the missing page is asked for again
            self.lead_news += news_of(arrival, failure="a page of it is missing")
        else:
            self.lead_news += news_of(arrival, decision.outcome)
        for url_key in arrival.url_keys:
            self._shelf.lift_set_aside(url_key)
        self._shelf.captures.change(
            capture, notice_id=notice_id, reader_version=reading.reader_version
        )
        self._learn(notice_id, fingerprint, face)
        enter = Ledger._enter_mended if decision.is_mended else _ENTRIES[decision.outcome]
        change = enter(self, arrival, face, notice_id)
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
        found = [self._faces.known(one, url_key) for one in ids]
        return sorted(found, key=lambda one: (self._shelf.notice(one.id)["first_seen_at"], one.id))

    # -- what each outcome enters

    def _enter_new(self, arrival: Arrival, face: Arriving, notice_id: str) -> ChangeKind | None:
        at, reading = arrival.capture.captured_at, arrival.read
        kept = kept_row(arrival, notice_id, face.fingerprint.text_digest)
        row = {
            "id": notice_id,
            "seq": 0,
            "version": 1,
            "first_seen_at": at,
            "changed_at": at,
            "merged_into": None,
            "withdrawn_at": None,
            **notice_fields(reading, face, face.key, kept["title"]),
        }
        self._shelf.notices.add(row)
        self._shelf.versions.add(version_row(notice_id, 1, kept, reading.text))
        self._shelf.see(sighting_row(arrival, face, notice_id, is_original=True))
        self._shelf.kept.add(kept)
        self._wordings.enter_parts(notice_id, reading)
        return ChangeKind.NEW

    def _enter_copy(self, arrival: Arrival, face: Arriving, notice_id: str) -> ChangeKind | None:
        row = sighting_row(arrival, face, notice_id, is_original=False)
        if self._shelf.sighting(row["url_key"], notice_id) is not None:
            return self._enter_unchanged(arrival, face, notice_id)
        self._shelf.see(row)
        self._shelf.kept.add(kept_row(arrival, notice_id, face.fingerprint.text_digest))
        notice = self._shelf.notice(notice_id)
        first = min(notice["first_seen_at"], arrival.capture.captured_at)
        self._shelf.notices.change(notice, first_seen_at=first)
        self._wordings.choose_original(notice_id)
        if self._presence.reconsider(arrival, notice_id) is not None:
            self._announce(arrival, ChangeKind.STATUS, notice_id)
        return ChangeKind.COPY

    def _enter_unchanged(
        self, arrival: Arrival, face: Arriving, notice_id: str
    ) -> ChangeKind | None:
        seen, at = self._seen(arrival, notice_id), arrival.capture.captured_at
        is_latest = at >= seen["last_seen_at"]
        news = self._presence.see_again(arrival, notice_id)
        is_new_wording = self._wordings.note_wording(seen, face)
        if not is_latest:
            if seen["is_original"] and is_new_wording:
                self._wordings.add_version(arrival, face, notice_id)
            return news
        same_bytes = seen["payload_digest"] == arrival.shown_digest[:160]
        better_reader = seen["reader_version"] != face.reader_version
        before = seen["digest"] if same_bytes and better_reader else None
        self._wordings.sight(arrival, face, seen)
        if same_bytes and not better_reader:
            return news
        kept = self._wordings.keep_reading(arrival, face, notice_id)
        if not seen["is_original"] or face.trust is Trust.HACKED:
            return news
        said = self._wordings.take_over(arrival, face, kept, instead_of=before)
        return said if said is not None and not better_reader else news

    def _enter_revised(self, arrival: Arrival, face: Arriving, notice_id: str) -> ChangeKind | None:
        seen = self._seen(arrival, notice_id)
        is_latest = arrival.capture.captured_at >= seen["last_seen_at"]
        self._presence.see_again(arrival, notice_id)
        is_new_wording = self._wordings.note_wording(seen, face)
        if not is_latest:
            if is_new_wording:
                self._wordings.add_version(arrival, face, notice_id)
            return None  # an earlier wording that comes to light is no news of the notice
        self._wordings.sight(arrival, face, seen)
        self._wordings.take_over(
            arrival, face, self._wordings.keep_reading(arrival, face, notice_id)
        )
        return ChangeKind.REVISED

    def _enter_mended(self, arrival: Arrival, face: Arriving, notice_id: str) -> ChangeKind | None:
        news = self._presence.see_again(arrival, notice_id)
        self._wordings.mend(arrival, face, self._seen(arrival, notice_id))
        return news

    def _reread(self, arrival: Arrival, face: Arriving, notice_id: str, record_id: str) -> None:
        """A better reading of a capture that is here: no news, whatever it says (law 6)."""
        self._shelf.fetch_notices([notice_id])
        seen = self._shelf.sighting(keys.text_key(arrival.capture.url), notice_id)
        if seen is None or seen["record_id"] != record_id:
            return
        before = seen["digest"]
        self._learn(notice_id, face.fingerprint, face)
        self._wordings.sight(arrival, face, seen)
        self._wordings.note_wording(seen, face)
        kept = self._wordings.keep_reading(arrival, face, notice_id)
        if seen["is_original"]:
            self._wordings.take_over(arrival, face, kept, instead_of=before)

    def _seen(self, arrival: Arrival, notice_id: str) -> Row:
        seen = self._shelf.sightings.get(keys.text_key(arrival.capture.url), notice_id)
        assert seen is not None
        return seen

    def _learn(self, notice_id: str, wording: Fingerprint, face: Arriving) -> None:
        """Have the notice recognised by this wording and number too, from now on."""
        known = self._shelf.wordings.setdefault(notice_id, {})
        if wording.text_digest in known:
            self._shelf.shelve_under(notice_id, face.number_values)
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
        version = self._shelf.notice(notice_id)["version"] if notice_id else None
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
        notice = self._shelf.notice(notice_id)
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


def _values(face: Arriving) -> dict[int, int]:
    return {**face.number_values, **face.text_values}


def _evidence_receipt(arrival: Arrival) -> Receipt:
    purpose = arrival.capture.facts.purpose.value
    return Receipt(
        outcome=Outcome.UNCHANGED,
        url=arrival.capture.url,
        reasons=(f"kept as evidence ({purpose}, status {arrival.capture.status})",),
    )
