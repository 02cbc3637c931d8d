"""Commands of the storage room: fixity of everything that was kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.errors import HomeInUse, HomeNotWritable
from archive.notice import Home
from archive.terminal import DEFAULT_HOME, HomeOption, open_home, print_json, say, with_progress

if TYPE_CHECKING:
    from archive.storage.damage import Damage

commands = typer.Typer()


@commands.command()
def verify(
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a fault.")] = False,
) -> None:
    """Check every record of every WARC: digests, pairs, the originals of revisits.

    Prints file, offset, record and what to do for each fault; exit code 1 when there is any.

    Example: hongtou verify --home archive
    """
    from archive.storage.fixity import Fixity

    place = open_home(home)
    found: list[Damage] = []

    def tell(damage: Damage) -> None:
        found.append(damage)
        if as_json:
            print_json(vars(damage))
        else:
            typer.echo(str(damage))

    fixity = Fixity(place, tell)
    paths = list(_files(place))
    fixity.check_files(with_progress(paths, label="Checking WARC files", total=len(paths)))
    fixity.check_links()
    count = f"{fixity.records} records in {fixity.files} files, {fixity.octets / 1e6:.1f} MB"
    say(f"{count}: {f'{len(found)} faults' if found else 'all as written'}.")
    if found:
        raise typer.Exit(1)


def _files(home: Home) -> Iterator[Path]:
    """The files to check; while a crawl runs, not the one that it is writing."""
    from archive.storage.home_lock import HomeLock
    from archive.storage.warc_name import OPEN_SUFFIX, warc_files

    is_in_use = False
    try:
        with HomeLock(home):
            pass
    except HomeInUse as error:
        is_in_use = True
        say(f"{error.args[0]} Its unfinished file is left out.")
    except HomeNotWritable:
        is_in_use = False  # a copy on a read-only disk: nobody writes to it
    for path in warc_files(home.warc):
        if not (is_in_use and path.name.endswith(OPEN_SUFFIX)):
            yield path
