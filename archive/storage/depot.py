"""Where whole, closed WARC files lie for good: the interface, without saying of what it is made.

A file that is being written never lies in a depot: no object store can append, sync or rename.
`archive.storage.holdings` puts the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Protocol

from archive.storage.volume import Lends, Volume
from archive.storage.warc_name import WARC_NAME


class Depot(Lends, Protocol):
    """Keeps closed files under their names; nothing in it is ever changed or deleted."""

    @property
    def address(self) -> str:
        """Where it is, as a person writes it: a folder or a URL."""
        ...

    def listing(self) -> Mapping[str, int]:
        """The names of all files and how long each is, in the order of keeping.

        Raises:
            DepotUnreachable: Nobody can say so now.
        """
        ...

    def take(self, volume: Volume, name: str, sha256: str) -> None:
        """Put a closed file up under its final name, never over another one.

        A crash within leaves the file under that name whole, or not at all. The same file again
        changes nothing. Whoever lets the original go reads this one back first.

        Args:
            volume: What is to be copied; it stays where it is.
            name: What it is to be called.
            sha256: What it must be, in hexadecimal.

        Raises:
            DigestMismatch: The file is not that.
            NameTaken: Another file has that name; it stays as it is.
            DepotUnreachable: It does not answer; the file may be there all the same.
            OSError: It cannot be written.
        """
        ...

    def take_down(self, name: str) -> str:
        """Put a file aside under a name of its own, which no listing shows; what that is.

        Raises:
            FileNotFoundError: There is no such file.
            DepotUnreachable: Nobody can say so now.
            OSError: It cannot be moved.
        """
        ...


def order_of(name: str) -> tuple[str, ...]:
    """What names are sorted by: folder by folder, which is the order of keeping."""
    return tuple(name.split("/"))


def in_order(*listings: Mapping[str, int]) -> Mapping[str, int]:
    """Several listings as one, in the order of keeping; of two with a name, the first counts."""
    merged: dict[str, int] = {}
    for listing in reversed(listings):
        merged.update(listing)
    return dict(sorted(merged.items(), key=lambda item: order_of(item[0])))


def is_volume_name(name: str) -> bool:
    """Whether a name is a WARC file's and leads nowhere else: a store may hold anything."""
    path = PurePosixPath(name)
    is_below = not path.is_absolute() and ".." not in path.parts and str(path) == name
    return is_below and name.isprintable() and WARC_NAME.match(path.name) is not None


def free_name(name: str, taken: Iterable[str]) -> str:
    """The first ``….damaged-N`` that nobody has."""
    known = set(taken)
    number = 1
    while (aside := f"{name}.damaged-{number}") in known:
        number += 1
    return aside
