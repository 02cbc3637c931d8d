"""Carrying out a person's judgement on the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from archive.catalogue import keys
from archive.catalogue.corrections import corrected, parsed
from archive.catalogue.faces import face_of_sighting
from archive.catalogue.journal import Judgement, Verb
from archive.catalogue.readings import packed_reading, unpacked_reading
from archive.catalogue.settling import Settling
from archive.catalogue.shelf import Shelf
from archive.catalogue.standing import as_corrected
from archive.catalogue.tables import (
    CorrectionRow,
    JudgementRow,
    KeptReadingRow,
    SightingRow,
    TieRow,
)

#: Pairs that one judgement ties at most; a notice with more sightings is held by those.
MOST_PAIRS = 5_000


def carry_out(connection: Connection, judgement: Judgement, last_seq: int) -> int:
    """Carry out a judgement that was not before; return the last number of the change log."""
    done = select(JudgementRow.id).where(JudgementRow.id == judgement.id)
    if connection.execute(done).first() is not None:
        return last_seq
    row = {"id": judgement.id, "at": judgement.at, "line": judgement.line()}
    connection.execute(insert(JudgementRow), [row])
    settling = Settling(connection, last_seq, at=judgement.at)
    why = f"{judgement.verb} by {judgement.by}: {judgement.reason}"
    mine = [keys.text_key(url) for url in judgement.urls]
    others = [keys.text_key(url) for url in judgement.other_urls]
    if judgement.verb is Verb.CORRECT:
        for notice_id in _correct(connection, judgement, mine):
            settling.correct(notice_id, why)
    else:
        _tie(connection, mine, others, together=judgement.verb is Verb.MERGE)
    standing = _standing_at(connection, mine[:1])
    stays = (mine[0], standing[0]) if standing else ("", "")
    settling.settle(_standing_at(connection, [*mine, *others]), why, stays=stays)
    return settling.seq


def _tie(
    connection: Connection, mine: Sequence[str], others: Sequence[str], *, together: bool
) -> None:
    """Hold two lists of URLs together, by the first of them all, or apart, each from each."""
    across = [tuple(sorted(pair)) for pair in product(mine, others) if pair[0] != pair[1]]
    star = [tuple(sorted((mine[0], one))) for one in (*mine[1:], *others) if one != mine[0]]
    pairs = list(dict.fromkeys((star if together else across)[:MOST_PAIRS]))
    outdated = list(dict.fromkeys((*across[:MOST_PAIRS], *pairs)))
    for start in range(0, len(outdated), 200):
        is_one = tuple_(TieRow.a, TieRow.b).in_(outdated[start : start + 200])
        connection.execute(delete(TieRow).where(is_one))
    if not together:  # nor by way of a third
        mixed = TieRow.together.is_(True) & (TieRow.a.in_(others) | TieRow.b.in_(others))
        connection.execute(delete(TieRow).where(mixed))
    rows = [{"a": a, "b": b, "together": together} for a, b in pairs]
    if rows:
        connection.execute(insert(TieRow), rows)


def _standing_at(connection: Connection, url_keys: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for start in range(0, len(url_keys), 500):
        is_one = SightingRow.url_key.in_(url_keys[start : start + 500])
        rows = select(SightingRow.notice_id).where(is_one).order_by(SightingRow.notice_id)
        found.update(dict.fromkeys(connection.execute(rows).scalars()))
    return list(found)


def _correct(connection: Connection, judgement: Judgement, url_keys: Sequence[str]) -> list[str]:
    """Put a field right at these URLs, now and in every later reading of them."""
    name, value = judgement.field_name, judgement.value
    parsed(name, value)  # what the journal says must be a value of the field
    is_one = CorrectionRow.url_key.in_(list(url_keys))
    connection.execute(delete(CorrectionRow).where(is_one, CorrectionRow.field == name))
    rows = [{"url_key": key, "field": name, "value": value} for key in url_keys]
    connection.execute(insert(CorrectionRow), rows)
    notice_ids = _standing_at(connection, url_keys)
    shelf = Shelf(connection)
    shelf.fetch_notices(notice_ids)
    for notice_id in notice_ids:
        for row in shelf.sightings_of(notice_id):
            if row["url_key"] in url_keys:
                _correct_sighting(shelf, row, name, value)
    return notice_ids


def _correct_sighting(shelf: Shelf, row: dict[str, object], name: str, value: str) -> None:
    url_key, notice_id = str(row["url_key"]), str(row["notice_id"])
    kept = shelf.kept_reading(url_key, notice_id)
    notice = shelf.notices.get(notice_id)
    if kept is None or notice is None:
        return
    reading = corrected(unpacked_reading(kept["reading"]), {name: value})
    face = face_of_sighting(row, notice, shelf.wordings.get(notice_id, {}), shelf.ties)
    face = as_corrected(face, reading, name)
    at = (KeptReadingRow.url_key == url_key) & (KeptReadingRow.notice_id == notice_id)
    title = kept["title"] if name != "title" else reading.title or ""
    values = {"reading": packed_reading(reading), "title": title}
    shelf.connection.execute(update(KeptReadingRow).where(at).values(values))
    there = (SightingRow.url_key == url_key) & (SightingRow.notice_id == notice_id)
    dated = {"published_on": face.published_on, "face": face.kept()}
    shelf.connection.execute(update(SightingRow).where(there).values(dated))
