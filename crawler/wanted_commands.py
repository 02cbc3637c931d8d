"""The command of what is missing: wanted, and its look-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.terminal import DEFAULT_HOME, HomeOption, catalogue_url, open_home, print_json, say

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from archive.catalogue.wanted import Wanted
    from archive.notice import Home
    from crawler.looking_up import LookedUp

commands = typer.Typer()


@commands.command()
def wanted(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    numbers: Annotated[bool, typer.Option("--numbers", help="Document numbers only.")] = False,
    look_up: Annotated[
        bool,
        typer.Option(
            "--look-up",
            help="Ask the State Council's library for the numbers, at most --limit of them.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON each.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """List what notices cite and the archive does not hold, the most cited first.

    With --look-up, which the setting look_up_wanted must allow, what is found joins the archive;
    what is not is left alone for a month.

    Example: hongtou wanted --numbers --limit 20
    """
    place = open_home(home)
    found = _wanted(place, limit, numbers_only=numbers or look_up)
    if not look_up:
        for one in found:
            _print_wanted(one, as_json=as_json)
        return
    for came in _look_up(place, [one.number for one in found if one.number]):
        _print_looked_up(came, as_json=as_json)


def _wanted(home: Home, limit: int, *, numbers_only: bool) -> Sequence[Wanted]:
    from archive.catalogue import Catalogue

    with Catalogue.open(catalogue_url(home), read_only=True) as catalogue:
        return catalogue.wanted(limit, numbers_only=numbers_only)


def _print_wanted(one: Wanted, *, as_json: bool) -> None:
    if as_json:
        names = ("number", "title", "cited_by", "example", "issuing_bodies", "jurisdiction")
        print_json({name: getattr(one, name) for name in names})
    else:
        whose = f"  {'、'.join(one.issuing_bodies)}" if one.issuing_bodies else ""
        typer.echo(f"{one.cited_by:>5}  {one.number or f'《{one.title}》'}{whose}  [{one.example}]")


def _look_up(home: Home, numbers: Sequence[str]) -> list[LookedUp]:
    from archive.errors import UsageError
    from archive.settings import read_settings

    if not read_settings(home).look_up_wanted:
        raise UsageError(
            "The settings do not allow to look numbers up.",
            next_step="Set `look_up_wanted = true` in hongtou.toml if that is wanted.",
        )
    if not numbers:
        say("No number is wanted.")
        return []
    from crawler.loop import run

    async def main(stop: asyncio.Event) -> list[LookedUp]:
        from crawler.looking_up import look_up
        from crawler.session import Session

        async with Session.of_home(home) as session:
            return await look_up(session, numbers, stop=stop)

    return run(main)


def _print_looked_up(came: LookedUp, *, as_json: bool) -> None:
    from archive.notice import utc_text

    asked_at = utc_text(came.asked_at) if came.asked_at else None
    if as_json:
        said = {"number": came.number, "outcome": came.outcome.value, "notice_id": came.notice_id}
        print_json({**said, "asked_at": asked_at})
        return
    words = came.outcome.value.replace("_", " ")
    if came.asked_at and came.outcome.value == "asked_before":
        words += f" ({asked_at})"
    typer.echo(f"{came.number}  {words}{f'  [{came.notice_id}]' if came.notice_id else ''}")
