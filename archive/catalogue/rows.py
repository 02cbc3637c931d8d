"""What an arrival becomes in each table."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival, SourceFacts
from archive.catalogue.column_types import storable
from archive.catalogue.decide import Arriving
from archive.catalogue.face import Face
from archive.catalogue.likeness import packed
from archive.catalogue.readings import packed_reading
from archive.catalogue.relations import CITES, relations
from archive.notice import Capture, DocumentNumber, Fingerprint, Reading

Row = dict[str, Any]

#: Characters of text kept in the catalogue; the rest stands in the WARC. The longest notices
#: with all their annexes have some hundred thousand.
MOST_TEXT = 5_000_000
#: Citations and attachments kept of one notice; a page with more is a list, not a notice.
MOST_PARTS = 2_000
#: Repairs kept of one notice; a mirror full of pinyin has thousands, all of one kind.
MOST_REPAIRS = 200


def source_row(source: SourceFacts) -> Row:
    """A source as it is now."""
    return {
        "id": source.id,
        "name": source.name,
        "trust": int(source.trust),
        "jurisdiction": source.jurisdiction,
        "issuing_bodies": source.issuing_bodies,
    }


def capture_row(arrival: Arrival) -> Row:
    """A capture's place and what a conditional request needs, not its bytes."""
    capture = arrival.capture
    row = {**_identity(capture), **_answer(capture), "source": arrival.source.id}
    if arrival.reading is not None and arrival.reading.continued_at:
        # A first page that was not modified would say nothing of the pages after it.
        row |= {"etag": None, "last_modified": None}
    return row


def attachment_capture_row(capture: Capture) -> Row:
    """The capture of a file that a notice names."""
    return {**_identity(capture), **_answer(capture), "source": capture.facts.source}


def _identity(capture: Capture) -> Row:
    return {
        "record_id": keys.record_key(capture.record_id),
        "url_key": keys.text_key(capture.url),
        "url": capture.url,
        "captured_at": capture.captured_at,
        "purpose": capture.facts.purpose.value,
        "column": capture.facts.column,
        "run": capture.facts.run,
        "payload_digest": capture.payload_digest[:160],
        "warc_file": capture.place.file,
        "offset": capture.place.offset,
        "length": capture.place.length,
        "revisit_of": keys.record_key(capture.revisit_of) if capture.revisit_of else None,
        "notice_id": None,
        "reader_version": None,
    }


def _answer(capture: Capture) -> Row:
    return {
        "status": capture.status,
        "is_not_modified": capture.is_not_modified,
        "truncated": capture.truncated.value if capture.truncated else None,
        "etag": capture.header("etag"),
        "last_modified": capture.header("last-modified"),
        "media_type": capture.media_type or None,
        "size": capture.size,
    }


def notice_fields(reading: Reading, face: Face, url_key: str, title: str) -> Row:
    """The fields of a notice as one of its sightings shows them."""
    return {
        **_number_fields(reading, face),
        "title": title,
        "title_core": face.title_core,
        "title_key": keys.title_key(face.title_core),
        "index_number": reading.index_number,
        "kind": reading.kind,
        "issuing_bodies": reading.issuing_bodies,
        "jurisdiction": reading.jurisdiction or _own_jurisdiction(face),
        "topics": reading.topics,
        "addressees": reading.addressees,
        "places": face.places,
        "written_on": reading.written_on,
        "published_on": reading.published_on,
        "effective_on": reading.effective_on,
        "validity": reading.validity,
        "original_key": url_key,
        "trust": int(face.trust),
        "flags": _flags(reading, face),
        "repairs": [asdict(repair) for repair in reading.repairs[:MOST_REPAIRS]],
    }


def _number_fields(reading: Reading, face: Face) -> Row:
    """The number as shown, and its parts where it may be believed."""
    parsed = DocumentNumber.parse(face.number) if face.number else None
    return {
        "document_number": _shown_number(reading, face),
        "number_key": keys.number_key(face.number) if face.number else None,
        "scope": face.scope,
        "issuer_code": parsed.issuer_code if parsed else None,
        "number_year": parsed.year if parsed else None,
        "serial": parsed.serial if parsed else None,
    }


