"""WARC files of other tools that do not have a gzip member for each record (WARC 1.1, Annex D)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from archive.notice import Home, Place
from archive.storage.adoption import adopt, adopted
from archive.storage.damage import Damage, OnDamage
from archive.storage.gzip_member import LEVEL
from archive.storage.octets import CHUNK, BrokenOctets, Octets
from archive.storage.record_reader import iter_records
from archive.storage.volume import Volume, loose_volume


class Packing(Enum):
    """How a file's records can be found again."""

    NO_RECORD = "no WARC record can be read"
    SHARED = "some record shares its gzip member with another, and has no place of its own"
    ALONE = "each record begins where a member does, or the file is not compressed"


def packing_of(path: Path) -> Packing:
    """Look a whole file through."""
    found = Packing.NO_RECORD
    for record in iter_records(loose_volume(path), on_damage=lambda _: None):
        if not record.is_alone:
            return Packing.SHARED
        found = Packing.ALONE
    return found


def adopt_repacked(home: Home, path: Path, on_damage: OnDamage) -> Volume:
    """Take a file's records in, octet for octet, each in a member of its own.

    The same file gives the same copy. The journal has the digest of the file as it was.

    Args:
        home: The archive.
        path: A compressed WARC whose records share members.
        on_damage: Told of each fault, with offsets in the inflated file; the good records around
            it are taken.

    Raises:
        HomeNotWritable: The copy cannot be made.
    """
    label = loose_volume(path).sha256()
    name = f"{path.name.removesuffix('.gz').removesuffix('.warc')}-{label[:16]}.warc.gz"
    earlier = adopted(home, ends=f"-{label[:16]}.warc.gz")
    if earlier is not None:
        return earlier

    def tell(damage: Damage) -> None:
        on_damage(replace(damage, file=str(path)))

    with tempfile.TemporaryDirectory() as folder:
        plain, made = Path(folder) / "plain", Path(folder) / name
        _inflate(path, plain)
        with plain.open("rb") as source, made.open("wb") as target:
            for record in iter_records(loose_volume(plain), on_damage=tell):
                for piece in _member(source, record.place):
                    target.write(piece)
        origin = f"the records of {path}, sha256:{label}, each in a gzip member of its own"
        return adopt(home, made, origin=origin)


def _inflate(path: Path, plain: Path) -> None:
    """Inflate to the end or to the first damage, which the records then show."""
    with path.open("rb") as source, plain.open("wb") as target:
        octets = Octets(source)
        try:
            while piece := octets.read(CHUNK):
                target.write(piece)
        except BrokenOctets:
            return


def _member(source: BinaryIO, place: Place) -> Iterator[bytes]:
    """A record, however long, as a gzip member."""
    packing = isal_zlib.compressobj(LEVEL, wbits=31)
    source.seek(place.offset)
    left = place.length
    while piece := source.read(min(left, CHUNK)):
        left -= len(piece)
        yield packing.compress(piece)
    yield packing.flush()
