"""Carrying out a new order of sightings: notices are put together, taken apart, announced.

Rare, so it works on the tables directly. A notice that is put together with another keeps its
lines in the change log and leads to the other for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from archive.catalogue import keys
from archive.catalogue.clusters import clusters
from archive.catalogue.decide import group_verdict
from archive.catalogue.face import Face
from archive.catalogue.faces import face_of_sighting, representatives
from archive.catalogue.likeness import number_values, values_of
from archive.catalogue.looking_again import withdrawn_since
from archive.catalogue.originals import original_of
from archive.catalogue.readings import unpacked_reading
from archive.catalogue.rows import attachment_rows, citation_rows, notice_fields, version_row
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.tables import (
    AttachmentRow,
    BandRow,
    Base,
    CaptureRow,
    ChangeRow,
    CitationRow,
    DecisionRow,
    KeptReadingRow,
    NoticeRow,
    RedirectRow,
    SightingRow,
    StatusRow,
    VersionRow,
    WordingRow,
)
from archive.notice import ChangeKind

#: How far what bears on what is followed, and how many notices are put in order at once.
ROUNDS = 3
MOST_NOTICES = 24
MOST_ALIKE = 16

Node = tuple[str, str]  #: url_key and id of the notice it stands under now


class Settling:
    """One new order of the sightings of some notices, and what it changes."""

    def __init__(self, connection: Connection, seq: int, *, at: datetime) -> None:
        self._connection = connection
        self._at = at
        self.seq = seq
        self._unnumbered = 0
        self._stays: Node = ("", "")
        self.moved: dict[str, str] = {}  #: url_key to the notice it stands under now

    def settle(self, notice_ids: Sequence[str], why: str = "", *, stays: Node = ("", "")) -> None:
        """Put the sightings of these notices, and of what bears on them, in order anew.

        Args:
            notice_ids: The notices concerned.
            why: What the change log's reasons say; "" when nobody but the likeness says so.
            stays: The sighting, and its notice, whose id a person wants to stay with it.
        """
        self._stays = stays
        shelf = Shelf(self._connection)
        shelf.fetch_notices(notice_ids)
        faces = self._gather(shelf, [one for one in notice_ids if shelf.sightings_of(one)])
        if not faces:
            return
        apart = {pair for pair, together in shelf.ties.items() if not together}
        # A URL that has shown two documents is a sighting of either.
        by_key = {f"{node[0]}@{node[1]}": node for node in faces}
        keyed = [replace(faces[node], key=key) for key, node in by_key.items()]
        order = clusters(keyed, apart)
        parts = [[by_key[key] for key in part] for part in order]
        parts = [_with_unseen(shelf, part, faces) for part in parts]
        self._carry_out(shelf, parts, why or "put in order by likeness")

    def correct(self, notice_id: str, why: str) -> None:
        """Write the notice as its original reads now, and announce it as corrected."""
        shelf = Shelf(self._connection)
        shelf.fetch_notices([notice_id])
        notice = shelf.notices.get(notice_id)
        assert notice is not None
        best = next(row for row in shelf.sightings_of(notice_id) if row["is_original"])
        kept = shelf.kept_reading(best["url_key"], notice_id)
        if kept is not None:
            face = face_of_sighting(best, notice, shelf.wordings.get(notice_id, {}), shelf.ties)
            fields = notice_fields(
                unpacked_reading(kept["reading"]), face, best["url_key"], kept["title"]
            )
            is_it = NoticeRow.id == notice_id
            self._connection.execute(update(NoticeRow).where(is_it).values(fields))
        self._shelve(shelf, notice_id)
        self._announce(ChangeKind.CORRECTED, notice_id, why, ())

    # -- what bears on what

    def _gather(self, shelf: Shelf, notice_ids: Sequence[str]) -> dict[Node, Face]:
        faces: dict[Node, Face] = {}
        waiting = list(notice_ids)
        known: dict[str, None] = {}
        for _ in range(ROUNDS):
            fresh = [one for one in waiting if one not in known][: MOST_NOTICES - len(known)]
            known.update(dict.fromkeys(fresh))
            for one in fresh:
                faces.update(_faces_of(shelf, one))
            waiting = [
                other
                for node, face in list(faces.items())
                if node[1] in fresh
                for other in self._bearing_on(shelf, face, known)
            ]
            if not waiting:
                break
        return faces

    def _bearing_on(self, shelf: Shelf, face: Face, known: Collection[str]) -> list[str]:
        """Notices that hold a sighting which this one is like."""
        values = {**number_values(face.number, face.scope)}
        for wording in face.wordings:
            values.update(values_of(wording))
        found = shelf.alike(values, MOST_ALIKE)
        return [
            one
            for one in found
            if one not in known
            and any(
                group_verdict((face,), (other,)).is_same for other in _faces_of(shelf, one).values()
            )
        ]

    # -- carrying it out

    def _carry_out(self, shelf: Shelf, parts: Sequence[Sequence[Node]], why: str) -> None:
        ids = dict.fromkeys(node[1] for part in parts for node in part)
        ages = {one: _age(shelf, one) for one in ids}
        targets = self._targets(shelf, parts, ages)
        moves = [
            (node, target)
            for part, target in zip(parts, targets, strict=True)
            for node in part
            if node[1] != target
        ]
        if not moves:
            return
        made = [target for target in targets if target not in ids]
        for part, target in zip(parts, targets, strict=True):
            if target in made:
                self._make_room(shelf, target, part)
        for node, target in moves:
            self._move(node, target)
        emptied = [one for one in ids if one not in targets]
        for target in dict.fromkeys(targets):
            if target in made or any(target in (node[1], to) for node, to in moves):
                self._stand_up(target)
        self._tell(moves, made, emptied, why)

    def _targets(
        self, shelf: Shelf, parts: Sequence[Sequence[Node]], ages: Mapping[str, Any]
    ) -> list[str]:
        """Which notice each part is: the one that most of it stands under, each only once."""
        targets: list[str | None] = [None] * len(parts)
        taken: set[str] = set()
        wishes = sorted(
            (
                (self._stays[0], one) not in part or self._stays[1] != one,
                _original_of(shelf, one) not in part,
                -count,
                ages[one],
                one,
                place,
            )
            for place, part in enumerate(parts)
            for one, count in Counter(node[1] for node in part).items()
        )
        for *_, one, place in wishes:
            if targets[place] is None and one not in taken:
                targets[place] = one
                taken.add(one)
        return [
            target or self._fresh_id(shelf, part)
            for target, part in zip(targets, parts, strict=True)
        ]

    def _fresh_id(self, shelf: Shelf, part: Sequence[Node]) -> str:
        """The id of a notice that a part becomes: of its first capture, as any other's."""
        rows = [_sighting(shelf, node) for node in part]
        first = min(rows, key=lambda row: (row["first_seen_at"], row["url_key"]))
        capture = self._connection.execute(
            select(CaptureRow.url, CaptureRow.captured_at, CaptureRow.payload_digest)
            .where(CaptureRow.url_key == first["url_key"])
            .where(CaptureRow.notice_id == first["notice_id"])
            .order_by(CaptureRow.captured_at, CaptureRow.record_id)
            .limit(1)
        ).one()
        made = keys.notice_id(capture.url, capture.captured_at, capture.payload_digest)
        known = self._connection.execute(
            select(NoticeRow.merged_into).where(NoticeRow.id == made)
        ).first()
        if known is None or known.merged_into is not None:
            return made
        return keys.notice_id(capture.url + "#split", capture.captured_at, capture.payload_digest)

    def _make_room(self, shelf: Shelf, notice_id: str, part: Sequence[Node]) -> None:
        """A row for a notice that there was not, or that had been merged away, to stand on."""
        self._connection.execute(delete(RedirectRow).where(RedirectRow.old_id == notice_id))
        self._connection.execute(
            update(NoticeRow).where(NoticeRow.id == notice_id).values(merged_into=None)
        )
        there = select(NoticeRow.id).where(NoticeRow.id == notice_id)
        if self._connection.execute(there).first() is not None:
            return
        like = dict(shelf.notices.get(part[0][1]) or {})
        self._unnumbered -= 1  # until it is announced
        seq = {"id": notice_id, "seq": self._unnumbered}
        fresh = {**seq, "number_key": None, "title_key": None, "withdrawn_at": None}
        self._connection.execute(insert(NoticeRow), [{**like, **fresh}])

    def _move(self, node: Node, target: str) -> None:
        """Have a sighting with all that hangs on it stand under another notice."""
        url_key, before = node
        self.moved[url_key] = target
        wordings = self._rows(WordingRow, WordingRow.notice_id == before)
        known = {row["digest"] for row in self._rows(WordingRow, WordingRow.notice_id == target)}
        fresh = [{**row, "notice_id": target} for row in wordings if row["digest"] not in known]
        if fresh:
            self._connection.execute(insert(WordingRow), fresh)
        there = (SightingRow.url_key == url_key) & (SightingRow.notice_id == target)
        if self._rows(SightingRow, there):
            self._unite(url_key, before, target)
        else:
            for model in (SightingRow, KeptReadingRow):
                self._connection.execute(
                    update(model)
                    .where(model.url_key == url_key, model.notice_id == before)
                    .values(notice_id=target)
                )
        self._connection.execute(
            update(CaptureRow)
            .where(CaptureRow.url_key == url_key, CaptureRow.notice_id == before)
            .values(notice_id=target)
        )

    def _unite(self, url_key: str, before: str, target: str) -> None:
        """Two sightings at one URL become one: that of the later look, with all wordings."""
        pair = [
            self._rows(
                SightingRow, (SightingRow.url_key == url_key) & (SightingRow.notice_id == one)
            )[0]
            for one in (before, target)
        ]
        later = max(pair, key=lambda row: row["last_seen_at"])
        digests = tuple(dict.fromkeys((*pair[0]["digests"], *pair[1]["digests"])))
        first = min(row["first_seen_at"] for row in pair)
        kept = later["notice_id"]
        for model in (KeptReadingRow, SightingRow):
            self._connection.execute(
                delete(model).where(
                    model.url_key == url_key,
                    model.notice_id.in_([before, target]),
                    model.notice_id != kept,
                )
            )
            self._connection.execute(
                update(model)
                .where(model.url_key == url_key, model.notice_id == kept)
                .values(notice_id=target)
            )
        self._connection.execute(
            update(SightingRow)
            .where(SightingRow.url_key == url_key, SightingRow.notice_id == target)
            .values(digests=digests, first_seen_at=first)
        )

    def _stand_up(self, notice_id: str) -> None:
        """Choose the original anew and write the notice as it shows it."""
        shelf = Shelf(self._connection)
        shelf.fetch_notices([notice_id])
        rows = shelf.sightings_of(notice_id)
        best = original_of(rows, shelf.wordings.get(notice_id, {}))
        notice = shelf.notices.get(notice_id)
        assert notice is not None
        keeps_its_original = best["is_original"] and notice["original_key"] == best["url_key"]
        self._mark_original(notice_id, best["url_key"])
        has_versions = bool(self._rows(VersionRow, VersionRow.notice_id == notice_id))
        if not (keeps_its_original and has_versions):
            self._read_as(shelf, notice, best)
        first = min(row["first_seen_at"] for row in rows)
        stands = {"first_seen_at": first, "withdrawn_at": withdrawn_since(rows)}
        self._connection.execute(
            update(NoticeRow).where(NoticeRow.id == notice_id).values(**stands)
        )
        self._shelve(shelf, notice_id)

    def _mark_original(self, notice_id: str, url_key: str) -> None:
        is_its = SightingRow.notice_id == notice_id
        is_best = SightingRow.url_key == url_key
        self._connection.execute(update(SightingRow).where(is_its).values(is_original=is_best))

    def _read_as(self, shelf: Shelf, notice: Row, best: Row) -> None:
        notice_id = notice["id"]
        kept = shelf.kept_reading(best["url_key"], notice_id)
        if kept is None:
            return  # of an older catalogue: the notice stays as it reads until its next look
        reading = unpacked_reading(kept["reading"])
        face = face_of_sighting(best, notice, shelf.wordings.get(notice_id, {}), shelf.ties)
        fields = notice_fields(reading, face, best["url_key"], kept["title"])
        parts: dict[type[Base], list[Row]] = {
            VersionRow: [version_row(notice_id, 1, kept, reading.text)],
            AttachmentRow: attachment_rows(notice_id, reading),
            CitationRow: citation_rows(notice_id, reading),
        }
        for model, rows in parts.items():
            self._replace(model, notice_id, rows)
        self._connection.execute(
            update(NoticeRow).where(NoticeRow.id == notice_id).values(version=1, **fields)
        )

    def _replace(self, model: type[Base], notice_id: str, rows: Sequence[Row]) -> None:
        table: Table = model.__table__  # type: ignore[assignment] # declared as FromClause
        self._connection.execute(delete(table).where(table.c.notice_id == notice_id))
        if rows:
            self._connection.execute(insert(table), list(rows))

    def _shelve(self, shelf: Shelf, notice_id: str) -> None:
        """Have the notice be found by all that its sightings are recognised by."""
        values: dict[int, int] = {}
        for face in _faces_of(shelf, notice_id).values():
            values |= number_values(face.number, face.scope)
            for wording in face.wordings:
                values |= values_of(wording)
        there = select(BandRow.value).where(
            BandRow.notice_id == notice_id, BandRow.value.in_(list(values))
        )
        known = set(self._connection.execute(there).scalars())
        fresh = [{"value": one, "notice_id": notice_id} for one in values if one not in known]
        if fresh:
            self._connection.execute(insert(BandRow), fresh)

    # -- what is told

    def _tell(
        self,
        moves: Sequence[tuple[Node, str]],
        made: Sequence[str],
        emptied: Sequence[str],
        why: str,
    ) -> None:
        for one in emptied:
            target = Counter(to for node, to in moves if node[1] == one).most_common(1)[0][0]
            self._announce(ChangeKind.MERGED, target, why, [n for n, _ in moves if n[1] == one])
            self._announce(ChangeKind.MERGED, one, f"merged into {target}: {why}", ())
            self._lead_on(one, target)
        for node, to in moves:
            if node[1] in emptied:
                continue
            self._announce(ChangeKind.SPLIT, node[1], f"{why}; it went to {to}", ())
            kind = ChangeKind.NEW if to in made else ChangeKind.COPY
            self._announce(kind, to, f"{why}; it came from {node[1]}", [node])
            if to in made:
                made = [one for one in made if one != to]

    def _announce(
        self, change: ChangeKind, notice_id: str, why: str, nodes: Iterable[Node]
    ) -> None:
        self.seq += 1
        notice = self._rows(NoticeRow, NoticeRow.id == notice_id)[0]
        seen = [node[0] for node in nodes] or [notice["original_key"]]
        sighting = self._rows(SightingRow, SightingRow.url_key == seen[0])[0]
        line = {
            "seq": self.seq,
            "at": self._at,
            "change": change.value,
            "notice_id": notice_id,
            "source": sighting["source"],
            "url": sighting["url"],
            "version": notice["version"],
        }
        self._connection.execute(insert(ChangeRow), [line])
        self._connection.execute(
            update(NoticeRow)
            .where(NoticeRow.id == notice_id)
            .values(seq=self.seq, changed_at=max(self._at, notice["changed_at"]))
        )
        self._decide(change, notice_id, sighting, why)

    def _decide(self, change: ChangeKind, notice_id: str, sighting: Row, why: str) -> None:
        row = {
            "record_id": sighting["record_id"],
            "at": self._at,
            "outcome": change.value,
            "notice_id": notice_id,
            "version": None,
            "seq": self.seq,
            "url_key": sighting["url_key"],
            "url": sighting["url"],
            "reasons": (why,),
        }
        self._connection.execute(insert(DecisionRow), [row])

    def _lead_on(self, old: str, new: str) -> None:
        """Have an emptied notice lead to another for ever; only its lines in the log stay."""
        for model in (AttachmentRow, CitationRow, VersionRow):
            self._replace(model, old, ())
        shelf = Shelf(self._connection)
        values = [
            value
            for row in self._rows(WordingRow, WordingRow.notice_id == old)
            for value in values_of(shelf.fingerprint(row))
        ]
        self._connection.execute(
            delete(BandRow).where(BandRow.notice_id == old, BandRow.value.in_(values))
        )
        self._connection.execute(delete(WordingRow).where(WordingRow.notice_id == old))
        self._connection.execute(
            update(StatusRow).where(StatusRow.notice_id == old).values(notice_id=new)
        )
        away = {"merged_into": new, "number_key": None, "title_key": None}
        self._connection.execute(update(NoticeRow).where(NoticeRow.id == old).values(**away))
        self._connection.execute(
            update(RedirectRow).where(RedirectRow.new_id == old).values(new_id=new)
        )
        self._connection.execute(delete(RedirectRow).where(RedirectRow.old_id == old))
        self._connection.execute(insert(RedirectRow), [{"old_id": old, "new_id": new}])

    def _rows(self, model: type[Base], match: Any) -> list[Row]:
        table: Table = model.__table__  # type: ignore[assignment] # declared as FromClause
        return [
            dict(row) for row in self._connection.execute(select(table).where(match)).mappings()
        ]


