"""One WARC file, wherever it lies: what every room reads instead of a path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

_PART = 1 << 18


class Lends(Protocol):
    """Gives out the octets of files by their names."""

    def open(self, name: str, offset: int = 0) -> BinaryIO:
        """A file as a stream from an offset, on which one can seek; the caller closes it.

        Raises:
            FileNotFoundError: There is no such file.
            DepotUnreachable: Nobody can say so now.
            OSError: It cannot be read.
        """
        ...

    def octets(self, name: str) -> int:
        """How long a file is; raises as `open` does."""
        ...


@dataclass(frozen=True, kw_only=True)
class Volume:
    """A WARC file by its name, and who lends its octets."""

    name: str  #: as `Place` has it: below the WARC folder, the same before and after closing
    lender: Lends
    is_unfinished: bool = False  #: it is being written, or a killed process left it so
    listed_octets: int | None = field(default=None, compare=False)  #: how long a listing says it is

    def open(self, offset: int = 0) -> BinaryIO:
        """Its octets as a stream from an offset, on which one can seek; the caller closes it.

        Raises:
            FileNotFoundError: It is gone.
            DepotUnreachable: The store it lies in does not answer.
            OSError: It cannot be read.
        """
        return self.lender.open(self.name, offset)

    def octets(self) -> int:
        """How long it is, asked for unless a listing said so; raises as `open` does."""
        if self.listed_octets is not None:
            return self.listed_octets
        return self.lender.octets(self.name)

    def sha256(self) -> str:
        """The digest of all of it, in hexadecimal; raises as `open` does."""
        digest = hashlib.sha256()
        with self.open() as file:
            while part := file.read(_PART):
                digest.update(part)
        return digest.hexdigest()


class _Loose:
    """Files anywhere on this machine, by their paths."""

    def open(self, name: str, offset: int = 0) -> BinaryIO:
        file = Path(name).open("rb")  # noqa: SIM115 - the caller closes it
        file.seek(offset)
        return file

    def octets(self, name: str) -> int:
        return Path(name).stat().st_size


_LOOSE = _Loose()


def loose_volume(path: Path) -> Volume:
    """A WARC file that is in no archive, such as one that is to be taken in."""
    return Volume(name=str(path), lender=_LOOSE)
