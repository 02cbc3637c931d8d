"""Commands that look things up: search, show, serve, export."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.errors import BadQuery, UnknownNotice, UsageError
from archive.terminal import (
    DEFAULT_HOME,
    HomeOption,
    catalogue_url,
    make_console,
    open_home,
    print_json,
    print_table,
    say,
    settings_of,
    with_progress,
)

if TYPE_CHECKING:
    from rich.text import Text

    from archive.access.desk import Desk
    from archive.access.finding import Finding, FoundNotice
    from archive.access.query import Query
    from archive.catalogue.views import NoticeView

commands = typer.Typer()

JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one line a notice.")]
RegionOption = Annotated[str, typer.Option(help="GB/T 2260 code or its beginning, such as 50.")]
SourceOption = Annotated[str, typer.Option(help="Id of a source; see `hongtou sources list`.")]
KindOption = Annotated[str, typer.Option(help="文种, such as 通知.")]
BodyOption = Annotated[str, typer.Option(help="Words of the issuing body's name.")]
SinceOption = Annotated[str, typer.Option(help="Published on this day or later: 2024-01-01.")]
UntilOption = Annotated[str, typer.Option(help="Published on this day or earlier.")]


#: What the options are called that bear another name on the web pages and in the API.
OPTIONS = {"published_from": "--since", "published_to": "--until", "text": "The query"}
OPTIONS |= {name: f"--{name}" for name in ("region", "source", "kind", "body")}


class ExportFormat(StrEnum):
    """What an export is written as."""

    JSONL = "jsonl"
    CSV = "csv"


@commands.command()
def search(
    query: Annotated[str, typer.Argument(help="Words; all must be found, each exactly.")],
    region: RegionOption = "",
    source: SourceOption = "",
    kind: KindOption = "",
    body: BodyOption = "",
    since: SinceOption = "",
    until: UntilOption = "",
    newest: Annotated[bool, typer.Option(help="Last arrival first, not best first.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 20,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Find notices by exact Chinese words, in title, text, number and issuing body.

    Example: hongtou search "医共体 家庭医生" --region 50 --since 2024-01-01
    """
    from archive.access.as_json import summary_json
    from archive.access.finding import find

    order = "arrival" if newest else "relevance"
    asked = _query(query, region, source, kind, body, since, until, order=order, limit=limit)
    with _desk(home) as desk:
        finding = find(desk, asked)
        if as_json:
            for found in finding.notices:
                snippet = "".join(piece.text for piece in found.snippet)
                print_json(summary_json(found.summary) | {"snippet": snippet})
        else:
            _print_table(finding)
    if not finding.notices:
        raise typer.Exit(1)


