"""Commands for research: what changed, who cites whom, what is missing."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from archive.catalogue.judging_commands import find_notice, open_catalogue
from archive.errors import UsageError
from archive.notice.document_number import LATEST_YEAR
from archive.terminal import DEFAULT_HOME, HomeOption, open_home, print_json, say

if TYPE_CHECKING:
    from archive.catalogue.differences import Piece
    from archive.catalogue.learnt_codes import CodeView
    from archive.catalogue.views import VersionView

commands = typer.Typer()

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AskedArgument = Annotated[str, typer.Argument(metavar="ID|NUMBER", help="The notice.")]


class ChainFormat(StrEnum):
    """What a chain of citations is written as."""

    TREE = "tree"
    JSON = "json"
    GRAPHML = "graphml"


class CodeStanding(StrEnum):
    """How well it is known whose a code is, as `learnt_codes.Standing` says it."""

    LISTED = "listed"
    LEARNT = "learnt"
    SHARED = "shared"
    OPEN = "open"


@commands.command()
def diff(
    notice: AskedArgument,
    before: Annotated[int, typer.Argument(help="Version; 0: the one before the last.")] = 0,
    after: Annotated[int, typer.Argument(help="Version; 0: the last.")] = 0,
    whole: Annotated[bool, typer.Option("--whole", help="Show unchanged sentences too.")] = False,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Show what changed between two wordings of a notice, side by side.

    Exit code 1 says that they differ. Example: hongtou diff 哈政办规〔2017〕901号 1 2
    """
    from archive.catalogue.differences import as_json as row_json
    from archive.catalogue.differences import differences

    with open_catalogue(open_home(home)) as catalogue:
        versions = find_notice(catalogue, notice).versions
    old, new = _versions(versions, before, after)
    found = differences(old.text, new.text)
    shown = [row for row in found.rows if whole or not row.is_same]
    for row in shown:
        if as_json:
            print_json(row_json(row))
    if not as_json:
        _print_rows([(row.before, row.after) for row in shown], old, new)
    if found.is_cut:
        say("The texts are longer than what is compared; their ends were left out.")
    if found.is_coarse:
        say("So much differs that not every sentence was compared by character.")
    if any(not row.is_same for row in found.rows):
        raise typer.Exit(1)


def _versions(
    versions: tuple[VersionView, ...], before: int, after: int
) -> tuple[VersionView, VersionView]:
    in_time = sorted(versions, key=lambda version: (version.captured_at, version.number))
    by_number = {version.number: version for version in versions}
    if len(versions) < 2:
        raise UsageError("The notice has one version only.")
    for asked in (before, after):
        if asked and asked not in by_number:
            raise UsageError(
                f"There is no version {asked}.", next_step=f"There are {len(versions)}."
            )
    return by_number.get(before, in_time[-2]), by_number.get(after, in_time[-1])