def _faces_of(shelf: Shelf, notice_id: str) -> dict[Node, Face]:
    """What the sightings that stand for a notice show, each under a key of its own."""
    shelf.fetch_notices([notice_id])
    notice = shelf.notices.get(notice_id)
    if notice is None:
        return {}
    wordings = shelf.wordings.get(notice_id, {})
    found = {}
    for row in representatives(shelf.sightings_of(notice_id)):
        node = (row["url_key"], notice_id)
        found[node] = face_of_sighting(row, notice, wordings, shelf.ties)
    return found


def _with_unseen(shelf: Shelf, part: Sequence[Node], faces: Mapping[Node, Face]) -> list[Node]:
    """A part with the sightings that others stand for: they stay where their original goes."""
    whole = list(part)
    for notice_id in dict.fromkeys(node[1] for node in part):
        original = next((row for row in shelf.sightings_of(notice_id) if row["is_original"]), None)
        if original is None or (original["url_key"], notice_id) not in part:
            continue
        for row in shelf.sightings_of(notice_id):
            node = (row["url_key"], notice_id)
            if node not in faces:
                whole.append(node)
    return whole


def _sighting(shelf: Shelf, node: Node) -> Row:
    row = shelf.sightings.get(*node)
    assert row is not None
    return row


def _original_of(shelf: Shelf, notice_id: str) -> Node:
    row = shelf.notices.get(notice_id)
    return (row["original_key"] if row else "", notice_id)


def _age(shelf: Shelf, notice_id: str) -> tuple[datetime, str]:
    row = shelf.notices.get(notice_id)
    assert row is not None
    return (row["first_seen_at"], notice_id)
