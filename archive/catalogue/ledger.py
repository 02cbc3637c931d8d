"""Entering arrivals: what is decided of each becomes rows, and a line of the change log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.corrections import corrected
from archive.catalogue.decide import Arriving, Decision, Known, SeenThere, decide
from archive.catalogue.face import Face
from archive.catalogue.faces import face_of_sighting, known_face, representatives
from archive.catalogue.leads import LeadNews, news_of
from archive.catalogue.originals import original_of
from archive.catalogue.readings import unpacked_reading
from archive.catalogue.rows import (
    attachment_rows,
    capture_row,
    citation_rows,
    kept_row,
    notice_fields,
    shown_title,
    sighting_row,
    source_row,
    version_row,
    wording_row,
)
from archive.catalogue.settling import Settling
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.standing import arriving_of
from archive.catalogue.statuses import status_row
from archive.catalogue.tables import (
    AttachmentRow,
    ChangeRow,
    CitationRow,
    DecisionRow,
    StatusRow,
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
MOST_COMPARED = 24
#: Of these, notices that share text or title but not the number.
MOST_ALIKE = 16
#: Wordings kept of one sighting; a page that changes daily is no notice.
MOST_DIGESTS = 24
_LOST = (404, 410)
#: A notice that its own site denies for this long is withdrawn; a shorter time is a mishap.
STAYED_AWAY = timedelta(days=3)


class Ledger:
    """One batch of arrivals on its way into the catalogue."""

    def __init__(self, shelf: Shelf, last_seq: int) -> None:
        self._shelf = shelf
        self._seq = last_seq
        self._faces: dict[tuple[str, str], Face] = {}
        self._contested: tuple[str, ...] = ()
        self.alarms: list[Alarm] = []
        self.lead_news: list[LeadNews] = []

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
        known = self._shelf.captures.get(keys.record_key(arrival.capture.record_id))
        if known is not None:
            return self._again(arrival, face, known)
        self._enter_source(arrival)
        row = capture_row(arrival)
        self._shelf.captures.add(row)
        if arrival.capture.status in _LOST and arrival.capture.facts.purpose is Purpose.NOTICE:
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
            return receipt
        if receipt.outcome is Outcome.SET_ASIDE:
            return self._notice(arrival, face, known)
        if known["notice_id"] is None or known["reader_version"] == face.reader_version:
            return receipt
        self._shelf.captures.change(known, reader_version=face.reader_version)
        self._reread(arrival, face, known["notice_id"], known["record_id"])
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
            self._move(arrival)
            return _evidence_receipt(arrival)  # where it leads to is a capture of its own
        reason = f"status-{capture.status}" if capture.status else "no-answer"
        return self._set_aside(arrival, reason, resolved=capture.status in _LOST)

    def _not_modified(self, arrival: Arrival) -> Receipt:
        url_key = keys.text_key(arrival.capture.url)
        self.lead_news += news_of(arrival, Outcome.UNCHANGED)
        notice_id, change = None, None
        for notice_id in self._shelf.seen_at(url_key):
            change = self._see_again(arrival, notice_id)
        decision = Decision(
            outcome=Outcome.UNCHANGED, notice_id=notice_id, reasons=("the site says not modified",)
        )
        return self._decided(arrival, decision, notice_id, change)

    def _see_again(self, arrival: Arrival, notice_id: str) -> ChangeKind | None:
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
        notice = self._notice_row(notice_id)
        if first < notice["first_seen_at"]:
            self._shelf.notices.change(notice, first_seen_at=first)
        return self._bring_back(arrival, notice) if is_there and row["is_original"] else None

    def _bring_back(self, arrival: Arrival, notice: Row) -> ChangeKind | None:
        if notice["withdrawn_at"] is None:
            return None
        self._shelf.notices.change(notice, withdrawn_at=None)
        self._note_status(arrival, notice["id"], "present", "its own site shows it again")
        return ChangeKind.STATUS

    def _note_status(
        self, arrival: Arrival, notice_id: str, status: str, told: str, since: date | None = None
    ) -> None:
        evidence = keys.record_key(arrival.capture.record_id)
        at = arrival.capture.captured_at
        row = status_row(notice_id, status, at=at, evidence=evidence, told=told, since=since)
        self._shelf.append(StatusRow, row)

    def _move(self, arrival: Arrival) -> None:
        """A known URL leads elsewhere now, for good or not: what it showed has moved."""
        url_key, at = keys.text_key(arrival.capture.url), arrival.capture.captured_at
        for notice_id in self._shelf.seen_at(url_key):
            row = self._shelf.sightings.get(url_key, notice_id)
            if row is not None and at >= row["last_seen_at"]:
                since = min(at, row["gone_since"] or at)
                self._shelf.sightings.change(row, state="moved", gone_since=since)

    def _lose(self, arrival: Arrival) -> Receipt | None:
        """A known URL does not show its notice any more: gone at first, in time withdrawn."""
        url_key, at = keys.text_key(arrival.capture.url), arrival.capture.captured_at
        receipt = None
        for notice_id in self._shelf.seen_at(url_key):
            row = self._shelf.sightings.get(url_key, notice_id)
            if row is None or at < row["last_seen_at"]:
                continue
            since = min(at, row["gone_since"] or at)
            self._shelf.sightings.change(row, state="gone", gone_since=since)
            reason = f"gone since {since:%Y-%m-%d} (status {arrival.capture.status})"
            decision = Decision(outcome=Outcome.UNCHANGED, notice_id=notice_id, reasons=(reason,))
            # Not resolved as set aside: it is looked at again, and may come back.
            self.lead_news += news_of(arrival, Outcome.UNCHANGED)
            receipt = self._decided(arrival, decision, notice_id, self._withdraw(arrival, row))
        return receipt

    def _withdraw(self, arrival: Arrival, row: Row) -> ChangeKind | None:
        at, notice = arrival.capture.captured_at, self._notice_row(row["notice_id"])
        away = at - row["gone_since"]
        if not row["is_original"] or away < STAYED_AWAY or notice["withdrawn_at"] is not None:
            return None
        self._shelf.notices.change(notice, withdrawn_at=row["gone_since"])
        told = f"its own site has denied it for {away.days} days"
        since = row["gone_since"].date()
        self._note_status(arrival, notice["id"], "withdrawn", told, since)
        return ChangeKind.WITHDRAWN

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
        self._contested = decision.contested
        notice_id = decision.notice_id or self._new_id(arrival)
        self.lead_news += news_of(arrival, decision.outcome)
        for url_key in arrival.url_keys:
            self._shelf.lift_set_aside(url_key)
        self._shelf.captures.change(
            capture, notice_id=notice_id, reader_version=reading.reader_version
        )
        self._learn(notice_id, fingerprint, face)
        change = _ENTRIES[decision.outcome](self, arrival, face, notice_id)
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
        return sorted(found, key=lambda one: (self._notice_row(one.id)["first_seen_at"], one.id))

    def _notice_row(self, notice_id: str) -> Row:
        row = self._shelf.notices.get(notice_id)
        assert row is not None
        return row

    def _known_notice(self, notice_id: str, url_key: str) -> Known:
        seen = self._shelf.sightings.get(url_key, notice_id)
        wordings = self._shelf.wordings.get(notice_id, {})
        there = [wordings[one] for one in seen["digests"] if one in wordings] if seen else []
        sightings = representatives(self._shelf.sightings_of(notice_id))
        return Known(
            id=notice_id,
            wordings=tuple(there or wordings.values()),
            seen_there=_seen_there(seen) if seen else None,
            sightings=tuple(self._face_of(row) for row in sightings),
            **known_face(self._notice_row(notice_id)),
        )

    def _face_of(self, row: Row) -> Face:
        key = (row["url_key"], row["notice_id"])
        if key not in self._faces:
            notice = self._notice_row(row["notice_id"])
            wordings = self._shelf.wordings.get(row["notice_id"], {})
            self._faces[key] = face_of_sighting(row, notice, wordings, self._shelf.ties)
        return self._faces[key]

    # -- what each outcome enters

    def _enter_new(self, arrival: Arrival, face: Arriving, notice_id: str) -> ChangeKind | None:
        at, reading = arrival.capture.captured_at, _reading(arrival)
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
        self._enter_parts(notice_id, reading)
        return ChangeKind.NEW

    def _enter_copy(self, arrival: Arrival, face: Arriving, notice_id: str) -> ChangeKind | None:
        row = sighting_row(arrival, face, notice_id, is_original=False)
        if self._shelf.sighting(row["url_key"], notice_id) is not None:
            return self._enter_unchanged(arrival, face, notice_id)
        self._shelf.see(row)
        self._shelf.kept.add(kept_row(arrival, notice_id, face.fingerprint.text_digest))
        notice = self._notice_row(notice_id)
        first = min(notice["first_seen_at"], arrival.capture.captured_at)
        self._shelf.notices.change(notice, first_seen_at=first)
        self._choose_original(notice_id)
        return ChangeKind.COPY

    def _choose_original(self, notice_id: str) -> None:
        """Have the best of the sightings stand for the notice; no revision, whatever it says."""
        notice = self._notice_row(notice_id)
        sightings = self._shelf.sightings_of(notice_id)
        best = original_of(sightings, self._shelf.wordings[notice_id])
        before = next((row for row in sightings if row["is_original"]), None)
        if before is best:
            return
        if before is not None:
            self._shelf.sightings.change(before, is_original=False)
        self._shelf.sightings.change(best, is_original=True)
        for version in self._shelf.versions_of(notice_id):
            self._shelf.versions.drop(version)
        kept = self._shelf.kept_reading(best["url_key"], notice_id)
        assert kept is not None
        reading = unpacked_reading(kept["reading"])
        self._shelf.versions.put(version_row(notice_id, 1, kept, reading.text))
        fields = notice_fields(reading, self._face_of(best), best["url_key"], kept["title"])
        self._shelf.notices.change(notice, version=1, **fields)
        self._enter_parts(notice_id, reading)

    def _enter_unchanged(
        self, arrival: Arrival, face: Arriving, notice_id: str
    ) -> ChangeKind | None:
        seen, at = self._seen(arrival, notice_id), arrival.capture.captured_at
        is_latest = at >= seen["last_seen_at"]
        news = self._see_again(arrival, notice_id)
        is_new_wording = self._note_wording(seen, face)
        if not is_latest:
            if seen["is_original"] and is_new_wording:
                self._add_version(arrival, face, notice_id)
            return news
        same_bytes = seen["payload_digest"] == arrival.capture.payload_digest
        better_reader = seen["reader_version"] != face.reader_version
        before = seen["digest"] if same_bytes and better_reader else None
        self._sight(arrival, face, seen)
        if same_bytes and not better_reader:
            return news
        kept = self._keep_reading(arrival, face, notice_id)
        if not seen["is_original"] or face.trust is Trust.HACKED:
            return news
        said = self._take_over(arrival, face, kept, instead_of=before)
        return said if said is not None and not better_reader else news

    def _enter_revised(self, arrival: Arrival, face: Arriving, notice_id: str) -> ChangeKind | None:
        seen = self._seen(arrival, notice_id)
        is_latest = arrival.capture.captured_at >= seen["last_seen_at"]
        self._see_again(arrival, notice_id)
        is_new_wording = self._note_wording(seen, face)
        if not is_latest:
            if is_new_wording:
                self._add_version(arrival, face, notice_id)
            return None  # an earlier wording that comes to light is no news of the notice
        self._sight(arrival, face, seen)
        self._take_over(arrival, face, self._keep_reading(arrival, face, notice_id))
        return ChangeKind.REVISED

    def _sight(self, arrival: Arrival, face: Arriving, seen: Row) -> None:
        """Have the sighting be as this capture shows it."""
        self._shelf.sightings.change(seen, **_last_read(arrival, face))
        self._faces.pop((seen["url_key"], seen["notice_id"]), None)

    def _keep_reading(self, arrival: Arrival, face: Arriving, notice_id: str) -> Row:
        """Keep this reading of the sighting; the time is that of the wording's first capture."""
        fresh = kept_row(arrival, notice_id, face.fingerprint.text_digest)
        kept = self._shelf.kept_reading(fresh["url_key"], notice_id)
        if kept is None:
            self._shelf.kept.add(fresh)
            return fresh
        if kept["digest"] == fresh["digest"] and kept["captured_at"] <= fresh["captured_at"]:
            fresh |= {"captured_at": kept["captured_at"], "record_id": kept["record_id"]}
        self._shelf.kept.change(kept, **fresh)
        return kept

    def _note_wording(self, seen: Row, face: Arriving) -> bool:
        """Have the sighting be known by this wording too; whether it was not before."""
        digest = face.fingerprint.text_digest
        if digest in seen["digests"]:
            return False
        digests = (*seen["digests"], digest)[-MOST_DIGESTS:]
        self._shelf.sightings.change(seen, digests=digests)
        self._faces.pop((seen["url_key"], seen["notice_id"]), None)
        return True

    def _add_version(self, arrival: Arrival, face: Arriving, notice_id: str) -> None:
        """Add an earlier wording of the notice that has come to light."""
        number = max(row["number"] for row in self._shelf.versions_of(notice_id)) + 1
        kept = kept_row(arrival, notice_id, face.fingerprint.text_digest)
        self._shelf.versions.add(version_row(notice_id, number, kept, _reading(arrival).text))

    def _reread(self, arrival: Arrival, face: Arriving, notice_id: str, record_id: str) -> None:
        """A better reading of a capture that is here: no news, whatever it says (law 6)."""
        self._shelf.fetch_notices([notice_id])
        seen = self._shelf.sighting(keys.text_key(arrival.capture.url), notice_id)
        if seen is None or seen["record_id"] != record_id:
            return
        before = seen["digest"]
        self._learn(notice_id, face.fingerprint, face)
        self._sight(arrival, face, seen)
        self._note_wording(seen, face)
        kept = self._keep_reading(arrival, face, notice_id)
        if seen["is_original"]:
            self._take_over(arrival, face, kept, instead_of=before)

    def _take_over(
        self, arrival: Arrival, face: Arriving, kept: Row, *, instead_of: str | None = None
    ) -> ChangeKind | None:
        """Have the notice read as this capture does; news when it says it has lost its force.

        ``instead_of`` is the wording an earlier reader made of the same bytes: it is no version.
        """
        notice_id, reading = kept["notice_id"], _reading(arrival)
        notice = self._notice_row(notice_id)
        versions = self._shelf.versions_of(notice_id)
        known = _of_wording(versions, kept["digest"]) or _of_wording(versions, instead_of)
        number = known["number"] if known else max(row["number"] for row in versions) + 1
        row = version_row(notice_id, number, kept, reading.text)
        if known is None:
            self._shelf.versions.add(row)
        else:
            earlier = min(known, row, key=lambda one: one["captured_at"])
            row |= {"captured_at": earlier["captured_at"], "record_id": earlier["record_id"]}
            self._shelf.versions.change(known, **row)
        before = notice["validity"]
        fields = notice_fields(reading, face, face.key, shown_title(arrival))
        self._shelf.notices.change(notice, version=number, **fields)
        self._enter_parts(notice_id, reading)
        return self._note_validity(arrival, notice, before)

    def _note_validity(
        self, arrival: Arrival, notice: Row, before: str | None
    ) -> ChangeKind | None:
        after = notice["validity"]
        if after is None or after == before:
            return None
        told = f"the page says {after}" + (f", and said {before} before" if before else "")
        self._note_status(arrival, notice["id"], after, told)
        return ChangeKind.STATUS

    def _seen(self, arrival: Arrival, notice_id: str) -> Row:
        seen = self._shelf.sightings.get(keys.text_key(arrival.capture.url), notice_id)
        assert seen is not None
        return seen

    def _enter_parts(self, notice_id: str, reading: Reading) -> None:
        self._shelf.replace(AttachmentRow, notice_id, attachment_rows(notice_id, reading))
        self._shelf.replace(CitationRow, notice_id, citation_rows(notice_id, reading))

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


def _seen_there(row: Row) -> SeenThere:
    return SeenThere(
        is_original=row["is_original"],
        digest=row["digest"],
        payload_digest=row["payload_digest"],
        reader_version=row["reader_version"],
        digests=tuple(row["digests"]),
    )


def _last_read(arrival: Arrival, face: Arriving) -> dict[str, Any]:
    return {
        "digest": face.fingerprint.text_digest,
        "payload_digest": arrival.capture.payload_digest[:160],
        "record_id": keys.record_key(arrival.capture.record_id),
        "reader_version": face.reader_version,
        "published_on": face.published_on,
        "trust": int(face.trust),
        "face": face.kept(),
    }


def _of_wording(versions: Sequence[Row], digest: str | None) -> Row | None:
    return next((row for row in versions if row["digest"] == digest), None)


def _evidence_receipt(arrival: Arrival) -> Receipt:
    purpose = arrival.capture.facts.purpose.value
    return Receipt(
        outcome=Outcome.UNCHANGED,
        url=arrival.capture.url,
        reasons=(f"kept as evidence ({purpose}, status {arrival.capture.status})",),
    )
