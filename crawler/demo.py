"""The main job on the replica web: two crawls, the second a while later."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.commands import make_home
from archive.errors import UsageError
from archive.notice import Home, Source
from archive.settings import read_settings
from crawler.look import Look, look_at_all
from crawler.replica import Replica
from crawler.session import Session

MARK = ".made-by-demo"
STAGES = (1, 2)


@dataclass(frozen=True, kw_only=True)
class DemoCrawl:
    """One of the two crawls."""

    stage: int
    looks: tuple[Look, ...]
    seconds: float


def fresh_home(path: Path) -> Home:
    """An empty archive home for the demo; an earlier demo's is taken away, nothing else is.

    Raises:
        UsageError: There is a folder that no demo made.
    """
    if path.exists() and any(path.iterdir()):
        if not (path / MARK).exists():
            raise UsageError(
                f"{path} is there and was not made by the demo.",
                next_step="Choose another folder with --home.",
            )
        shutil.rmtree(path)
    home = Home(path.resolve())
    make_home(home, operator="Hongtou demo", site_name="红头 Hongtou · demo")
    (path / MARK).touch()
    return home


async def crawl_replica(home: Home, replica: Replica, stop: asyncio.Event) -> list[DemoCrawl]:
    """Crawl the replica web as it stands, then as it stands a while later."""
    crawls = []
    for stage in STAGES:
        replica.stage = stage
        begun = time.monotonic()
        async with demo_session(home, replica, recheck=stage > STAGES[0]) as session:
            looks = await look_at_all(session, list(replica_sources(session, replica)), stop)
        crawls.append(DemoCrawl(stage=stage, looks=tuple(looks), seconds=time.monotonic() - begun))
    return crawls


def demo_session(home: Home, replica: Replica, *, recheck: bool = False, **named: Any) -> Session:
    """A session that dials the replica for every host and does not make it wait."""
    settings = read_settings(home).model_copy(
        update={
            "dial": replica.dial,
            "ca_file": str(replica.ca_file),
            "host_delay_seconds": 0.0,
            **named,
        }
    )
    return Session(home, settings, recheck_all=recheck)


def replica_sources(session: Session, replica: Replica) -> Iterator[Source]:
    """The sources whose sites the replica web has."""
    for source in session.sources.values():
        if set(source.hosts) & set(replica.hosts):
            yield source
