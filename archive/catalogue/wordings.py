"""How a notice reads: its original, its versions, and what its sightings show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.decide import Arriving
from archive.catalogue.face_book import FaceBook
from archive.catalogue.originals import original_of
from archive.catalogue.readings import unpacked_reading
from archive.catalogue.rows import (
    attachment_rows,
    citation_rows,
    kept_row,
    notice_fields,
    shown_title,
    version_row,
)
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.statuses import note_status
from archive.catalogue.tables import AttachmentRow, CitationRow
from archive.notice import ChangeKind, Reading

#: Wordings kept of one sighting; a page that changes daily is no notice.
MOST_DIGESTS = 24


class Wordings:
    """What captures tell of how notices read."""

    def __init__(self, shelf: Shelf, faces: FaceBook) -> None:
        self._shelf = shelf
        self._faces = faces

    def choose_original(self, notice_id: str) -> None:
        """Have the best of the sightings stand for the notice; no revision, whatever it says."""
        notice = self._shelf.notice(notice_id)
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
        fields = notice_fields(reading, self._faces.of(best), best["url_key"], kept["title"])
        self._shelf.notices.change(notice, version=1, **fields)
        self.enter_parts(notice_id, reading)

    def sight(self, arrival: Arrival, face: Arriving, seen: Row) -> None:
        """Have the sighting be as this capture shows it."""
        self._shelf.sightings.change(seen, **_last_read(arrival, face))
        self._faces.forget(seen)

    def note_wording(self, seen: Row, face: Arriving) -> bool:
        """Have the sighting be known by this wording too; whether it was not before."""
        digest = face.fingerprint.text_digest
        if digest in seen["digests"]:
            return False
        digests = (*seen["digests"], digest)[-MOST_DIGESTS:]
        self._shelf.sightings.change(seen, digests=digests)
        self._faces.forget(seen)
        return True

    def keep_reading(self, arrival: Arrival, face: Arriving, notice_id: str) -> Row:
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

    def mend(self, arrival: Arrival, face: Arriving, seen: Row) -> None:
        """Have more of the wording that was seen there take its place; it is no other version."""
        before = seen["digest"]
        self.sight(arrival, face, seen)
        self.note_wording(seen, face)
        kept = self.keep_reading(arrival, face, seen["notice_id"])
        if seen["is_original"]:
            self.take_over(arrival, face, kept, instead_of=before)

    def add_version(self, arrival: Arrival, face: Arriving, notice_id: str) -> None:
        """Add an earlier wording of the notice that has come to light."""
        number = max(row["number"] for row in self._shelf.versions_of(notice_id)) + 1
        kept = kept_row(arrival, notice_id, face.fingerprint.text_digest)
        self._shelf.versions.add(version_row(notice_id, number, kept, arrival.read.text))

    def take_over(
        self, arrival: Arrival, face: Arriving, kept: Row, *, instead_of: str | None = None
    ) -> ChangeKind | None:
        """Have the notice read as this capture does; news when it says it has lost its force.

        ``instead_of`` is the wording an earlier reader made of the same bytes: it is no version.
        """
        notice_id, reading = kept["notice_id"], arrival.read
        notice = self._shelf.notice(notice_id)
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
        self.enter_parts(notice_id, reading)
        return self._note_validity(arrival, notice, before)

    def enter_parts(self, notice_id: str, reading: Reading) -> None:
        """Have the notice's attachments and citations be those of a reading."""
        self._shelf.replace(AttachmentRow, notice_id, attachment_rows(notice_id, reading))
        self._shelf.replace(CitationRow, notice_id, citation_rows(notice_id, reading))

    def _note_validity(
        self, arrival: Arrival, notice: Row, before: str | None
    ) -> ChangeKind | None:
        after = notice["validity"]
        if after is None or after == before:
            return None
        told = f"the page says {after}" + (f", and said {before} before" if before else "")
        note_status(self._shelf, arrival, notice["id"], after, told)
        return ChangeKind.STATUS


def _last_read(arrival: Arrival, face: Arriving) -> dict[str, Any]:
    return {
        "digest": face.fingerprint.text_digest,
        "payload_digest": arrival.shown_digest[:160],
        "record_id": keys.record_key(arrival.capture.record_id),
        "reader_version": face.reader_version,
        "published_on": face.published_on,
        "trust": int(face.trust),
        "face": face.kept(),
    }


def _of_wording(versions: Sequence[Row], digest: str | None) -> Row | None:
    return next((row for row in versions if row["digest"] == digest), None)