def _shown_number(reading: Reading, face: Face) -> str | None:
    """The number as it is printed: 2026年第5号 without the body that it is known by."""
    printed = reading.document_number
    is_part = bool(printed and face.number and face.number.endswith(printed))
    return printed if is_part else face.number or printed


def _own_jurisdiction(face: Face) -> str | None:
    return None if face.scope == "000000" else face.scope


def _flags(reading: Reading, face: Face) -> tuple[str, ...]:
    doubtful = ("doubtful-number",) if reading.document_number and not face.number else ()
    cut = ("text-cut",) if len(reading.text) > MOST_TEXT else ()
    unstorable = ("characters-dropped",) if storable(reading.text) != reading.text else ()
    return tuple(dict.fromkeys((*reading.flags, *doubtful, *cut, *unstorable)))


def shown_title(arrival: Arrival) -> str:
    """The notice's title, or what the list called it when the page has none."""
    reading = arrival.reading
    return (reading.title if reading else None) or arrival.capture.facts.lead_title or ""


def version_row(notice_id: str, number: int, kept: Row, text: str) -> Row:
    """One wording, with its text, from the row of its kept reading."""
    return {
        "notice_id": notice_id,
        "number": number,
        "captured_at": kept["captured_at"],
        "digest": kept["digest"],
        "title": kept["title"],
        "text": text[:MOST_TEXT],
        "record_id": kept["record_id"],
    }


def kept_row(arrival: Arrival, notice_id: str, digest: str) -> Row:
    """What a sighting's latest reading is kept as."""
    capture, reading = arrival.capture, arrival.reading
    assert reading is not None
    return {
        "url_key": keys.text_key(capture.url),
        "notice_id": notice_id,
        "title": shown_title(arrival),
        "captured_at": capture.captured_at,
        "record_id": keys.record_key(capture.record_id),
        "digest": digest,
        "reading": packed_reading(reading),
    }


def wording_row(notice_id: str, wording: Fingerprint) -> Row:
    """What a wording is recognised by."""
    return {
        "notice_id": notice_id,
        "digest": wording.text_digest,
        "title_core": wording.title_core,
        "length": wording.length,
        "figures": wording.figures,
        "minhash": packed(wording.minhash),
        "sample": packed(wording.sample),
    }


def sighting_row(arrival: Arrival, face: Arriving, notice_id: str, *, is_original: bool) -> Row:
    """The notice at this URL."""
    capture = arrival.capture
    return {
        "url_key": keys.text_key(capture.url),
        "notice_id": notice_id,
        "url": capture.url,
        "source": arrival.source.id,
        "trust": int(face.trust),
        "is_original": is_original,
        "published_on": face.published_on,
        "first_seen_at": capture.captured_at,
        "last_seen_at": capture.captured_at,
        "state": "present",
        "digest": face.fingerprint.text_digest,
        "payload_digest": arrival.shown_digest[:160],
        "record_id": keys.record_key(capture.record_id),
        "reader_version": face.reader_version,
        "digests": (face.fingerprint.text_digest,),
        "face": face.kept(),
        "gone_since": None,
        "denials": 0,
        "denied_at": None,
        "look_due_at": None,
    }


def attachment_rows(notice_id: str, reading: Reading) -> list[Row]:
    """The files a notice names, in its order."""
    return [
        {
            "notice_id": notice_id,
            "position": position,
            "title": attachment.title,
            "url": attachment.url,
            "url_key": keys.text_key(attachment.url),
        }
        for position, attachment in enumerate(reading.attachments[:MOST_PARTS])
    ]


def citation_rows(notice_id: str, reading: Reading) -> list[Row]:
    """The numbers and titles a notice cites, in its order, numbers first."""
    cited: list[tuple[str | None, str | None, int | None]] = [
        (number, None, keys.number_key(number)) for number in reading.cited_numbers[:MOST_PARTS]
    ]
    cited += [
        (None, title, keys.cited_title_key(title)) for title in reading.cited_titles[:MOST_PARTS]
    ]
    found = relations(reading)
    return [
        {
            "notice_id": notice_id,
            "position": position,
            "number": number,
            "title": title,
            "cited_key": key if key is not None else 0,
            "relation": found.get(number or title or "", CITES),
        }
        for position, (number, title, key) in enumerate(cited)
    ]
