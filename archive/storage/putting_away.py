"""Putting closed WARC files away: from the home into the depot that the settings name.

A file goes up, is read back by its digest, is noted as replicated, and only then leaves the home.
A crash between any two of these leaves it in both places: it is one file, and the next time goes on
from there. A file goes up only when all its captures have been admitted, so that what a crash left
to be admitted always lies in the home.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from archive.errors import DepotUnreachable, DigestMismatch, StorageError
from archive.notice import Home
from archive.storage.depot import Depot
from archive.storage.fixity_journal import EventType, FixityJournal
from archive.storage.folder_depot import sync_folder
from archive.storage.holdings import Holdings
from archive.storage.volume import Volume

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class PutAway:
    """What came of one time of putting files away."""

    done: tuple[str, ...]  #: names of files that lie in the depot now, and there alone
    trouble: str = ""  #: why others stay in the home


def put_away(home: Home, names: Sequence[str]) -> PutAway:
    """Put files into the depot; to be called with the home's lock held, or from its holder.

    What cannot be put away stays in the home, is told, and is tried again the next time.

    Args:
        home: The archive.
        names: Of closed files all of whose captures have been admitted.
    """
    holdings, done, trouble = Holdings(home), [], ""
    depot = holdings.depot
    if depot is None:
        return PutAway(done=())
    wanted = set(names)
    for volume in holdings.waiting():
        if volume.name not in wanted:
            continue
        try:
            _put_away(holdings, depot, volume)
        except (StorageError, OSError) as error:
            trouble = f"{volume.name} stays in the home: {error}"
            log.warning("%s", trouble)
            if isinstance(error, DepotUnreachable):
                break
        else:
            done.append(volume.name)
    return PutAway(done=tuple(done), trouble=trouble)


def _put_away(holdings: Holdings, depot: Depot, volume: Volume) -> None:
    name, journal = volume.name, FixityJournal(holdings.home)
    known = journal.manifest().get(name)
    sha256 = known.sha256 if known is not None else volume.sha256()
    octets = volume.octets()
    here = Volume(name=name, lender=holdings.at_home)
    depot.take(here, name, sha256)
    if Volume(name=name, lender=depot).sha256() != sha256:
        # Put aside, so that the next time finds the name free.
        aside = depot.take_down(name)
        raise DigestMismatch(f"{depot.address} gave back other octets; {aside} is what it had.")
    journal.note(
        EventType.REPLICATION,
        name,
        sha256=sha256,
        octets=octets,
        detail=f"to {depot.address}/{name}, read back; no longer in the home",
    )
    path = holdings.at_home.path_of(name)
    path.unlink()
    sync_folder(path.parent)
