"""The main job on the replica web: two crawls, and what came of them, in plain words."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.catalogue import Catalogue
from archive.catalogue.views import NoticeView
from archive.commands import make_home
from archive.errors import UsageError
from archive.notice import ChangeKind, Home, Source
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


def tell(home: Home, crawls: list[DemoCrawl]) -> Iterator[str]:
    """What happened, line by line."""
    from crawler.commands import look_line

    for crawl in crawls:
        which = "First crawl" if crawl.stage == STAGES[0] else "Second crawl, a while later"
        yield f"{which} ({crawl.seconds:.1f} s):"
        yield from (f"  {look_line(look)}" for look in crawl.looks)
        yield ""
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        yield from _tell_notices(catalogue)
    files = sorted(home.warc.rglob("*.warc.gz"))
    size = sum(path.stat().st_size for path in files)
    yield f"Evidence: {len(files)} WARC files, {size / 1000:.0f} kB, in {home.warc}"


def _tell_notices(catalogue: Catalogue) -> Iterator[str]:
    ids = dict.fromkeys(change.notice_id for change in catalogue.changes(limit=10_000))
    notices = [notice for notice in map(catalogue.notice, ids) if notice]
    yield f"{len(notices)} notices stand in the catalogue, each once:"
    for notice in notices:
        yield from _tell_notice(notice)
    kinds = [change.change for change in catalogue.changes(limit=10_000)]
    said = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ChangeKind if kind in kinds)
    yield f"Change log: {said}"
    for row in catalogue.alarms():
        yield f"ALARM {row.alarm.kind}: {row.alarm.source}: {row.alarm.came}"


def _tell_notice(notice: NoticeView) -> Iterator[str]:
    summary = notice.summary
    number = summary.document_number or "no number of its own"
    yield f"  {summary.published_on or '----------'}  {number}  {summary.title}"
    if len(notice.versions) > 1 or len(notice.sightings) > 1:
        seen = ", ".join(
            f"{sighting.source}{' (original)' if sighting.is_original else ''}"
            for sighting in notice.sightings
        )
        yield f"              {len(notice.versions)} version(s); seen at {seen}"
