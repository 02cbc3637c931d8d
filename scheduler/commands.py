"""Commands of the control room: watch, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.terminal import DEFAULT_HOME, HomeOption, catalogue_url, open_home, print_json, say

if TYPE_CHECKING:
    import asyncio

    from archive.catalogue import Catalogue
    from archive.notice import Home
    from crawler.look import Look

commands = typer.Typer()

NEEDS_A_PERSON = 1


@commands.command()
def watch(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; none: all that are enabled.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a look.")] = False,
) -> None:
    """Look at every column when it is due, until Ctrl-C.

    What fell due while nothing ran is looked at once, now. Example: hongtou watch harbin banan
    """
    from crawler.loop import run

    place = open_home(home)

    async def main(stop: asyncio.Event) -> None:
        from crawler.look import choose_sources
        from crawler.session import Session
        from scheduler.control_room import ControlRoom

        async with Session.of_home(place) as session:
            chosen = choose_sources(session, sources or [])
            columns = sum(len(source.columns) for source in chosen)
            say(f"Watching {columns} columns of {len(chosen)} sources. Ctrl-C ends.")
            await ControlRoom(session, chosen, told=lambda look: _tell(look, as_json)).watch(stop)
        say("Stopped. Due times are kept.")

    run(main)


def _tell(look: Look, as_json: bool) -> None:
    from crawler.commands import look_json, look_line

    if as_json:
        print_json(look_json(look))
    else:
        typer.echo(look_line(look))


@commands.command()
def status(
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as one JSON value.")] = False,
) -> None:
    """Show the health of every source, the last runs and what needs a person.

    Exit code 1 says that something does. Example: hongtou status --json | jq .alarms
    """
    from archive.catalogue import Catalogue

    place = open_home(home)
    with Catalogue.open(catalogue_url(place), read_only=True) as catalogue:
        state = _state(place, catalogue)
    if as_json:
        print_json(state)
    else:
        _print(state)
    if state["alarms"]:
        raise typer.Exit(NEEDS_A_PERSON)


def _state(home: Home, catalogue: Catalogue) -> dict[str, Any]:
    from dataclasses import asdict

    from archive.notice import utc_text
    from spiders import load_sources

    latest: dict[str, Any] = {}
    for run in catalogue.runs(limit=500):
        latest.setdefault(run.source, run)
    due: dict[str, Any] = {}
    for one in catalogue.watches():
        due[one.source] = min(due.get(one.source, one.due_at), one.due_at)
    return {
        "notices": catalogue.count_notices(),
        "changes": catalogue.last_seq(),
        "sources": [
            {
                "source": source.id,
                "name": source.name,
                "enabled": source.enabled,
                "last_run": asdict(latest[source.id]) if source.id in latest else None,
                "due_at": utc_text(due[source.id]) if source.id in due else None,
            }
            for source in load_sources(home.sources).values()
        ],
        "alarms": [
            {
                "id": row.id,
                "kind": row.alarm.kind,
                "source": row.alarm.source,
                "column": row.alarm.column,
                "url": row.alarm.url,
                "expected": row.alarm.expected,
                "came": row.alarm.came,
                "to_do": row.alarm.to_do,
                "times": row.times,
                "last_raised_at": utc_text(row.last_raised_at),
            }
            for row in catalogue.alarms()
        ],
    }


def _print(state: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{state['notices']} notices, {state['changes']} changes")
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "name", "last look", "outcome", "new", "revised", "errors", "due"):
        table.add_column(heading)
    for row in state["sources"]:
        if row["last_run"] or row["due_at"]:
            table.add_row(*_cells(row))
    console.print(table)
    for alarm in state["alarms"]:
        where = "/".join(part for part in (alarm["source"], alarm["column"]) if part)
        console.print(
            f"\n[bold red]ALARM {alarm['id']}[/] {alarm['kind']} {where} ({alarm['times']} times)",
            highlight=False,
        )
        for label, key in (
            ("url", "url"),
            ("expected", "expected"),
            ("came", "came"),
            ("do", "to_do"),
        ):
            # Text from the web must not be read as Rich's markup.
            console.print(f"  {label}: {alarm[key]}", markup=False, highlight=False)


def _cells(row: dict[str, Any]) -> list[str]:
    run = row["last_run"]
    if run is None:
        return [row["source"], row["name"], "never", "", "", "", "", row["due_at"] or ""]
    return [
        row["source"],
        row["name"],
        f"{run['started_at']:%Y-%m-%d %H:%M}",
        run["outcome"],
        str(run["new"]),
        str(run["revised"]),
        str(run["errors"]),
        (row["due_at"] or "")[:16],
    ]
