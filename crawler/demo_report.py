"""What came of the demo's two crawls, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from archive.catalogue import Catalogue
from archive.catalogue.views import NoticeView
from archive.notice import Home
from archive.storage import Holdings
from archive.terminal import command_name, make_console, print_table
from crawler.demo import STAGES, DemoCrawl
from crawler.look_report import look_json

#: What is counted of a look, and the heading it stands under.
COUNTS = {
    "leads": ">leads",
    "new": ">new",
    "revised": ">revised",
    "copy": ">copies",
    "unchanged": ">unchanged",
    "set_aside": ">off topic",
    "errors": ">errors",
}
NUMBER_SHOWN = "巴南府办〔2024〕5号"


def report_json(home: Home, crawls: Sequence[DemoCrawl]) -> dict[str, Any]:
    """What happened, as a JSON value."""
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        changes = Counter(str(change.change) for change in catalogue.changes(limit=10_000))
        notices = catalogue.count_notices()
    return {
        "home": str(home.path),
        "crawls": [
            {
                "stage": crawl.stage,
                "seconds": round(crawl.seconds, 3),
                "looks": [look_json(look) for look in crawl.looks],
            }
            for crawl in crawls
        ],
        "notices": notices,
        "changes": changes,
        "warc_files": len(Holdings(home).volumes()),
        "warc_bytes": _warc_bytes(home),
    }


def print_report(home: Home, crawls: Sequence[DemoCrawl], shown: Path) -> None:
    """What happened, for a person; `shown` is the home as they wrote it."""
    for crawl in crawls:
        _print_crawl(crawl)
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        ids = dict.fromkeys(change.notice_id for change in catalogue.changes(limit=10_000))
        notices = [notice for notice in map(catalogue.notice, ids) if notice]
        alarms = catalogue.alarms()
    typer.echo(f"{len(notices)} notices stand in the catalogue, each once. Some with a history:\n")
    for notice in notices:
        _print_history(notice)
    for row in alarms:
        typer.echo(f"ALARM {row.alarm.kind}  {row.alarm.source}: {row.alarm.came}")
    size = f"{_warc_bytes(home) / 1000:.0f} kB"
    typer.echo(f"\nThe bytes: {len(Holdings(home).volumes())} WARC files, {size}, in {shown}/warc")
    typer.echo("See more:")
    for words in (f"show {NUMBER_SHOWN}", "search 医共体", "verify", "serve"):
        typer.echo(f"  {command_name()} {words} --home {shown}")


def _print_crawl(crawl: DemoCrawl) -> None:
    which = "First crawl" if crawl.stage == STAGES[0] else "Second crawl, some days later there"
    typer.echo(f"{which}: {crawl.seconds:.1f} s\n")
    looks = [look_json(look) for look in crawl.looks]
    rows = [[look["source"], *(str(look[name] or "·") for name in COUNTS)] for look in looks]
    print_table(["source", *COUNTS.values()], rows)
    typer.echo()


def _print_history(notice: NoticeView) -> None:
    """A notice that has more than one version or was seen in more than one place."""
    from rich.text import Text

    if len(notice.versions) < 2 and len(notice.sightings) < 2:
        return
    places = [f"{one.source} (original)" for one in notice.sightings if one.is_original]
    places += [one.source for one in notice.sightings if not one.is_original]
    versions = f"{len(notice.versions)} versions, " if len(notice.versions) > 1 else ""
    number = notice.summary.document_number or "no number of its own"
    said = f"  {number}: {versions}seen at {', '.join(places)}"
    title = Text(f"      {notice.summary.title}", style="dim")
    console = make_console()
    console.print(Text(said))
    console.print(title, no_wrap=True, overflow="ellipsis")


def _warc_bytes(home: Home) -> int:
    return sum(volume.octets() for volume in Holdings(home).volumes())
