"""ARC, the format before WARC (Internet Archive, 1996): taken in as WARC, octet for octet.

https://archive.org/web/researcher/ArcFileFormat.php: a line `URL IP-address Archive-date
Content-type [more] Archive-length`, that many octets, a line end; the first record describes the
file.
"""

from __future__ import annotations

import re
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.notice import Home
from archive.storage.adoption import adopt, adopted
from archive.storage.damage import RESTORE, Damage, OnDamage
from archive.storage.gzip_member import gzip_member
from archive.storage.octets import BrokenOctets, Octets
from archive.storage.record import HTTP_RESPONSE, WARC_FIELDS, render_record, warc_date
from archive.storage.record_reader import BLOCK_LIMIT
from archive.storage.uri import rfc3986
from archive.storage.volume import Volume, loose_volume
from archive.storage.warc_fields import render_fields

_LINE_LIMIT = 1 << 16
_BLANKS = 8
_MAGIC = b"filedesc://"
_HEAD = re.compile(rb"(\S+) (\S+) (\d{14}) (\S+) (?:.{0,2000} )?(\d{1,18})\r?\n")


@dataclass(frozen=True, kw_only=True)
class ArcRecord:
    """One record of an ARC file."""

    line: bytes  #: its head, as it stands there
    url: str
    ip_address: str
    at: datetime
    media_type: str
    block: bytes


def is_arc(path: Path) -> bool:
    """Whether a file is an ARC, compressed or not, by its first octets."""
    with path.open("rb") as file:
        try:
            return Octets(file).follows(_MAGIC)
        except BrokenOctets:
            return False


def adopt_arc(home: Home, path: Path, on_damage: OnDamage) -> Volume:
    """Take an ARC file into a home as a WARC of its records; the same file gives the same WARC.

    Args:
        home: The archive.
        path: The ARC file.
        on_damage: Told where it is damaged; what stands before that is taken.

    Raises:
        HomeNotWritable: The WARC cannot be made.
    """
    label = loose_volume(path).sha256()
    name = f"{path.name}-{label[:16]}.warc.gz"
    earlier = adopted(home, ends=f"-{label[:16]}.warc.gz")
    if earlier is not None:
        return earlier
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / name
        with made.open("wb") as file:
            for record in _as_warc(path, name, label, on_damage):
                file.write(gzip_member(record))
        return adopt(home, made)


def iter_arc(path: Path, on_damage: OnDamage) -> Iterator[ArcRecord]:
    """The records of an ARC file, to the first damage."""
    with path.open("rb") as file:
        octets = Octets(file)
        at = 0
        try:
            while not _is_at_end(octets):
                at = octets.offset
                yield _record(octets)
        except (BrokenOctets, ValueError) as fault:
            on_damage(Damage(file=str(path), offset=at, what=str(fault), to_do=RESTORE))


def _is_at_end(octets: Octets) -> bool:
    """Pass over the line ends between two records; whether nothing follows them."""
    for _ in range(_BLANKS):
        if octets.is_at_end():
            return True
        if not (octets.follows(b"\n") or octets.follows(b"\r\n")):
            return False
        octets.line(2)
    return octets.is_at_end()


def _record(octets: Octets) -> ArcRecord:
    line = octets.line(_LINE_LIMIT)
    found = _HEAD.fullmatch(line)
    if found is None:
        raise ValueError("no ARC record begins here")
    length = int(found[5])
    if length > BLOCK_LIMIT:
        raise ValueError(f"an ARC record of {length} octets is too long to be taken")
    block = octets.read(length)
    if len(block) < length:
        raise ValueError(f"an ARC record is cut off: {len(block)} of {length} octets")
    return ArcRecord(
        line=line.rstrip(),
        url=found[1].decode("utf-8", "replace"),
        ip_address=found[2].decode("ascii", "replace"),
        at=datetime.strptime(f"{found[3].decode()}+0000", "%Y%m%d%H%M%S%z").astimezone(UTC),
        media_type=found[4].decode("latin-1"),
        block=block,
    )


def _as_warc(path: Path, name: str, label: str, on_damage: OnDamage) -> Iterator[bytes]:
    """A warcinfo record, then each record with what its line said."""
    info = _id(label, "warcinfo")
    for number, record in enumerate(iter_arc(path, on_damage)):
        date = warc_date(record.at)
        if not number:
            yield render_record(
                [
                    ("WARC-Type", "warcinfo"),
                    ("WARC-Record-ID", f"<{info}>"),
                    ("WARC-Date", date),
                    ("WARC-Filename", name),
                ],
                render_fields(
                    (
                        ("format", "WARC File Format 1.1"),
                        ("description", f"the records of the ARC file {path.name}"),
                        ("hongtou-arc-digest", f"sha256:{label}"),
                    )
                ),
                WARC_FIELDS,
            )
        if not record.line.startswith(_MAGIC):
            yield from _rendered(record, _id(label, str(number)), info)


def _rendered(record: ArcRecord, record_id: str, info: str) -> Iterator[bytes]:
    is_http = record.block.startswith(b"HTTP/")
    common = [
        ("WARC-Date", warc_date(record.at)),
        ("WARC-Target-URI", rfc3986(record.url)),
        ("WARC-Warcinfo-ID", f"<{info}>"),
    ]
    address = [("WARC-IP-Address", record.ip_address)]
    yield render_record(
        [
            ("WARC-Type", "response" if is_http else "resource"),
            ("WARC-Record-ID", f"<{record_id}>"),
            *common,
            *(address if record.ip_address not in ("0.0.0.0", "-") else []),  # noqa: S104 - ARC's "unknown"
        ],
        record.block,
        HTTP_RESPONSE if is_http else record.media_type,
    )
    yield render_record(
        [
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", f"<{_id(record_id, 'metadata')}>"),
            *common,
            ("WARC-Concurrent-To", f"<{record_id}>"),
        ],
        render_fields((("hongtou-arc-line", record.line.decode("utf-8", "replace")),)),
        WARC_FIELDS,
    )


def _id(label: str, kind: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{label} {kind}").urn
