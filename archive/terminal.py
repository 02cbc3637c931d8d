"""What the rooms' commands share on the terminal: the home option, JSON lines, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from archive.errors import NoHome
from archive.notice import Home

if TYPE_CHECKING:
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


def open_home(path: Path) -> Home:
    """The archive home at a path.

    Raises:
        NoHome: There is none; the message says how to make one.
    """
    home = Home(path.resolve())
    if not home.settings_file.is_file():
        raise NoHome(
            f"There is no archive home at {path}.",
            next_step=f"Make one with `hongtou init --home {path}`.",
        )
    return home


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


def with_progress(items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
    """Pass items on, with a bar on stderr where that is a terminal and nowhere else."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(items, total=total, description=label)
