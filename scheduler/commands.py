"""Commands of the control room: watch, status."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.terminal import (
    DEFAULT_HOME,
    HomeOption,
    catalogue_url,
    make_console,
    open_home,
    print_json,
    print_table,
    say,
    time_from,
)

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from archive.catalogue import Catalogue
    from archive.catalogue.views import RunView
    from archive.notice import Home
    from crawler.look import Look

commands = typer.Typer()

NEEDS_A_PERSON = 1
MOST_ALARMS = 10**9  # within what each database takes for a number


@commands.command()
def watch(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; none: all that are enabled.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a look.")] = False,
) -> None:
    """Look at every column when it is due, until Ctrl-C.

    What fell due while nothing ran is looked at once, now. Once a day, at a quiet moment, a share
    of the kept bytes is checked (setting verify_days).

    Example: hongtou watch harbin banan
    """
    from crawler.loop import run

    place = open_home(home)

    async def main(stop: asyncio.Event) -> None:
        from crawler.look import choose_sources
        from crawler.session import Session
        from scheduler.control_room import ControlRoom
        from scheduler.file_rounds import files_kept_up
        from scheduler.fixity_rounds import FixityRounds

        session = Session.of_home(place)
        chosen = choose_sources(session, sources or [])  # before anything is started
        async with session:
            columns = _count(sum(len(source.columns) for source in chosen), "column")
            say(f"Watching {columns} of {_count(len(chosen), 'source')}. Ctrl-C ends it.")
            room = ControlRoom(
                session, chosen, told=lambda look: _tell(look, as_json), resting=_say_next
            )
            rounds = FixityRounds(session, is_quiet=lambda: room.is_quiet)
            async with files_kept_up(session), rounds.kept_up():
                await room.watch(stop)
        say("Stopped. Due times are kept.")

    run(main)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _say_next(source: str, due_at: datetime) -> None:
    local = due_at.astimezone()
    say(f"Next: {source}, {time_from(due_at)} ({local:%Y-%m-%d %H:%M}).")


def _tell(look: Look, as_json: bool) -> None:
    from crawler.look_report import look_json, look_line

    if as_json:
        print_json(look_json(look))
    else:
        typer.echo(look_line(look))


@commands.command()
def status(
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as one JSON value.")] = False,
    done: Annotated[
        list[int] | None,
        typer.Option(min=1, max=MOST_ALARMS, help="Number of an alarm that a person has seen to."),
    ] = None,
) -> None:
    """Show the health of every source, the last runs and what needs a person.

    An alarm that no later look can end, such as a page that could not be read, is closed with
    --done. Exit code 1 says that something needs a person.

    Example: hongtou status --done 7
    """
    from archive.catalogue import Catalogue

    place = open_home(home)
    if done:
        _close_alarms(place, done)
    with Catalogue.open(catalogue_url(place), read_only=True) as catalogue:
        state = _state(place, catalogue)
    if as_json:
        print_json(state)
    else:
        _print(state)
    if state["alarms"]:
        raise typer.Exit(NEEDS_A_PERSON)


def _close_alarms(home: Home, numbers: Sequence[int]) -> None:
    from archive.catalogue import Catalogue
    from archive.errors import UsageError

    with Catalogue.open(catalogue_url(home)) as catalogue:
        for number in numbers:
            if not catalogue.close_alarm(number, datetime.now(UTC)):
                raise UsageError(
                    f"No alarm {number} is open.",
                    next_step="See `hongtou status` for those that are.",
                )


def _state(home: Home, catalogue: Catalogue) -> dict[str, Any]:
    """All that `status` knows, as a JSON value."""
    from crawler.depot_command import depot_json
    from spiders import load_sources

    latest: dict[str, RunView] = {}
    for run in catalogue.runs(limit=500):
        latest.setdefault(run.source, run)
    due: dict[str, datetime] = {}
    for watch in catalogue.watches():
        due[watch.source] = min(due.get(watch.source, watch.due_at), watch.due_at)
    return {
        "notices": catalogue.count_notices(),
        "changes": catalogue.last_seq(),
        "depot": depot_json(home),
        "sources": [
            {
                "source": source.id,
                "name": source.name,
                "enabled": source.enabled,
                "last_run": plain(latest.get(source.id)),
                "due_at": plain(due.get(source.id)),
            }
            for source in load_sources(home.sources).values()
        ],
        "alarms": [
            plain(row.alarm)
            | {"id": row.id, "times": row.times, "last_raised_at": plain(row.last_raised_at)}
            for row in catalogue.alarms()
        ],
    }


def plain(value: Any) -> Any:
    """A view as JSON takes it: moments as ISO 8601 in UTC."""
    from archive.notice import utc_text

    if isinstance(value, datetime):
        return utc_text(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _print(state: dict[str, Any]) -> None:
    typer.echo(f"{state['notices']} notices, {state['changes']} changes")
    rows = [_cells(row) for row in state["sources"] if row["last_run"] or row["due_at"]]
    if rows:
        headings = ("source", "name…", "looked", "outcome", ">new", ">revised", ">errors", "due")
        print_table(headings, rows)
    else:
        say("No source was looked at yet. Begin with `hongtou crawl SOURCE` or `hongtou watch`.")
    depot = state["depot"]
    if depot is not None and depot["waiting"]:
        size = f"{depot['octets'] / 1e6:.1f} MB"
        say(f"{_count(depot['waiting'], 'closed WARC file')}, {size}, to go to {depot['depot']}.")
    for alarm in state["alarms"]:
        _print_alarm(alarm)


def _print_alarm(alarm: dict[str, Any]) -> None:
    from rich.text import Text

    where = "/".join(part for part in (alarm["source"], alarm["column"]) if part)
    head = f"ALARM {alarm['id']}  {alarm['kind']}  {where}  {_times(alarm)}"
    lines = [("url", "url"), ("expected", "expected"), ("came", "came"), ("do", "to_do")]
    told = "".join(f"\n  {label:9} {alarm[key]}" for label, key in lines)
    # A Text, because what comes from the web must not be read as Rich's markup.
    make_console().print(Text.assemble("\n", (head, "bold red"), told))


def _times(alarm: dict[str, Any]) -> str:
    last = time_from(datetime.fromisoformat(alarm["last_raised_at"]))
    return last if alarm["times"] == 1 else f"{alarm['times']} times, the last {last}"


def _cells(row: dict[str, Any]) -> list[str]:
    run = row["last_run"]
    due = time_from(datetime.fromisoformat(row["due_at"])) if row["due_at"] else "not watched"
    if run is None:
        return [row["source"], row["name"], "never", "", "", "", "", due]
    looked = time_from(datetime.fromisoformat(run["started_at"]))
    counts = [str(run[name]) for name in ("new", "revised", "errors")]
    return [row["source"], row["name"], looked, run["outcome"] or "under way", *counts, due]
