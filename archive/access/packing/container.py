"""What the files of a package are written into: a ZIP, a TAR, or a folder."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

#: What stays in memory of a file whose size must be known before it is written.
IN_MEMORY = 1 << 20
_FILE_MODE = 0o644


class Sink(Protocol):
    """Where octets go."""

    def write(self, octets: bytes, /) -> object: ...


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A file of a package, as it was written."""

    name: str  #: its path within the package, with ``/``
    size: int  #: octets
    digests: dict[str, str]  #: in hexadecimal, by algorithm


class Measure:
    """Passes octets on, and counts and digests them on the way."""

    def __init__(self, sink: Sink, algorithms: Sequence[str]) -> None:
        self._sink = sink
        self._hashes = {name: hashlib.new(name) for name in algorithms}
        self.size = 0

    def write(self, octets: bytes) -> None:
        """Take in the next octets."""
        self._sink.write(octets)
        self.size += len(octets)
        for one in self._hashes.values():
            one.update(octets)

    def packed(self, name: str) -> Packed:
        """What has come through."""
        digests = {algorithm: one.hexdigest() for algorithm, one in self._hashes.items()}
        return Packed(name=name, size=self.size, digests=digests)


class Container(ABC):
    """Takes the files of a package, one after the other, each digested as it is written."""

    def __init__(self, algorithms: Sequence[str]) -> None:
        self._algorithms = algorithms
        self.files: list[Packed] = []

    @contextmanager
    def file(self, name: str, *, stored: bool = False, size: int = 0) -> Iterator[Measure]:
        """Write one file.

        Args:
            name: Its path within the package, with ``/``.
            stored: Its octets are compressed already.
            size: Octets that it may have, where they may be many.
        """
        with self._sink(name, stored, size) as sink:
            measure = Measure(sink, self._algorithms)
            yield measure
        self.files.append(measure.packed(name))

    def put(self, name: str, octets: bytes) -> None:
        """Write one small file."""
        with self.file(name) as file:
            file.write(octets)

    @abstractmethod
    def _sink(self, name: str, stored: bool, size: int) -> AbstractContextManager[Sink]: ...

    @abstractmethod
    def close(self) -> None:
        """Write what ends the package."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the package; one that went wrong is thrown away by whoever asked for it."""
        if error is None:
            self.close()
        else:
            with suppress(OSError, ValueError):  # the first error is the one to tell
                self.close()


class ZipContainer(Container):
    """A ZIP file, with all files below one folder where that is named."""

    def __init__(
        self, path: Path, algorithms: Sequence[str], *, at: datetime, folder: str = ""
    ) -> None:
        super().__init__(algorithms)
        self._zip = zipfile.ZipFile(path, "w")
        self._folder = folder
        self._at = at.astimezone(UTC).timetuple()[:6]

    @contextmanager
    def _sink(self, name: str, stored: bool, size: int) -> Iterator[Sink]:
        entry = zipfile.ZipInfo(self._folder + name, self._at)
        entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        entry.external_attr = _FILE_MODE << 16
        # ZIP64 only where it is needed: wabac.js 2.27 (ReplayWeb.page) takes the header before a
        # file to be as long as its entry in the directory, and ZIP64 makes it longer.
        entry.file_size = size
        with self._zip.open(entry, "w") as file:
            yield file

    def close(self) -> None:
        """Write the directory of the ZIP."""
        self._zip.close()


class TarContainer(Container):
    """A TAR file, with all files below one folder."""

    def __init__(self, path: Path, algorithms: Sequence[str], *, at: datetime, folder: str) -> None:
        super().__init__(algorithms)
        self._tar = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - see close
        self._scratch = path.parent
        self._folder = folder
        self._at = int(at.timestamp())

    @contextmanager
    def _sink(self, name: str, stored: bool, size: int) -> Iterator[Sink]:
        """A TAR says the size first, so the file waits beside it until that is known."""
        with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self._scratch)) as waiting:
            yield waiting
            entry = tarfile.TarInfo(self._folder + name)
            entry.size, entry.mtime, entry.mode = waiting.tell(), self._at, _FILE_MODE
            waiting.seek(0)
            self._tar.addfile(entry, waiting)

    def close(self) -> None:
        """Write the end of the TAR."""
        self._tar.close()


class FolderContainer(Container):
    """A folder."""

    def __init__(self, path: Path, algorithms: Sequence[str]) -> None:
        super().__init__(algorithms)
        self._path = path

    @contextmanager
    def _sink(self, name: str, stored: bool, size: int) -> Iterator[Sink]:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            yield file

    def close(self) -> None:
        """Nothing ends a folder."""
