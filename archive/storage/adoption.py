"""Taking WARC files of other tools into a home: as they are, by copy, once."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from archive.errors import HomeNotWritable
from archive.notice import Home, Place
from archive.storage.warc_file import sync_folder

FOLDER = "adopted"
_PART = 1 << 20


def is_adopted(place: Place) -> bool:
    """Whether a record stands in a file that another tool wrote."""
    return place.file.startswith(f"{FOLDER}/")


def adopt(home: Home, path: Path) -> Path:
    """Copy a WARC file below the home's WARC folder; the same file again gives the same copy.

    Its name stays (IIPC guidelines: a name is never edited), in a folder named by its digest.

    Raises:
        HomeNotWritable: The copy cannot be made.
        OSError: The file cannot be read.
    """
    if path.resolve().is_relative_to(home.warc.resolve()):
        return path
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = home.warc / FOLDER / digest[:16]
    copy = folder / path.name
    if copy.is_file() and copy.stat().st_size == path.stat().st_size:
        return copy
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(path, copy)
        sync_folder(folder)
    except OSError as error:
        raise HomeNotWritable(
            f"{path} could not be copied to {copy}: {error.strerror or error}.",
            next_step="Make room on the home's disk and run again; nothing was changed.",
        ) from error
    return copy


def _copy(path: Path, copy: Path) -> None:
    """Copy under another name first: a copy that a crash cut short is never taken for whole."""
    unfinished = copy.with_name(f"{copy.name}.copying")
    with path.open("rb") as source, unfinished.open("wb") as target:
        while part := source.read(_PART):
            target.write(part)
        target.flush()
        os.fsync(target.fileno())
    unfinished.replace(copy)
