"""Commands of a person's judgement: merge, split, correct."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.errors import UnknownNotice, UsageError
from archive.terminal import DEFAULT_HOME, HomeOption, catalogue_url, open_home, print_json, say

if TYPE_CHECKING:
    from archive.catalogue.catalogue import Catalogue
    from archive.catalogue.journal import Judgement
    from archive.catalogue.views import NoticeView
    from archive.notice import Home

commands = typer.Typer()

ReasonOption = Annotated[str, typer.Option(help="Why: it stands in the journal and in explain.")]
ByOption = Annotated[str, typer.Option(help="Who judges.", show_default="your login name")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be judged, only.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the journal's line.")]


@commands.command()
def merge(
    stays: Annotated[str, typer.Argument(metavar="ID", help="The notice that stays.")],
    other: Annotated[str, typer.Argument(metavar="ID", help="The one that is the same.")],
    reason: ReasonOption,
    by: ByOption = "",
    dry_run: DryOption = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Put two notices together that are one; the other's id leads to the first for ever.

    Example: hongtou merge 3d6c92103ee4c56e 9f0a6be1c2d34e77 --reason "the scan of the same notice"
    """
    place = open_home(home)
    with open_catalogue(place) as catalogue:
        first, second = find_notice(catalogue, stays), find_notice(catalogue, other)
    if first.summary.id == second.summary.id:
        raise UsageError(f"{stays} and {other} are one notice already.")
    _judge(
        place,
        _judgement("merge", by, reason, first, _urls(first), _urls(second), also=second),
        dry_run=dry_run,
        as_json=as_json,
    )


@commands.command()
def split(
    notice: Annotated[str, typer.Argument(metavar="ID", help="The notice that is two.")],
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Sightings that leave it.")],
    reason: ReasonOption,
    by: ByOption = "",
    dry_run: DryOption = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Take sightings out of a notice that they do not belong to; they stay apart for ever.

    Example: hongtou split 3d6c92103ee4c56e http://www.ylqxzb.com/9.html --reason "another year's"
    """
    place = open_home(home)
    with open_catalogue(place) as catalogue:
        view = find_notice(catalogue, notice)
    unknown = [url for url in urls if url not in _urls(view)]
    if unknown:
        raise UsageError(
            f"{notice} was not seen at {unknown[0]}.",
            next_step=f"See its sightings with `hongtou show {notice}`.",
        )
    staying = [url for url in _urls(view) if url not in urls]
    if not staying:
        raise UsageError("Nothing would stay of the notice.", next_step="Leave a sighting to it.")
    _judge(
        place,
        _judgement("split", by, reason, view, staying, urls),
        dry_run=dry_run,
        as_json=as_json,
    )


@commands.command()
def correct(
    notice: Annotated[str, typer.Argument(metavar="ID", help="The notice.")],
    field: Annotated[str, typer.Argument(help="Its field, such as document_number.")],
    value: Annotated[str, typer.Argument(help='What it should be; "" for none; lists with 、.')],
    reason: ReasonOption,
    by: ByOption = "",
    dry_run: DryOption = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Put a field right that the page says wrongly; later readings are put right too.

    Example: hongtou correct 3d6c92103ee4c56e written_on 2024-03-26 --reason "the PDF's signature"
    """
    from archive.catalogue.corrections import parsed

    parsed(field, value)
    place = open_home(home)
    with open_catalogue(place) as catalogue:
        view = find_notice(catalogue, notice)
    _judge(
        place,
        _judgement("correct", by, reason, view, _urls(view), field_name=field, value=value),
        dry_run=dry_run,
        as_json=as_json,
    )


def open_catalogue(home: Home) -> Catalogue:
    """The home's catalogue, for reading only."""
    from archive.catalogue.catalogue import Catalogue

    return Catalogue.open(catalogue_url(home), read_only=True)


def find_notice(catalogue: Catalogue, asked: str) -> NoticeView:
    """The notice of an id, or of a number that only one has.

    Raises:
        UnknownNotice: There is none.
        UsageError: Several have that number.
    """
    view = catalogue.notice(asked)
    if view is not None:
        return view
    named = catalogue.by_number(asked[:100])
    if len(named) > 1:
        ids = ", ".join(summary.id for summary in named[:5])
        raise UsageError(
            f"{len(named)} notices have the number {asked[:80]}.", next_step=f"Say: {ids}."
        )
    view = catalogue.notice(named[0].id) if named else None
    if view is None:
        raise UnknownNotice(f"There is no notice {asked[:80]!r}.")
    return view


def _urls(view: NoticeView) -> list[str]:
    return [sighting.url for sighting in view.sightings]


def _judgement(
    verb: str,
    by: str,
    reason: str,
    view: NoticeView,
    urls: Sequence[str],
    other_urls: Sequence[str] = (),
    *,
    also: NoticeView | None = None,
    **correction: Any,
) -> Judgement:
    from archive.catalogue.journal import Judgement, Verb

    if not reason.strip():
        raise UsageError("A judgement needs a reason.", next_step="Give one with --reason.")
    ids = (view.summary.id, *((also.summary.id,) if also else ()))
    return Judgement(
        verb=Verb(verb),
        at=datetime.now(UTC).replace(microsecond=0),
        by=by or getpass.getuser(),
        reason=reason.strip(),
        urls=tuple(urls),
        other_urls=tuple(other_urls),
        notices=ids,
        **correction,
    )


def _judge(home: Home, judgement: Judgement, *, dry_run: bool, as_json: bool) -> None:
    """Write the judgement into the journal, then have the catalogue follow it."""
    import json

    from archive.catalogue.catalogue import Catalogue
    from archive.catalogue.journal import read_journal, write_judgement

    if as_json:
        print_json(json.loads(judgement.line()))
    if dry_run:
        say(f"Would {judgement.verb} {' '.join(judgement.notices)}; nothing was changed.")
        return
    with Catalogue.open(catalogue_url(home)) as catalogue:
        write_judgement(home, judgement)
        lines = catalogue.judge(read_journal(home))
        told = catalogue.changes(after=catalogue.last_seq() - lines, limit=20) if lines else ()
    for change in told:
        say(f"{change.seq}  {change.change}  {change.notice_id}  {change.url}")
    if not told:
        say("Noted in the journal; nothing had to change.")
