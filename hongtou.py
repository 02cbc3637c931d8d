"""The front door: puts the rooms' commands together, and says in one sentence what went wrong."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import traceback
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import typer
from typer.exceptions import TyperException

from archive.errors import HongtouError
from archive.plain_words import plain_words

BUG = 70  # EX_SOFTWARE of sysexits.h


def make_cli() -> typer.Typer:
    """Every room's commands in one application."""
    from archive import commands as archive
    from archive.access import commands as access
    from archive.catalogue import commands as catalogue
    from archive.ingest import commands as ingest
    from archive.storage import commands as storage
    from crawler import commands as crawler
    from scheduler import commands as scheduler
    from spiders import commands as spiders

    cli = typer.Typer(
        name="hongtou",
        help="红头 Hongtou: watches Chinese government sites for reform notices, keeps the bytes, "
        "and knows each notice by its 发文字号.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # its boxes take longer to import than all our commands together
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    cli.callback()(_options)
    for room in (archive, crawler, scheduler, spiders, ingest, access, catalogue, storage):
        cli.add_typer(room.commands)
    return cli


def _show_version(wanted: bool) -> None:
    if wanted:
        from archive.settings import software_version

        typer.echo(f"hongtou {software_version()}")
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False,
        "--version",
        is_eager=True,  # before a command is asked for
        callback=_show_version,
        help="Show the version and stop.",
    ),
) -> None:
    """What stands before the command; each option does its work in its callback."""


def main() -> None:
    """Run the command line; every error ends in one sentence and an exit code that means it."""
    # An output that was closed (`>&-`) is None here; what is said then goes nowhere.
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - open as long as we run
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115 - open as long as we run
    for stream in (sys.stdout, sys.stderr):
        _take_every_character(stream)
    sys.exit(run(sys.argv[1:]))


def _take_every_character(stream: TextIO) -> None:
    """Have an output take what a page may hold, also where the locale (C, GBK) has no such word.

    ASCII says that nobody chose a coding, so it becomes UTF-8; a coding that somebody chose stays,
    and what it cannot hold is written as an escape.
    """
    if isinstance(stream, TextIOWrapper):
        is_chosen = codecs.lookup(stream.encoding).name != "ascii"
        stream.reconfigure(
            encoding=stream.encoding if is_chosen else "utf-8", errors="backslashreplace"
        )


def run(arguments: list[str]) -> int:
    """Run one command.

    Returns:
        The exit code: 0 done, 1 done but something was found or failed, 2 asked for wrongly,
        3 the home or its surroundings do not allow it, 70 a bug, 130 stopped by Ctrl-C.
    """
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
        return code
    except TyperException as error:
        return _say_usage(error)
    except HongtouError as error:
        return _say(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`hongtou export | head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(_operating_system(error), 3)
    except (KeyboardInterrupt, typer.Abort):
        return _say("Stopped.", 130)
    except UnicodeEncodeError as error:
        if all(_is_text(argument) for argument in arguments):
            return _say_bug(error)
        return _say("An argument holds octets that are no UTF-8.", 2)
    except Exception as error:  # noqa: BLE001 - the last door: a traceback is no answer to a person
        return _say_bug(error)


def _invoke(arguments: list[str]) -> int:
    """Do what the arguments say; every exception comes out as it is.

    Typer's own way of running would end a closed pipe with 1, and usage errors in another voice.
    """
    command = typer.main.get_command(make_cli())
    try:
        with command.make_context("hongtou", arguments) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def _say_usage(error: TyperException) -> int:
    context = getattr(error, "ctx", None)
    said = error.format_message()
    if "\n" in said:  # the help of a group that was called without a command
        typer.echo(said, err=True)
        return error.exit_code
    path = context.command_path if context is not None else "hongtou"
    option, mark, why = said.partition(": ")
    sentence = f"{option}{mark}{plain_words(why)}" if why else said.removesuffix(".")
    return _say(f"{sentence}{'' if said.endswith('?') else '.'} See `{path} --help`.", 2)


def _is_text(argument: str) -> bool:
    """False for octets that the shell handed over and that Python keeps as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in argument)


def _say_bug(error: Exception) -> int:
    if os.environ.get("HONGTOU_DEBUG"):
        traceback.print_exc()
    return _say(
        f"This is a bug in Hongtou: {type(error).__name__}: {error}. "
        "Run again with HONGTOU_DEBUG=1 and send what it prints.",
        BUG,
    )


def _operating_system(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full. Nothing that was kept is harmed; make room and run again."
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}."


def _say(text: str, code: int) -> int:
    typer.echo(f"hongtou: {text}", err=True)
    return code


if __name__ == "__main__":
    main()
