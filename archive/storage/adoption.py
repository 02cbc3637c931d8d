"""Taking WARC files of other tools into a home: as they are, by copy, once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import HomeNotWritable
from archive.notice import Home, Place
from archive.storage.fixity_journal import EventType, FixityJournal
from archive.storage.holdings import Holdings
from archive.storage.volume import Volume, loose_volume
from archive.storage.warc_name import OPEN_SUFFIX, PREFIX, stamp_of

_ADOPTED = re.compile(rf"\d{{4}}/\d{{2}}/{PREFIX}-\d{{17}}-adopted-([0-9a-f]{{16}})/")


def is_adopted(place: Place) -> bool:
    """Whether a record stands in a file that another tool wrote."""
    return _ADOPTED.match(place.file) is not None


def adopted(home: Home, *, ends: str, label: str = "") -> Volume | None:
    """The file that was taken in before under such a name; None when there is none.

    Args:
        home: The archive.
        ends: What its own name ends with.
        label: How the digest of the file begins, sixteen digits; "" for any.
    """
    holdings = Holdings(home)
    for name in holdings.known_names():
        found = _ADOPTED.match(name)
        if found and label in ("", found[1]) and name.endswith(ends):
            return holdings.volume(name)
    return None


def adopt(home: Home, path: Path, *, origin: str = "") -> Volume:
    """Copy a WARC file below the home's WARC folder; the same file again gives the same copy.

    Its name stays (IIPC guidelines: a name is never edited), in a folder named by the moment of
    taking it in, so that a rebuild takes it in at the same place of the order, and by its digest.

    Args:
        home: The archive.
        path: The file.
        origin: What the journal says of where it comes from; its path when left out.

    Raises:
        HomeNotWritable: The copy cannot be made.
        OSError: The file cannot be read.
    """
    holdings = Holdings(home)
    folder = home.warc.resolve()
    if path.resolve().is_relative_to(folder):
        name = path.resolve().relative_to(folder).as_posix()
        return holdings.volume(name.removesuffix(OPEN_SUFFIX))
    original = loose_volume(path)
    digest = original.sha256()
    earlier = adopted(home, ends=f"/{path.name}", label=digest[:16])
    if earlier is not None:
        return earlier
    now = holdings.next_moment(datetime.now(UTC))
    name = f"{now:%Y/%m}/{PREFIX}-{stamp_of(now)}-adopted-{digest[:16]}/{path.name}"
    try:
        holdings.at_home.take(original, name, digest)
        FixityJournal(home).note(
            EventType.INGESTION,
            name,
            sha256=digest,
            octets=original.octets(),
            detail=f"copied from {origin or path}",
        )
    except OSError as error:
        raise HomeNotWritable(
            f"{path} could not be copied to {home.warc / name}: {error.strerror or error}.",
            next_step="Make room on the home's disk and run again; nothing was changed.",
        ) from error
    return holdings.volume(name)
