"""The faces of all that an arrival might be."""

from __future__ import annotations

from archive.catalogue.decide import Known, SeenThere
from archive.catalogue.face import Face
from archive.catalogue.faces import face_of_sighting, known_face, representatives
from archive.catalogue.shelf import Row, Shelf


class FaceBook:
    """The faces that a batch of arrivals is judged against, each made once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._faces: dict[tuple[str, str], Face] = {}

    def known(self, notice_id: str, url_key: str) -> Known:
        """A notice as an arrival at this URL is judged against it."""
        shelf = self._shelf
        seen = shelf.sightings.get(url_key, notice_id)
        wordings = shelf.wordings.get(notice_id, {})
        there = [wordings[one] for one in seen["digests"] if one in wordings] if seen else []
        sightings = representatives(shelf.sightings_of(notice_id))
        return Known(
            id=notice_id,
            wordings=tuple(there or wordings.values()),
            seen_there=_seen_there(seen) if seen else None,
            sightings=tuple(self.of(row) for row in sightings),
            **known_face(shelf.notice(notice_id)),
        )

    def of(self, row: Row) -> Face:
        """What a sighting shows."""
        key = (row["url_key"], row["notice_id"])
        if key not in self._faces:
            notice = self._shelf.notice(row["notice_id"])
            wordings = self._shelf.wordings.get(row["notice_id"], {})
            self._faces[key] = face_of_sighting(row, notice, wordings, self._shelf.ties)
        return self._faces[key]

    def forget(self, row: Row) -> None:
        """A sighting shows something else now."""
        self._faces.pop((row["url_key"], row["notice_id"]), None)

    def clear(self) -> None:
        """All are to be made again."""
        self._faces.clear()


def _seen_there(row: Row) -> SeenThere:
    return SeenThere(
        is_original=row["is_original"],
        digest=row["digest"],
        payload_digest=row["payload_digest"],
        reader_version=row["reader_version"],
        digests=tuple(row["digests"]),
    )
