"""Files that appear only when they are whole, and never over another."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import UsageError


@contextmanager
def delivered(path: Path, *, force: bool, is_folder: bool = False) -> Iterator[Path]:
    """A place to write to, which gets its final name when all went well, and else is taken away.

    Args:
        path: What is to be there in the end.
        force: Put it in the place of an earlier file.
        is_folder: Make a folder; an earlier folder is replaced by `force` if it is a bag.

    Raises:
        UsageError: There is something of that name already, or it cannot be written.
    """
    _refuse(path, force=force, is_folder=is_folder)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if is_folder:
            part.mkdir()
        yield part
        _settle(part, path)
    except OSError as error:
        if error.filename is not None and not str(error.filename).startswith(str(part)):
            raise  # something else that was being read or written
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}.",
            next_step="Choose another place with --output.",
        ) from error
    finally:
        _take_away(part)


def _refuse(path: Path, *, force: bool, is_folder: bool) -> None:
    """See that nothing is lost by writing there."""
    if not os.path.lexists(path):
        return
    if not force:
        raise UsageError(
            f"{path} is there already.",
            next_step="Choose another name, or replace it with --force.",
        )
    is_bag = (path / "bagit.txt").is_file() or (path.is_dir() and not any(path.iterdir()))
    if path.is_dir() != is_folder or (is_folder and not is_bag):
        what = "a folder that is no bag" if path.is_dir() else "a file, and a folder is to be made"
        raise UsageError(f"{path} is {what}; it stays.", next_step="Choose another name.")


def _settle(part: Path, path: Path) -> None:
    """Give what was written its name; an earlier folder stands aside until it has it."""
    if not path.is_dir():
        part.replace(path)
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}.old")
    path.rename(aside)
    part.rename(path)
    shutil.rmtree(aside)


def _take_away(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)
