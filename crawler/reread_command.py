"""The command reread: what the present reader makes of old captures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.terminal import (
    DEFAULT_HOME,
    HomeOption,
    open_home,
    print_json,
    say,
    settings_of,
    with_progress,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.notice import Home
    from crawler.rereading import Reread, Tally

commands = typer.Typer()

SOMETHING_DIFFERS = 1
_MOST_SHOWN = 80  # characters of a value
_MOST_LINES = 3  # lines of a text


@commands.command()
def reread(
    home: HomeOption = DEFAULT_HOME,
    apply: Annotated[
        bool, typer.Option("--apply", help="Have the new readings count. Nothing is announced.")
    ] = False,
    source: Annotated[
        str, typer.Option(help="Only what was seen on this source; empty: everything.")
    ] = "",
    limit: Annotated[
        int, typer.Option(min=0, help="Notices that are shown; all are counted.")
    ] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="One line of JSON a notice, then one with the counts.")
    ] = False,
) -> None:
    """Read old captures with the present reader and show what would change.

    After an upgrade, or when a source.toml says more of its pages. A document's change is not a
    reader's change: no feed tells of a revision. Exit code 1 says that something would change and
    was not applied, or that a capture could not be read.

    Example: hongtou reread --source harbin --limit 5
    """
    from crawler.rereading import Tally, reread_home

    place = open_home(home)
    settings = settings_of(place)
    check_source(place, source)
    tally, show = Tally(), _Shower(limit, as_json=as_json)

    def tell(one: Reread) -> None:
        tally.add(one)
        show(one)

    reread_home(
        place,
        settings.database_url or place.catalogue_url,
        source=source or None,
        is_applied=apply,
        page_seconds=settings.reader_seconds,
        progress=lambda readings: with_progress(readings, label="reading again"),
        tell=tell,
    )
    _print_tally(tally, is_applied=apply, as_json=as_json)
    is_otherwise = any(tally.counts.values())
    if tally.counts["unreadable"] or (is_otherwise and not apply):
        raise typer.Exit(SOMETHING_DIFFERS)


def check_source(home: Home, name: str) -> None:
    """Refuse a name that is no source; the catalogue's own word for pages of none is one.

    Raises:
        UnknownSource: There is none of that name.
    """
    from archive.errors import UnknownSource
    from archive.plain_words import did_you_mean
    from crawler.admission import UNKNOWN_SOURCE
    from spiders import load_sources

    known = {*load_sources(home.sources), UNKNOWN_SOURCE.id}
    if name and name not in known:
        raise UnknownSource(f"There is no source '{name}'.{did_you_mean(name, known)}")


class _Shower:
    """Shows the first of those that are read otherwise."""

    def __init__(self, limit: int, *, as_json: bool) -> None:
        self._left = limit
        self._print: Callable[[Reread], None] = _print_as_json if as_json else _print_in_words

    def __call__(self, one: Reread) -> None:
        if one.is_otherwise and self._left:
            self._left -= 1
            self._print(one)


def _print_as_json(one: Reread) -> None:
    print_json(
        {
            "notice": one.before.notice_id,
            "url": one.before.url,
            "record_id": one.before.record_id,
            "is_taken_in": one.is_taken_in,
            "set_aside": one.set_aside,
            "unreadable": one.unreadable,
            "changes": {
                name: [_plain(before), _plain(now)] for name, (before, now) in one.changes.items()
            },
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return vars(value) if hasattr(value, "__dict__") else value


def _print_in_words(one: Reread) -> None:
    typer.echo(f"{one.before.notice_id or 'set aside'}  {one.before.url}")
    if one.is_taken_in:
        typer.echo(f"    is a notice now; it was set aside: {one.before.set_aside}")
    if one.set_aside:
        typer.echo(f"    would be set aside now, and stays: {one.set_aside}")
    if one.unreadable:
        typer.echo(f"    could not be read: {one.unreadable}")
    for name, (before, now) in one.changes.items():
        if name == "text":
            _print_text(before, now)
        else:
            typer.echo(f"    {name}: {_short(before)} → {_short(now)}")


def _print_text(before: str, now: str) -> None:
    typer.echo(f"    text: {len(before)} → {len(now)} characters")
    old, new = before.split("\n"), now.split("\n")
    for mark, lines, others in (("-", old, set(new)), ("+", new, set(old))):
        only = [line for line in lines if line not in others]
        for line in only[:_MOST_LINES]:
            typer.echo(f"      {mark} {_short(line)}")
        if len(only) > _MOST_LINES:
            typer.echo(f"      {mark} … {len(only) - _MOST_LINES} more")


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        said = "、".join(str(getattr(one, "title", one)) for one in value)
    else:
        said = "" if value is None else str(value)
    said = said or "(nothing)"
    return said if len(said) <= _MOST_SHOWN else f"{said[:_MOST_SHOWN]}…"


def _print_tally(tally: Tally, *, is_applied: bool, as_json: bool) -> None:
    if as_json:
        print_json(tally.as_json())
        return
    told = ", ".join(f"{count} {name}" for name, count in tally.counts.items() if count)
    typer.echo(f"{tally.captures} captures read again: {told or 'all as before'}.")
    for name, count in tally.fields.most_common():
        typer.echo(f"  {name:16} {count}")
    if told and not is_applied:
        say("Nothing was changed. `hongtou reread --apply` has it count.")
