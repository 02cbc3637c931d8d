"""What the rooms' commands share on the terminal: the home option, JSON lines, tables, progress."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from archive.errors import NoHome
from archive.notice import Home

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from archive.settings import Settings

T = TypeVar("T")

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        envvar="HONGTOU_HOME",
        help="The archive home: the folder that holds everything.",
        show_default="hongtou-home",
    ),
]

DEFAULT_HOME = Path("hongtou-home")

UNFOLDED = 100_000  # columns; no title is as long
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def open_home(path: Path) -> Home:
    """The archive home at a path.

    Raises:
        NoHome: There is none; the message says how to make one.
        BadSetting: One of its settings cannot be used.
    """
    home = Home(path.resolve())
    if home.path.exists() and not home.path.is_dir():
        raise NoHome(f"{path} is a file.", next_step="An archive home is a folder: see --home.")
    if not home.settings_file.is_file():
        raise NoHome(
            f"There is no archive home at {path}.",
            next_step=f"Make one with `hongtou init --home {path}`.",
        )
    settings = settings_of(home)
    return replace(
        home, warc_depot=settings.warc_depot, warc_depot_endpoint=settings.warc_depot_endpoint
    )


def settings_of(home: Home) -> Settings:
    """The settings of a home, read once a command."""
    from archive.settings import read_settings

    return read_settings(home)


def catalogue_url(home: Home) -> str:
    """The database that holds this home's catalogue."""
    return settings_of(home).database_url or home.catalogue_url


def print_json(value: Any) -> None:
    """Print one value as one line of JSON, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def say(text: str) -> None:
    """Tell the person at the terminal something that is not the command's result."""
    typer.echo(text, err=True)


def counted(number: int, what: str) -> str:
    """1 page, 2 pages."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def make_console() -> Console:
    """A console for results: as wide as the terminal; in a pipe or a file nothing is folded."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, width=UNFOLDED)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Print aligned rows, as wide as the terminal; in a pipe or a file a row is one line.

    A heading that begins with ``>`` is of a column of numbers, set to the right. A heading that
    ends with ``…`` is of a column that is cut to fit rather than folded.
    """
    from rich.table import Table

    console, cells = make_console(), [list(row) for row in rows]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for number, heading in enumerate(headings):
        is_cut = heading.endswith("…")
        table.add_column(
            heading.strip(">…"),
            justify="right" if heading.startswith(">") else "left",
            no_wrap=is_cut or number < len(headings) - 1,
            overflow="ellipsis" if is_cut else "fold",
            max_width=_room_left(console.width, number, headings, cells) if is_cut else None,
        )
    for row in cells:
        table.add_row(*row)
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


def _room_left(
    width: int, number: int, headings: Sequence[str], rows: Sequence[Sequence[str | Text]]
) -> int:
    """Columns of the terminal that the other columns of a table leave to this one."""
    from rich.cells import cell_len

    columns = zip(headings, *rows, strict=True)
    taken = [2 + max(cell_len(str(cell).strip(">…")) for cell in column) for column in columns]
    return max(8, width - sum(taken) + taken[number] - 2)


def command_name() -> str:
    """How this command line is called here, for commands that a person is told to run."""
    called = Path(sys.argv[0])
    if called.name != "hongtou" or shutil.which("hongtou"):
        return "hongtou"
    return os.path.relpath(called)


def time_from(moment: datetime, now: datetime | None = None) -> str:
    """How far away a moment is, as people say it: ``3 min ago``, ``in 5 h``, ``now``."""
    away = moment - (now or datetime.now(UTC))
    size = abs(away)
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if size >= unit:
            count = f"{size // unit} {name}"
            return f"in {count}" if away > timedelta(0) else f"{count} ago"
    return "now"


def with_progress(items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
    """Pass items on, with a bar on stderr where that is a terminal and nowhere else."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(items, total=total, description=label)
