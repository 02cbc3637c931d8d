"""What is to be packed, for whom, and how the work goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from archive.access.library import Library
from archive.access.packing.container import Container
from archive.access.packing.excerpt import LARGEST_FILE, Excerpt
from archive.access.packing.packing_list import PackingList
from archive.catalogue.views import NoticeView
from archive.errors import NothingFound
from archive.notice import Home

#: Notices that are packed for a stranger over the web; `hongtou export` packs any number.
MOST_NOTICES = 200

T = TypeVar("T")


class Watched(Protocol):
    """Passes items on while a person watches how many there have been."""

    def __call__(self, items: Iterable[T], *, label: str, total: int | None) -> Iterator[T]: ...


def unwatched(items: Iterable[T], *, label: str, total: int | None) -> Iterator[T]:
    """Pass items on; nobody watches."""
    return iter(items)


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """Notices to be packed with their captures."""

    home: Home
    library: Library
    notices: Iterable[NoticeView]
    total: int | None  #: how many notices, where that is known
    title: str
    description: str
    operator: str
    software: str
    at: datetime  #: when the package is made
    watched: Watched = unwatched
    largest_warc: int = LARGEST_FILE  #: octets

    def views(self) -> Iterator[NoticeView]:
        """The notices."""
        return self.watched(self.notices, label="reading notices", total=self.total)

    def copy_captures(self, packing: PackingList, container: Container, folder: str) -> Shipped:
        """Copy the captures on a packing list into WARC files below a folder of the package.

        Raises:
            NothingFound: There is none.
            DamagedWarc: One is missing from the home, or not whole.
        """
        if not len(packing):
            raise NothingFound("None of these notices has a capture.", next_step="")
        excerpt = Excerpt(
            self.home,
            container,
            folder=folder,
            at=self.at,
            about=self._about(),
            largest_file=self.largest_warc,
        )
        copied = excerpt.copy_all(packing, self.library.place_of)
        captures = sum(
            1 for _ in self.watched(copied, label="copying captures", total=len(packing))
        )
        return Shipped(captures=captures, dangling=tuple(excerpt.dangling))

    def _about(self) -> tuple[tuple[str, str], ...]:
        """What the package's own warcinfo records say."""
        told = (
            f"{self.description} Records are copied unchanged from an archive; "
            "each names the warcinfo record of the crawl that it comes from."
        )
        return (
            ("software", self.software),
            ("operator", self.operator),
            ("robots", "obey"),
            ("isPartOf", self.title),
            ("description", told),
        )


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """What went into a package."""

    captures: int
    dangling: tuple[str, ...]  #: record ids of revisits whose originals are not in the archive
