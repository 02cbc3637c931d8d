"""What the commands that look things up share: options, the query they make, and the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.errors import BadQuery, UnknownNotice
from archive.terminal import catalogue_url, open_home, say

if TYPE_CHECKING:
    from archive.access.desk import Desk
    from archive.access.query import Query
    from archive.catalogue.views import NoticeView

RegionOption = Annotated[str, typer.Option(help="GB/T 2260 code or its beginning, such as 50.")]
SourceOption = Annotated[str, typer.Option(help="Id of a source; see `hongtou sources list`.")]
KindOption = Annotated[str, typer.Option(help="文种, such as 通知.")]
BodyOption = Annotated[str, typer.Option(help="Words of the issuing body's name.")]
SinceOption = Annotated[str, typer.Option(help="Published on this day or later: 2024-01-01.")]
UntilOption = Annotated[str, typer.Option(help="Published on this day or earlier.")]


#: What the options are called that bear another name on the web pages and in the API.
OPTIONS = {"published_from": "--since", "published_to": "--until", "text": "The query"}
OPTIONS |= {name: f"--{name}" for name in ("region", "source", "kind", "body")}


@contextmanager
def opened_desk(path: Path, *, following: bool = True) -> Iterator[Desk]:
    """The reading desk of a home; `following` brings its index up to date first."""
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


def query_of_options(
    text: str, region: str, source: str, kind: str, body: str, since: str, until: str,
    order: str = "arrival", limit: int = 20,
) -> Query:  # fmt: skip
    """The query that a command's options ask for.

    Raises:
        BadQuery: One of them cannot be understood.
    """
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


def find_notices(desk: Desk, asked: str) -> list[NoticeView]:
    """The notices of an id or a document number.

    Raises:
        UnknownNotice: There is none.
    """
    if re.fullmatch(r"[0-9a-f]{8,64}", asked):
        view = desk.library.notice(asked)
        if view is not None:
            return [view]
    numbered = [summary.id for summary in desk.library.by_number(asked[:100])]
    views = list(desk.library.notices(numbered).values())
    if not views:
        raise UnknownNotice(f"There is no notice with the id or number '{asked[:100]}'.")
    return views
