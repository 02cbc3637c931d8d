"""The command reconsider: what was set aside as off topic, judged by the topics as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archive.terminal import (
    DEFAULT_HOME,
    HomeOption,
    counted,
    open_home,
    print_json,
    say,
    settings_of,
    with_progress,
)
from crawler.reread_command import SOMETHING_DIFFERS, check_source

if TYPE_CHECKING:
    from archive.notice import Lead
    from crawler.reconsidering import Reconsidered
    from crawler.rereading import Reread

commands = typer.Typer()


@commands.command()
def reconsider(
    home: HomeOption = DEFAULT_HOME,
    apply: Annotated[bool, typer.Option("--apply", help="Take up what is on topic now.")] = False,
    source: Annotated[
        str, typer.Option(help="Only what was seen on this source; empty: everything.")
    ] = "",
    limit: Annotated[
        int, typer.Option(min=0, help="Leads and pages that are shown; all are counted.")
    ] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="One line of JSON each, then one with the counts.")
    ] = False,
) -> None:
    """Judge what was set aside as off topic by the topics as they are now.

    After a topic was widened, or a column was given another. Leads passed over for their title
    become open: the next looks fetch them, 500 a look, though no list names them any more. Pages
    that were fetched are read again from the WARCs and announced as new. A topic made narrower
    takes nothing away. Exit code 1 says that something is on topic now and was not applied.

    Example: hongtou reconsider --apply
    """
    from crawler.reconsidering import reconsider_home

    place = open_home(home)
    settings = settings_of(place)
    check_source(place, source)
    left = limit

    def tell(one: Lead | Reread) -> None:
        nonlocal left
        if left:
            left -= 1
            _print(one, as_json=as_json)

    found = reconsider_home(
        place,
        settings.database_url or place.catalogue_url,
        source=source or None,
        is_applied=apply,
        page_seconds=settings.reader_seconds,
        progress=lambda readings: with_progress(readings, label="reading again"),
        tell=tell,
    )
    _print_counts(found, is_applied=apply, as_json=as_json)
    if found.pages.counts["unreadable"] or (found.is_otherwise and not apply):
        raise typer.Exit(SOMETHING_DIFFERS)


def _print(one: Lead | Reread, *, as_json: bool) -> None:
    from archive.notice import Lead

    if isinstance(one, Lead):
        said = {"url": one.url, "title": one.title, "source": one.source, "becomes": "open lead"}
    else:
        becomes = "notice" if one.is_taken_in else "unreadable"
        said = {"url": one.before.url, "was": one.before.set_aside or "", "becomes": becomes}
    if as_json:
        print_json(said)
    else:
        what = said.get("title") or said.get("was") or ""
        typer.echo(f"{said['becomes']:<10} {said['url']}  {what}")


def _print_counts(found: Reconsidered, *, is_applied: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "leads": found.leads,
                "opened": dict(sorted(found.opened.items())),
                "pages": found.pages.captures,
                "taken_in": found.taken_in,
                "unreadable": found.pages.counts["unreadable"],
                "is_applied": is_applied,
            }
        )
        return
    typer.echo(
        f"{counted(found.leads, 'lead')} passed over, {found.opened.total()} on topic now; "
        f"{counted(found.pages.captures, 'page')} off topic, {found.taken_in} notices now."
    )
    if found.is_otherwise and not is_applied:
        say("Nothing was changed. `hongtou reconsider --apply` takes them up.")
    elif found.opened:
        names = " ".join(sorted(found.opened))
        say(f"The next looks fetch the leads: `hongtou crawl {names}`.")