@commands.command()
def show(
    notice: Annotated[str, typer.Argument(help="Id of a notice, or its document number.")],
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Show everything that is known of a notice.

    Example: hongtou show "巴南府办[2024]5号"
    """
    from archive.access.as_json import notice_json

    with _desk(home, following=False) as desk:
        views = _find_notices(desk, notice.strip())
        for view in views:
            if as_json:
                print_json(notice_json(view))
            else:
                _print_notice(view)


@commands.command()
def export(
    query: Annotated[str, typer.Argument(help="Words; without them, everything.")] = "",
    output_format: Annotated[ExportFormat, typer.Option("--format", help="File format.")] = (
        ExportFormat.JSONL
    ),
    output: Annotated[str, typer.Option(help="File to write; - for standard output.")] = "-",
    region: RegionOption = "",
    source: SourceOption = "",
    kind: KindOption = "",
    body: BodyOption = "",
    since: SinceOption = "",
    until: UntilOption = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write the notices of a query as JSON Lines or CSV.

    Example: hongtou export "医改" --region 50 --format csv --output yigai.csv
    """
    from archive.access.exports import csv_lines, every_notice, jsonl_lines

    asked = _query(query, region, source, kind, body, since, until)
    with _desk(home) as desk:
        total = desk.index.search(asked).total
        notices = every_notice(desk.library, desk.index, asked)
        views = with_progress(notices, label="exporting", total=total)
        lines = (csv_lines if output_format is ExportFormat.CSV else jsonl_lines)(views)
        if output == "-":
            sys.stdout.writelines(lines)
            return
        _write_whole(Path(output), lines, bom=output_format is ExportFormat.CSV)
    say(f"Wrote {total} notices to {output}.")


@commands.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 8000,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Serve the web pages, the REST API and the feeds until Ctrl-C.

    Example: hongtou serve --port 8080
    """
    from archive.listening import listen

    place = open_home(home)
    listening = listen(host, port)
    import uvicorn

    from archive.access.app import make_app

    settings = settings_of(place)
    app = make_app(
        place, catalogue_url(place), site_name=settings.site_name, base_url=settings.base_url
    )
    shown = f"[{host}]" if ":" in host else host
    say(f"Serving {home} at http://{shown}:{listening.getsockname()[1]}/  (Ctrl-C ends it)")
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=3, server_header=False
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:  # uvicorn raises it again once it has ended
        say("Ended.")
    finally:
        listening.close()


@contextmanager
def _desk(path: Path, *, following: bool = True) -> Iterator[Desk]:
    from archive.access.desk import Desk
    from archive.access.index import SearchIndex
    from archive.catalogue import Catalogue

    home = open_home(path)
    with Catalogue.open(catalogue_url(home), read_only=True) as catalogue:
        index = SearchIndex.open(home.index)
        if index.rebuilt_because is not None:
            say(f"The search index is made again: {index.rebuilt_because}.")
        desk = Desk(home=home, library=catalogue, index=index, site_name="", base_url="")
        if following:
            desk.follow_all()
        yield desk


def _query(
    text: str, region: str, source: str, kind: str, body: str, since: str, until: str,
    order: str = "arrival", limit: int = 20,
) -> Query:  # fmt: skip
    from archive.access.query import Query

    given = {
        "q": text, "region": region, "source": source, "kind": kind, "body": body,
        "published_from": since, "published_to": until, "order": order,
    }  # fmt: skip
    try:
        return Query.of_parameters(given, limit=limit)
    except BadQuery as error:
        said = str(error.args[0])
        for parameter, option in OPTIONS.items():
            said = said.replace(f"`{parameter}`", option)
        raise BadQuery(said, next_step=error.next_step) from error


def _find_notices(desk: Desk, asked: str) -> list[NoticeView]:
    """The notices of an id or a document number.

    Raises:
        UnknownNotice: There is none.
    """
    if re.fullmatch(r"[0-9a-f]{8,64}", asked):
        view = desk.library.notice(asked)
        if view is not None:
            return [view]
    found = [desk.library.notice(summary.id) for summary in desk.library.by_number(asked[:100])]
    views = [view for view in found if view is not None]
    if not views:
        raise UnknownNotice(f"There is no notice with the id or number '{asked[:100]}'.")
    return views


def _print_table(finding: Finding) -> None:
    if not finding.notices:
        say("Nothing found. Words match exactly: try shorter ones, or fewer filters.")
        return
    print_table(("id", "published", "notice"), (_row(found) for found in finding.notices))
    say(f"{len(finding.notices)} of {finding.total}. Show one: `hongtou show ID`.")


def _row(found: FoundNotice) -> tuple[str, str, Text]:
    from rich.text import Text

    from archive.access.as_text import printable

    # Text, not markup: what stands in a title is never a command to the terminal.
    said = Text()
    for piece in found.title:
        said.append(printable(piece.text), style="bold red" if piece.is_mark else "")
    if found.summary.document_number:
        said.append(f"  {printable(found.summary.document_number)}", style="dim")
    day = found.summary.published_on or found.summary.written_on or ""
    return found.summary.id, str(day), said


def _print_notice(view: NoticeView) -> None:
    from archive.access.as_text import notice_text

    make_console().print(notice_text(view))


def _write_whole(path: Path, lines: Iterator[str], *, bom: bool) -> None:
    """Write a file that appears only when it is whole.

    CSV begins with a byte order mark: spreadsheets take Chinese for another encoding without.
    """
    part = path.with_name(path.name + ".part")
    encoding = "utf-8-sig" if bom else "utf-8"
    try:
        with part.open("w", encoding=encoding, errors="replace", newline="") as file:
            file.writelines(lines)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}.",
            next_step="Choose another file with --output.",
        ) from error


@commands.command(name="set-aside")
def set_aside(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one line a page.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """List what was seen and not taken in, the newest first, each with its reason.

    Widen a topic or a source, then look again or rebuild, and it is taken up.

    Example: hongtou set-aside --limit 20
    """
    from archive.access.as_json import set_aside_json
    from archive.catalogue import Catalogue

    place = open_home(home)
    with Catalogue.open(catalogue_url(place), read_only=True) as catalogue:
        rows = [set_aside_json(view) for view in catalogue.set_asides(limit)]
    if as_json:
        for row in rows:
            print_json(row)
        return
    print_table(
        ("source", "title…", "reason"),
        [(row["source"] or "", row["title"] or row["url"], row["reason"]) for row in rows],
    )
