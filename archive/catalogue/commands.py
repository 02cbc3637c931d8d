"""Commands of the catalogue: why notices were merged or kept apart, and what follows from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archive.catalogue import judging_commands as judging
from archive.catalogue import research_commands as research
from archive.terminal import DEFAULT_HOME, HomeOption, catalogue_url, open_home, print_json

if TYPE_CHECKING:
    from archive.catalogue.catalogue import Catalogue
    from archive.catalogue.views import DecisionView

commands = typer.Typer()
commands.add_typer(judging.commands)
commands.add_typer(research.commands)


@commands.command()
def explain(
    asked: Annotated[str, typer.Argument(metavar="URL|ID|NUMBER", help="What to explain.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why a page became the notice it is: merged, kept apart, revised or set aside.

    Example: hongtou explain 巴南府办〔2024〕5号
    """
    from archive.catalogue.catalogue import Catalogue

    with Catalogue.open(catalogue_url(open_home(home)), read_only=True) as catalogue:
        decisions = _found(catalogue, asked)
    if as_json:
        print_json([_plain(decision) for decision in decisions])
        return
    for decision in decisions:
        typer.echo(_told(decision))


def _found(catalogue: Catalogue, asked: str) -> tuple[DecisionView, ...]:
    from archive.errors import UnknownNotice

    found = catalogue.decisions(asked)
    if not found:
        named = catalogue.by_number(asked)
        found = tuple(one for notice in named for one in catalogue.decisions(notice.id))
    if not found:
        raise UnknownNotice(f"Nothing was ever decided of {asked[:80]!r}.")
    return found


def _plain(decision: DecisionView) -> dict[str, Any]:
    return {**asdict(decision), "at": decision.at.isoformat().replace("+00:00", "Z")}


def _told(decision: DecisionView) -> str:
    head = f"{decision.at:%Y-%m-%d %H:%M} UTC  {decision.outcome:<9}  {decision.notice_id or '-'}"
    lines = [f"{head}  {decision.url}", *(f"    {reason}" for reason in decision.reasons)]
    return "\n".join(lines)
