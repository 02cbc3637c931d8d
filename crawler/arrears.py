"""What was kept and not yet admitted: a process was killed between the two."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from archive.errors import DepotUnreachable
from archive.notice import Capture, Home
from archive.storage import Damage, Holdings, Volume, iter_captures
from archive.terminal import say
from crawler.foreign import as_page

if TYPE_CHECKING:
    from archive.catalogue import Catalogue

log = logging.getLogger(__name__)

BATCH = 64


@dataclass(frozen=True)
class Mark:
    """A file saying that up to which WARC everything has been admitted.

    It stands between two sessions only. Without it nothing is wrong: the newest WARC files are
    read to find out.
    """

    name: str

    def put_up(self, home: Home) -> None:
        """Everything that stands in the WARCs has been admitted."""
        newest = Holdings(home).newest()
        if newest is None:
            return
        try:
            (home.path / self.name).write_text(_said_of(newest), encoding="utf-8")
        except OSError as error:
            log.warning("%s could not be put up: %s.", self.name, error)

    def take_down(self, home: Home) -> None:
        """From now on that may not be so."""
        (home.path / self.name).unlink(missing_ok=True)

    def stands(self, home: Home) -> bool:
        """Whether it was put up over the newest WARC as it is now."""
        newest = Holdings(home).newest()
        try:
            said = (home.path / self.name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return False
        return newest is None or said == _said_of(newest)


ALL_ADMITTED = Mark("all-admitted")


def arrears(
    home: Home, known: Catalogue, *, but: Collection[Volume] = ()
) -> Iterator[Sequence[Capture]]:
    """Captures that the catalogue has not taken in, in batches, in the order of keeping.

    ``but`` names files that are being taken in now: theirs are no arrears.

    Captures are admitted in that order, so they all stand behind the last one that is known:
    files are looked through from the newest back to the first whose last capture is known.
    """
    if ALL_ADMITTED.stands(home):
        return
    late: list[Volume] = []
    for volume in reversed(_volumes(home)):
        if volume in but:
            continue
        if home.warc_depot and _is_put_away(home, volume) and known.knows_file(volume.name):
            break  # a file goes into the depot only when all its captures have been admitted
        is_known = [known.has_capture(last.record_id) for last in _last(home, known, volume)]
        if is_known == [True]:
            break
        late.insert(0, volume)
    count = 0
    for volume in late:
        missing = (c for c in _captures(home, known, volume) if not known.has_capture(c.record_id))
        while captures := list(islice(missing, BATCH)):
            count += len(captures)
            yield captures
    if count:
        which = "1 capture" if count == 1 else f"{count} captures"
        say(f"An earlier process was cut short: {which} it had kept came into the catalogue now.")


def _volumes(home: Home) -> list[Volume]:
    """All files; those in the home alone, where the depot does not answer."""
    try:
        return Holdings(home).volumes()
    except DepotUnreachable as error:
        log.warning("%s What lies there had been admitted before.", error)
        return Holdings(home).volumes_here()


def _is_put_away(home: Home, volume: Volume) -> bool:
    return all(one.name != volume.name for one in Holdings(home).volumes_here())


def _last(home: Home, known: Catalogue, volume: Volume) -> deque[Capture]:
    """The last capture of a file, if it holds any."""
    return deque(_captures(home, known, volume), maxlen=1)


def _captures(home: Home, known: Catalogue, volume: Volume) -> Iterator[Capture]:
    captures = iter_captures(home, volumes=[volume], find_place=known.place_of, on_damage=_warn)
    return map(as_page, captures)


def _said_of(newest: tuple[str, int]) -> str:
    name, octets = newest
    return f"{name} {octets}\n"


def _warn(damage: Damage) -> None:
    log.warning("%s", damage)
