"""Taking WARC files of other tools into a home: as they are, by copy, once."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import HomeNotWritable
from archive.notice import Home, Place
from archive.storage.fixity_journal import EventType, FixityJournal
from archive.storage.warc_file import sync_folder
from archive.storage.warc_name import PREFIX, next_moment, stamp_of

_PART = 1 << 20
_ADOPTED = re.compile(rf"\d{{4}}/\d{{2}}/{PREFIX}-\d{{17}}-adopted-[0-9a-f]{{16}}/")


def is_adopted(place: Place) -> bool:
    """Whether a record stands in a file that another tool wrote."""
    return _ADOPTED.match(place.file) is not None


def adopt(home: Home, path: Path) -> Path:
    """Copy a WARC file below the home's WARC folder; the same file again gives the same copy.

    Its name stays (IIPC guidelines: a name is never edited), in a folder named by the moment of
    taking it in, so that a rebuild takes it in at the same place of the order, and by its digest.

    Raises:
        HomeNotWritable: The copy cannot be made.
        OSError: The file cannot be read.
    """
    if path.resolve().is_relative_to(home.warc.resolve()):
        return path
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    earlier = next(
        home.warc.glob(f"*/*/{PREFIX}-*-adopted-{digest[:16]}/{_pattern(path.name)}"), None
    )
    if earlier is not None and earlier.stat().st_size == path.stat().st_size:
        return earlier
    now = next_moment(home.warc, datetime.now(UTC))
    folder = home.warc / f"{now:%Y/%m}" / f"{PREFIX}-{stamp_of(now)}-adopted-{digest[:16]}"
    copy = folder / path.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(path, copy)
        for changed in (folder, folder.parent, folder.parent.parent, home.warc):
            sync_folder(changed)
        FixityJournal(home).note(
            EventType.INGESTION,
            copy.relative_to(home.warc).as_posix(),
            sha256=digest,
            octets=copy.stat().st_size,
            detail=f"copied from {path}",
        )
    except OSError as error:
        raise HomeNotWritable(
            f"{path} could not be copied to {copy}: {error.strerror or error}.",
            next_step="Make room on the home's disk and run again; nothing was changed.",
        ) from error
    return copy


def _pattern(name: str) -> str:
    """A name as a pattern that matches only itself."""
    return re.sub(r"([*?[])", r"[\1]", name)


def _copy(path: Path, copy: Path) -> None:
    """Copy under another name first: a copy that a crash cut short is never taken for whole."""
    unfinished = copy.with_name(f"{copy.name}.copying")
    with path.open("rb") as source, unfinished.open("wb") as target:
        while part := source.read(_PART):
            target.write(part)
        target.flush()
        os.fsync(target.fileno())
    unfinished.replace(copy)
