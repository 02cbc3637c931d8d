"""Commands that look things up: search, show, serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.access import exporting
from archive.access.asking import (
    BodyOption,
    KindOption,
    RegionOption,
    SinceOption,
    SourceOption,
    UntilOption,
    find_notices,
    opened_desk,
    query_of_options,
)
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
)

if TYPE_CHECKING:
    from rich.text import Text

    from archive.access.finding import Finding, FoundNotice
    from archive.catalogue.views import NoticeView

commands = typer.Typer()
commands.add_typer(exporting.commands)

JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one line a notice.")]


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
    asked = query_of_options(
        query, region, source, kind, body, since, until, order=order, limit=limit
    )
    with opened_desk(home) as desk:
        finding = find(desk, asked)
        if as_json:
            for found in finding.notices:
                snippet = "".join(piece.text for piece in found.snippet)
                said = {"snippet": snippet, "in_file": found.in_file}
                print_json(summary_json(found.summary) | said)
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

    with opened_desk(home, following=False) as desk:
        views = find_notices(desk, notice.strip())
        for view in views:
            if as_json:
                print_json(notice_json(view))
            else:
                _print_notice(view)


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
    from archive.access.raw_target import LenientTarget

    settings = settings_of(place)
    app = make_app(
        place,
        catalogue_url(place),
        site_name=settings.site_name,
        base_url=settings.base_url,
        replay_url=settings.replay_url,
    )
    shown = f"[{host}]" if ":" in host else host
    say(f"Serving {home} at http://{shown}:{listening.getsockname()[1]}/  (Ctrl-C ends it)")
    config = uvicorn.Config(
        app,
        http=LenientTarget,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:  # uvicorn raises it again once it has ended
        say("Ended.")
    finally:
        listening.close()


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


@commands.command(name="set-aside")
def set_aside(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, one line a page.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """List what was seen and not taken in, the newest first, each with its reason.

    Widen a topic or a source, then `hongtou reconsider` takes up what is on topic now.

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
