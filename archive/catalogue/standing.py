"""How an arrival stands: how far its site is believed, and where its number is unique."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from archive.catalogue.arrival import Arrival, SourceFacts
from archive.catalogue.decide import Arriving
from archive.catalogue.face import Face, years_of
from archive.catalogue.keys import text_key
from archive.catalogue.likeness import kept_form
from archive.catalogue.places import TAIL, is_one_body, places_of
from archive.notice import (
    DocumentNumber,
    Fingerprint,
    NumberForm,
    Reading,
    Trust,
    in_one_script,
)
from archive.notice.official_bodies import official_name

#: Where the nation's own numbers are unique, whatever site shows them.
NATION = "000000"
#: Codes that only central bodies use. Shorter beginnings would catch local ones: 国土资发.
_NATIONAL = re.compile(
    r"国发|国办|国函|国令|国卫|国务院|国家|国医改|中发|中办|中共中央|中华人民共和国"
)
#: The first year with numbered documents of this state.
_FIRST_YEAR = 1949


def arriving_of(arrival: Arrival, reading: Reading, fingerprint: Fingerprint) -> Arriving:
    """What the decision is made from."""
    number = own_number(reading, arrival.capture.captured_at.date())
    source = arrival.source
    title = in_one_script(reading.title or "")
    bodies = tuple(map(in_one_script, reading.issuing_bodies))
    return Arriving(
        key=text_key(arrival.capture.url),
        number=str(number) if number else None,
        has_year=number is None or number.form is not NumberForm.ORDER,
        scope=scope_of(reading, source, number),
        title=title,
        title_core=fingerprint.title_core,
        kind=reading.kind and in_one_script(reading.kind),
        issuing_bodies=bodies,
        places=places_of(title, bodies, in_one_script(reading.text[-TAIL:])),
        text_years=years_of(reading.text),
        written_on=reading.written_on,
        published_on=reading.published_on,
        trust=trust_of(reading, source),
        wordings=(kept_form(fingerprint),),
        payload_digest=arrival.shown_digest,
        reader_version=reading.reader_version,
    )


def as_corrected(face: Face, reading: Reading, name: str) -> Face:
    """The face with one field as a person has corrected the reading."""
    if name == "document_number":
        written = reading.document_number
        number = DocumentNumber.parse(written, labelled=True) if written else None
        has_year = number is None or number.form is not NumberForm.ORDER
        is_national = number is not None and _NATIONAL.match(number.issuer_code)
        scope = NATION if is_national else reading.jurisdiction or face.scope
        return replace(face, number=str(number) if number else None, has_year=has_year, scope=scope)
    if name == "jurisdiction":
        return replace(face, scope=reading.jurisdiction)
    return replace(
        face,
        title=reading.title or "" if name == "title" else face.title,
        kind=reading.kind,
        issuing_bodies=reading.issuing_bodies,
        written_on=reading.written_on,
        published_on=reading.published_on,
    )


def own_number(reading: Reading, seen_on: date) -> DocumentNumber | None:
    """The notice's number where it may be believed; None where it cannot be this notice's.

    A year before 1949 or after the next one is a misprint or a forgery; a year that is not that
    of the date under the signature, nor the one before or after, belongs to another document.
    """
    if not reading.document_number:
        return None
    number = DocumentNumber.parse(in_one_script(reading.document_number), labelled=True)
    number = number and _with_its_body(number, reading)
    if number is None or number.serial >= 2**31 or len(number.issuer_code) > 60:
        return None
    if number.year is None:
        return number
    if not _FIRST_YEAR <= number.year <= seen_on.year + 1:
        return None
    if reading.written_on and abs(number.year - reading.written_on.year) > 1:
        return None
    return number


def _with_its_body(number: DocumentNumber, reading: Reading) -> DocumentNumber:
    """公告 2026年第5号 of two ministries are two: the body that issued it says whose it is."""
    is_bare = number.form is NumberForm.ANNOUNCEMENT and not number.issuer_code
    if not is_bare or not reading.issuing_bodies:
        return number
    body = in_one_script(reading.issuing_bodies[0])[:40]
    body = official_name(body, reading.written_on or reading.published_on)
    title = in_one_script(reading.title or "")
    word = "通告" if "通告" in title or reading.kind == "通告" else "公告"
    return replace(number, issuer_code=f"{body}{word}")


def scope_of(reading: Reading, source: SourceFacts, number: DocumentNumber | None) -> str | None:
    """The jurisdiction in which the number is unique: a GB/T 2260 code, or the nation's."""
    if number is not None and _NATIONAL.match(number.issuer_code):
        return NATION
    if reading.jurisdiction:
        return reading.jurisdiction[:32]
    is_own_site = trust_of(reading, source) is Trust.ISSUER
    return source.jurisdiction if is_own_site else None


def trust_of(reading: Reading, source: SourceFacts) -> Trust:
    """How far the source is believed about this notice.

    A city's own site is the issuer's for the city's notices only; for those of the State
    Council or of its districts it is another government's.
    """
    if source.trust is not Trust.ISSUER or not reading.issuing_bodies:
        return source.trust
    if not source.issuing_bodies:
        return source.trust
    is_theirs = any(
        is_one_body(body, own) for body in reading.issuing_bodies for own in source.issuing_bodies
    )
    return Trust.ISSUER if is_theirs else Trust.GOVERNMENT
