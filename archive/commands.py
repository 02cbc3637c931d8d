"""Commands of the archive as a whole: make a home, show its settings."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.errors import HomeNotWritable, UsageError
from archive.notice import Home
from archive.terminal import DEFAULT_HOME, HomeOption, open_home, print_json, say

commands = typer.Typer()

HEAD = """\
# Settings of this archive. `hongtou config` shows each one, its value and what it is for.
"""


@commands.command()
def init(
    home: HomeOption = DEFAULT_HOME,
    operator: Annotated[str, typer.Option(help="Who runs this archive.")] = "",
    contact: Annotated[str, typer.Option(help="Where a site's staff can reach you.")] = "",
) -> None:
    """Make an archive home.

    Example: hongtou init --home archive --operator "某大学图书馆" --contact https://lib.example/bot
    """
    place = Home(home.resolve())
    if place.settings_file.exists():
        raise UsageError(f"{home} is an archive home already.", next_step="See `hongtou status`.")
    make_home(place, operator=operator, contact=contact)
    say(f"Made an archive home at {home}. Next: `hongtou crawl --home {home}`.")
    if not contact:
        say("No --contact was given: sites cannot reach you. Set `contact` in hongtou.toml.")


def make_home(home: Home, **values: str) -> None:
    """Make the folders, the settings file and the empty catalogue of a new home.

    Raises:
        HomeNotWritable: The folder cannot be made or written.
    """
    from archive.catalogue import Catalogue

    try:
        for folder in (home.path, home.warc, home.journal, home.sources):
            folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{name} = {_toml(value)}" for name, value in values.items() if value]
        home.settings_file.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise HomeNotWritable(
            f"{home.path} cannot be made: {error.strerror or error}.",
            next_step="Choose a folder you may write to with --home.",
        ) from error
    Catalogue.open(home.catalogue_url, create=True).close()


def _toml(text: str) -> str:
    """Write a basic TOML string; JSON's escapes are a subset of TOML's."""
    import json

    return json.dumps(text, ensure_ascii=False)


@commands.command()
def config(
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a setting.")] = False,
) -> None:
    """Show each setting, its value and where the value came from.

    Example: HONGTOU_CONTACT=mailto:archive@lib.example hongtou config
    """
    from archive.settings import origins, strange_variables

    for remark in strange_variables():
        say(remark)
    for setting in origins(open_home(home)):
        if as_json:
            print_json(
                {
                    "name": setting.name,
                    "value": setting.value,
                    "origin": setting.origin,
                    "help": setting.help,
                }
            )
        else:
            typer.echo(f"{setting.name} = {setting.value!r}  ({setting.origin})")
            typer.echo(f"    {setting.help}")
