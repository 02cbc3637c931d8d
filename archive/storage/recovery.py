"""After a crash: unfinished WARC files are cut back to their last whole exchange and closed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.errors import HomeNotWritable
from archive.notice import Home
from archive.storage.damage import Damage
from archive.storage.folder_depot import sync_folder
from archive.storage.holdings import Holdings
from archive.storage.record import bare_uri
from archive.storage.record_reader import iter_records
from archive.storage.volume import loose_volume
from archive.storage.warc_file import finish
from archive.storage.warc_name import OPEN_SUFFIX

CUT_SUFFIX = ".cut"


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What was done with one unfinished file."""

    file: str  #: below the WARC folder, by its final name
    records: int  #: whole records that it keeps; 0 when there were none and no file is left
    cut_octets: int  #: taken off its end
    cut_file: str | None  #: where these are kept, below the WARC folder

    def __str__(self) -> str:
        said = f"{self.file} was left unfinished: {self.records} records are whole"
        if not self.cut_octets:
            return f"{said}."
        return f"{said}, {self.cut_octets} octets behind them were moved to {self.cut_file}."


def recover(home: Home) -> tuple[Recovery, ...]:
    """Finish the files that a killed process left behind; to be called with the home's lock held.

    Nothing is thrown away: what does not form a whole exchange is kept in a file beside.

    Raises:
        HomeNotWritable: A file could not be cut or renamed.
    """
    files = list(Holdings(home).at_home.walk())
    try:
        return tuple(_recover(home, name, path) for name, path, is_open in files if is_open)
    except OSError as error:
        raise HomeNotWritable(
            f"An unfinished WARC file could not be recovered: {error}.",
            next_step="Look at the disk and its permissions; nothing was lost.",
        ) from error


def _recover(home: Home, name: str, path: Path) -> Recovery:
    records, whole = _whole_part(path)
    size = path.stat().st_size
    cut_file = _set_aside(home, path, whole) if whole < size else None
    if records:
        finish(home, path, loose_volume(path).sha256())
    else:
        path.unlink()
        sync_folder(path.parent)
    return Recovery(file=name, records=records, cut_octets=size - whole, cut_file=cut_file)


def _whole_part(path: Path) -> tuple[int, int]:
    """How many records are whole with their exchange, and where the last of these ends.

    An exchange is whole with its metadata record, which the writer puts last.
    """
    whole_records = whole = 0
    faults: list[Damage] = []
    pending: set[str] = set()
    records = iter_records(loose_volume(path), on_damage=faults.append, block_limit=1 << 20)
    for count, record in enumerate(records, start=1):
        if faults:
            break
        if record.type in ("response", "revisit"):
            pending.add(record.id)
        elif record.type == "metadata":
            pending.difference_update(map(bare_uri, record.all("WARC-Concurrent-To")))
        if not pending:
            whole_records, whole = count, record.place.offset + record.place.length
    return whole_records, whole


def _set_aside(home: Home, path: Path, whole: int) -> str:
    """Move what stands behind the whole part to a file of its own, then cut it off."""
    with path.open("r+b") as file:
        file.seek(whole)
        aside = _free_name(path)
        with aside.open("xb") as kept:
            while part := file.read(1 << 20):
                kept.write(part)
            kept.flush()
            os.fsync(kept.fileno())
        sync_folder(path.parent)
        file.truncate(whole)
        os.fsync(file.fileno())
    return aside.relative_to(home.warc).as_posix()


def _free_name(path: Path) -> Path:
    base = path.name.removesuffix(OPEN_SUFFIX)
    number = 1
    while (aside := path.with_name(f"{base}{CUT_SUFFIX}-{number}")).exists():
        number += 1
    return aside
