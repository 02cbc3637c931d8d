"""Pages that somebody saved from a browser, as WARC: ``resource`` records with what is known."""

from __future__ import annotations

import hashlib
import re
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import UsageError
from archive.notice import Home
from archive.storage.adoption import adopt, adopted
from archive.storage.gzip_member import gzip_member
from archive.storage.record import WARC_FIELDS, render_record, warc_date
from archive.storage.uri import rfc3986
from archive.storage.volume import Volume
from archive.storage.warc_fields import render_fields

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".json": "application/json",
}
_HEAD = 1 << 16
#: What browsers write at the top, then what the page says of itself.
_URL = rb"(https?://[^\s<>\"']{1,2000})"
_URLS = tuple(
    re.compile(pattern + _URL, re.IGNORECASE)
    for pattern in (
        rb"<!--\s{0,8}saved from url=\(\d{1,6}\)",
        rb"<link\s[^<>]{0,200}?rel=[\"']?canonical[\"']?\s[^<>]{0,200}?href=[\"']?",
        rb"<meta\s[^<>]{0,200}?property=[\"']?og:url[\"']?\s[^<>]{0,200}?content=[\"']?",
    )
)


def is_saved_page(path: Path) -> bool:
    """Whether a file is a page rather than a WARC, by its name and its first octets."""
    if path.suffix.lower() not in MEDIA_TYPES:
        return False
    with path.open("rb") as file:
        return not file.read(5).startswith((b"WARC/", b"\x1f\x8b"))


def adopt_saved_page(home: Home, path: Path, url: str | None = None) -> Volume:
    """Take a saved page into a home as a WARC of one resource; the same page gives the same WARC.

    It is dated by the file's own time, as the nearest that is known of when it was saved.

    Raises:
        UsageError: Nobody says which URL it was saved from.
        HomeNotWritable: The WARC cannot be made.
    """
    octets = path.read_bytes()
    said = url or _said_url(octets[:_HEAD])
    if said is None:
        raise UsageError(
            f"{path} does not say which URL it was saved from.",
            next_step="Name it with --url, one page at a time.",
        )
    label = hashlib.sha256(rfc3986(said).encode() + b"\n" + octets).hexdigest()
    name = f"saved-{label[:32]}.warc.gz"
    earlier = adopted(home, ends=f"/{name}")
    if earlier is not None:
        return earlier
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / name
        made.write_bytes(_warc(name, label, rfc3986(said), octets, path, saved_at))
        return adopt(home, made)


def _said_url(head: bytes) -> str | None:
    found = next(filter(None, (pattern.search(head) for pattern in _URLS)), None)
    return found[1].decode("utf-8", "replace") if found else None


def _warc(name: str, label: str, url: str, octets: bytes, path: Path, saved_at: datetime) -> bytes:
    """A warcinfo record, the page, and what is known of it; the same octets every time."""
    info, page, facts = (_id(label, kind) for kind in ("warcinfo", "resource", "metadata"))
    date = warc_date(saved_at)
    common = [("WARC-Date", date), ("WARC-Target-URI", url), ("WARC-Warcinfo-ID", f"<{info}>")]
    media_type = MEDIA_TYPES[path.suffix.lower()]
    records = (
        render_record(
            [
                ("WARC-Type", "warcinfo"),
                ("WARC-Record-ID", f"<{info}>"),
                ("WARC-Date", date),
                ("WARC-Filename", name),
            ],
            render_fields((("format", "WARC File Format 1.1"), ("description", "a saved page"))),
            WARC_FIELDS,
        ),
        render_record(
            [("WARC-Type", "resource"), ("WARC-Record-ID", f"<{page}>"), *common],
            octets,
            media_type,
        ),
        render_record(
            [
                ("WARC-Type", "metadata"),
                ("WARC-Record-ID", f"<{facts}>"),
                *common,
                ("WARC-Concurrent-To", f"<{page}>"),
            ],
            render_fields((("hongtou-saved-file", path.name),)),
            WARC_FIELDS,
        ),
    )
    return b"".join(map(gzip_member, records))


def _id(label: str, kind: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{label} {kind}").urn
