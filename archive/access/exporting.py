"""The command that writes notices of a query as files: JSON Lines, CSV, WACZ, BagIt."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.access.asking import (
    BodyOption,
    KindOption,
    RegionOption,
    SinceOption,
    SourceOption,
    UntilOption,
    opened_desk,
    query_of_options,
)
from archive.errors import NothingFound, UsageError
from archive.terminal import DEFAULT_HOME, HomeOption, say, with_progress

if TYPE_CHECKING:
    from archive.access.desk import Desk
    from archive.access.packing.consignment import Consignment, Shipped
    from archive.access.query import Query
    from archive.catalogue.views import NoticeView

commands = typer.Typer()

STANDARD_OUTPUT = "-"


class ExportFormat(StrEnum):
    """What an export is written as."""

    JSONL = "jsonl"
    CSV = "csv"
    WACZ = "wacz"
    BAGIT = "bagit"


#: What can go through a pipe; the others are written with leaps back.
LINES = (ExportFormat.JSONL, ExportFormat.CSV)

#: The format that a file's name asks for.
_SUFFIXES = {
    ".jsonl": ExportFormat.JSONL,
    ".ndjson": ExportFormat.JSONL,
    ".csv": ExportFormat.CSV,
    ".wacz": ExportFormat.WACZ,
}


@commands.command()
def export(
    query: Annotated[str, typer.Argument(help="Words; without them, everything.")] = "",
    output_format: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="Left out: as --output is named, else jsonl."),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", help="What to write; - for standard output.")
    ] = STANDARD_OUTPUT,
    title: Annotated[str, typer.Option(help="Title of a package; else the query's words.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace what is there already.")] = False,
    region: RegionOption = "",
    source: SourceOption = "",
    kind: KindOption = "",
    body: BodyOption = "",
    since: SinceOption = "",
    until: UntilOption = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write the notices of a query: as JSON Lines or CSV, or with captures as WACZ or BagIt.

    A WACZ is one file with the pages as they were: open it at replayweb.page or with any tool
    that replays web archives. A bag is for a preservation system: a folder, or a file when
    --output ends with .zip or .tar. Exit code 1 says that nothing fits, or that a capture is
    damaged; nothing is written then.

    Example: hongtou export "医改" --region 50 --output yigai.wacz
    """
    asked = query_of_options(query, region, source, kind, body, since, until)
    chosen = output_format or _SUFFIXES.get(Path(output).suffix.lower(), ExportFormat.JSONL)
    if output == STANDARD_OUTPUT and chosen not in LINES:
        raise UsageError(
            f"The format {chosen} cannot be written to standard output.",
            next_step=f"Name one: --output notices.{'zip' if chosen == 'bagit' else chosen}.",
        )
    with opened_desk(home) as desk:
        total = desk.index.search(asked).total
        if total == 0:
            raise NothingFound
        errand = Errand(desk=desk, query=asked, total=total, title=title.strip())
        if chosen in LINES:
            _write_lines(errand, output, chosen, force=force)
        else:
            _write_package(errand, Path(output), chosen, force=force)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What a person asked to have exported."""

    desk: Desk
    query: Query
    total: int  #: notices that fit the query
    title: str  #: "" for one made from the query

    def notices(self) -> Iterator[NoticeView]:
        """The notices, the last arrival first."""
        from archive.access.shipping import notices_of

        return notices_of(self.desk, self.query)

    def consignment(self) -> Consignment:
        """The same, to be packed."""
        from archive.access.shipping import consignment_of

        return consignment_of(
            self.desk, self.query, total=self.total, title=self.title, watched=with_progress
        )


def _write_lines(errand: Errand, output: str, chosen: ExportFormat, *, force: bool) -> None:
    """Write text. CSV begins with a byte order mark in a file, or spreadsheets take it wrongly."""
    from archive.access.exports import csv_lines, jsonl_lines
    from archive.access.packing.delivery import delivered

    views = with_progress(errand.notices(), label="exporting", total=errand.total)
    is_csv = chosen is ExportFormat.CSV
    lines = (csv_lines if is_csv else jsonl_lines)(views)
    if output == STANDARD_OUTPUT:
        sys.stdout.writelines(lines)
        return
    encoding = "utf-8-sig" if is_csv else "utf-8"
    with (
        delivered(Path(output), force=force) as part,
        part.open("w", encoding=encoding, errors="replace", newline="") as file,
    ):
        file.writelines(lines)
    say(f"Wrote {errand.total} notices to {output}.")


def _write_package(errand: Errand, path: Path, chosen: ExportFormat, *, force: bool) -> None:
    from archive.access.packing.bag import is_serialised, write_bag
    from archive.access.packing.delivery import delivered
    from archive.access.packing.wacz import write_wacz

    is_folder = chosen is ExportFormat.BAGIT and not is_serialised(path.name)
    with delivered(path, force=force, is_folder=is_folder) as part:
        if chosen is ExportFormat.BAGIT:
            shipped = write_bag(part, path.name, errand.consignment())
        else:
            shipped = write_wacz(part, errand.consignment())
    _report(errand, shipped, path)


def _report(errand: Errand, shipped: Shipped, path: Path) -> None:
    for record_id in shipped.dangling:
        say(f"{record_id} refers to a capture that is not in the archive; it is packed without.")
    say(f"Wrote {errand.total} notices with {shipped.captures} captures to {path}.")