def _print_rows(
    rows: list[tuple[tuple[Piece, ...], tuple[Piece, ...]]], old: VersionView, new: VersionView
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def painted(pieces: tuple[Piece, ...], style: str) -> Text:
        text = Text()
        for piece in pieces:
            plain = "".join(char for char in piece.text if char.isprintable() or char == "\t")
            is_same = piece.mark.value == "same"
            marks = ("", "") if is_same else ("[-", "-]") if style == "red" else ("{+", "+}")
            text.append(f"{marks[0]}{plain}{marks[1]}", style="" if is_same else style)
        return text

    table = Table(box=None, padding=(0, 2, 1, 0), expand=True, header_style="bold")
    for version in (old, new):
        table.add_column(
            f"version {version.number}, {version.captured_at:%Y-%m-%d}", overflow="fold", ratio=1
        )
    for before, after in rows:
        table.add_row(painted(before, "red"), painted(after, "green"))
    Console(highlight=False).print(table if rows else "No sentence differs.")


@commands.command()
def cites(
    notice: AskedArgument,
    chain: Annotated[
        bool, typer.Option("--chain", help="Follow citations up and down, four links far.")
    ] = False,
    output_format: Annotated[ChainFormat, typer.Option("--format", help="How it is written.")] = (
        ChainFormat.TREE
    ),
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Show what a notice cites and who cites it, with the relation where the text says one.

    Example: hongtou cites 巴南府办〔2024〕5号 --chain --format graphml > chain.graphml
    """
    from archive.catalogue.chain import DEPTH, as_graphml, as_json, as_tree
    from archive.catalogue.chain import chain as follow

    with open_catalogue(open_home(home)) as catalogue:
        view = find_notice(catalogue, notice)
        found = follow(catalogue.notice, view, depth=DEPTH if chain else 1)
    if output_format is ChainFormat.JSON:
        print_json(as_json(found))
    elif output_format is ChainFormat.GRAPHML:
        typer.echo(as_graphml(found), nl=False)
    else:
        typer.echo(as_tree(found))


@commands.command()
def gaps(
    issuer: Annotated[str, typer.Option(help="Issuer code, such as 国办发.")] = "",
    year: Annotated[
        int, typer.Option(min=0, max=LATEST_YEAR, help="Year of the numbers; 0: all.")
    ] = 0,
    region: Annotated[str, typer.Option(help="GB/T 2260 code of the jurisdiction.")] = "",
    least: Annotated[int, typer.Option(min=1, help="Only series with so many numbers here.")] = 2,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Show which numbers of an issuer's yearly series are here and which are missing.

    Exit code 1 says that no such series is here.

    Example: hongtou gaps --issuer 国办发 --year 2023
    """
    with open_catalogue(open_home(home)) as catalogue:
        known = catalogue.series(issuer or None, year or None, region or None)
    found = [one for one in known if issuer or len(one.seen) >= least]
    for one in found:
        if as_json:
            print_json(
                {
                    "issuer_code": one.issuer_code,
                    "year": one.year,
                    "jurisdiction": one.scope,
                    "seen": list(one.seen),
                    "cited": list(one.cited),
                    "last": one.last,
                    "certainty": one.certainty,
                    "missing": list(one.missing),
                }
            )
            continue
        place = f" ({one.scope})" if one.scope else ""
        typer.echo(
            f"{one.issuer_code}〔{one.year}〕{place}: {len(one.seen)} of {one.last} here, "
            f"the last number is of {one.certainty} certainty"
        )
        missing = ", ".join(map(str, one.missing[:60]))
        more = " …" if len(one.missing) > 60 else ""
        typer.echo(f"    missing: {missing or 'none'}{more}")
    if not found:
        say("No such series is here.")
        raise typer.Exit(1)


@commands.command()
def codes(
    code: Annotated[str, typer.Argument(help="One code, such as 国办发, here or not.")] = "",
    standing: Annotated[CodeStanding | None, typer.Option(help="Only codes that stand so.")] = None,
    least: Annotated[
        int, typer.Option(min=0, help="Only codes that so many numbers speak for.")
    ] = 0,
    as_json: JsonOption = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Show whose the issuer codes (机关代字) are: by the vocabulary, or learnt from notices here.

    A code is learnt from three numbers that say the same, on the body's own site or on two
    governments'; mirrors and reprints teach nothing. What speaks against it stands beside it.
    Exit code 1 says that no code was found, or that nobody knows whose the one is.

    Example: hongtou codes --standing learnt
    """
    from archive.catalogue.learnt_codes import as_json as code_json

    with open_catalogue(open_home(home)) as catalogue:
        if code:
            shown = catalogue.codes([_asked_code(code)])
        else:
            of_standing = standing.value if standing else ""
            shown = catalogue.codes_here(standing=of_standing, least=least)
    for one in shown:
        if as_json:
            print_json(code_json(one))
        else:
            _print_code(one)
    if not shown:
        say("No such code is here.")
    if not shown or (code and not any(one.is_known for one in shown)):
        raise typer.Exit(1)


def _asked_code(code: str) -> str:
    """A code, or that of the number somebody gave instead.

    Raises:
        UsageError: It is neither.
    """
    from archive.notice import DocumentNumber

    number = DocumentNumber.parse(code) or DocumentNumber.parse(f"{code}〔2024〕1号")
    if number is None:
        raise UsageError(f"{code[:80]!r} is no issuer code.", next_step="Such as 国办发.")
    return number.issuer_code


def _print_code(one: CodeView) -> None:
    place = f" ({one.jurisdiction})" if one.jurisdiction else ""
    whose = "、".join(one.bodies) or "not known"
    typer.echo(f"{one.code}  {one.standing.value}  {whose}{place}")
    if one.numbers:
        since = f"{one.first_seen_at:%Y-%m-%d}" if one.first_seen_at else ""
        numbers = "number" if one.numbers == 1 else "numbers"
        sites = "site" if one.sites == 1 else "sites"
        typer.echo(
            f"    {one.numbers} {numbers} on {one.sites} believed {sites} since {since}: "
            f"{', '.join(one.examples)}"
        )
    if one.origin:
        typer.echo(f"    vocabulary: {one.origin}")
    for doubt in one.doubts:
        typer.echo(f"    in doubt: {doubt}")
