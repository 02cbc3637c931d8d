"""Commands of the ingest room: read saved pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.terminal import print_json, say, with_progress

if TYPE_CHECKING:
    from archive.notice import Reading

commands = typer.Typer()

MOST_OCTETS = 64_000_000  # more than the reader takes of a page


@commands.command()
def clean(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE…", help="Saved pages; - reads standard input.")
    ],
) -> None:
    """Read saved pages (HTML, plain text, JSON answers) and print a Reading a line as JSON.

    A file that cannot be read is told in one sentence and the others go on; then the exit
    code is 1. What is odd about a page (no text, wrong coding, damage) is in its flags.

    Example: hongtou clean page.html notice.txt > readings.jsonl
    """
    failed = False
    for file in with_progress(files, label="Reading", total=len(files)):
        reading = _read_file(file)
        if reading is None:
            failed = True
        else:
            print_json(reading.to_json())
    if failed:
        raise typer.Exit(1)


def _read_file(file: str) -> Reading | None:
    from archive.ingest import read_bytes
    from archive.ingest.relevance import load_topics, with_topics

    try:
        body = _read_octets(file)
    except OSError as error:
        say(f"{file}: {_reason(error)}.")
        return None
    reading = read_bytes(body, file=file)
    if problem := _problem(reading):
        say(f"{file}: {problem}.")
        return None
    return with_topics(reading, load_topics())


def _read_octets(file: str) -> bytes:
    """The file as far as a page can be read at all; the reader flags what is cut."""
    if file == "-":
        return sys.stdin.buffer.read(MOST_OCTETS)
    with Path(file).open("rb") as opened:
        return opened.read(MOST_OCTETS)


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "is a folder; name the files in it"
    if isinstance(error, PermissionError):
        return "may not be read"
    return f"cannot be read ({error.strerror or type(error).__name__})"


def _problem(reading: Reading) -> str | None:
    """Why there is nothing to print; other oddities are flags of the Reading."""
    for flag in reading.flags:
        if flag == "empty":
            return "is empty"
        if flag.startswith("binary:"):
            kind = flag.partition(":")[2]
            return f"is no page or text but binary ({kind})"
    return None
