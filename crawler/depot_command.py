"""The command that puts closed WARC files away, and what `status` says of those that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.terminal import DEFAULT_HOME, HomeOption, open_home, print_json, say

if TYPE_CHECKING:
    import asyncio

    from archive.notice import Home

commands = typer.Typer()

SOMETHING_FAILED = 1


@commands.command("put-away")
def put_away(
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="The counts as one JSON value.")] = False,
) -> None:
    """Put closed WARC files into the depot that the setting warc_depot names.

    Each crawl does so by itself at its end, and `hongtou watch` every ten minutes; this is for
    files of an archive that had no depot before, and for those that a silent store left waiting.
    A file leaves the home once it was read back from there. Exit code 1 says that some stay.

    Example: hongtou put-away --home archive
    """
    from archive.errors import UsageError
    from crawler.loop import run
    from crawler.session import Session

    place = open_home(home)
    before = depot_json(place)
    if before is None:
        raise UsageError(
            "This archive has no depot.", next_step="Name one with the setting warc_depot."
        )

    async def main(stop: asyncio.Event) -> None:
        async with Session.of_home(place):
            pass  # what a crash left is admitted first; a session puts files away when it ends

    run(main)
    after = depot_json(place)
    assert after is not None
    done = max(0, before["waiting"] - after["waiting"])
    if as_json:
        print_json({"done": done, "waiting": after["waiting"]})
    else:
        say(f"{done} WARC files were put away in {place.warc_depot}, {after['waiting']} wait.")
    if after["waiting"]:
        raise typer.Exit(SOMETHING_FAILED)


def depot_json(home: Home) -> dict[str, Any] | None:
    """The depot and the closed files that wait in the home to be put away; None without one."""
    from archive.storage import Holdings

    if not home.warc_depot:
        return None
    sizes = [volume.octets() for volume in Holdings(home).waiting()]
    return {"depot": home.warc_depot, "waiting": len(sizes), "octets": sum(sizes)}
