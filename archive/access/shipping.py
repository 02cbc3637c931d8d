"""What a query's notices are packed as, for whoever asks: on the terminal or over the web."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from archive.access.desk import Desk
from archive.access.exports import every_notice
from archive.access.packing.consignment import Consignment, Watched, unwatched
from archive.access.query import Query
from archive.catalogue.views import NoticeView
from archive.settings import software_version
from archive.terminal import settings_of


def consignment_of(
    desk: Desk, query: Query, *, total: int, title: str = "", watched: Watched = unwatched
) -> Consignment:
    """The notices of a query with their captures, to be packed.

    Args:
        desk: The archive.
        query: What fits.
        total: How many notices do.
        title: Of the package; one made from the query when left out.
        watched: Passes each item on while somebody watches.
    """
    settings = settings_of(desk.home)
    asked = " ".join(query.parameters().values()) or "全部公文"
    return Consignment(
        home=desk.home,
        library=desk.library,
        notices=notices_of(desk, query),
        total=total,
        title=title or f"{settings.site_name}: {asked}",
        description=f"{total} notices of Chinese government sites; query: {asked}.",
        operator=settings.operator,
        software=f"Hongtou/{software_version()}",
        at=datetime.now(UTC),
        watched=watched,
    )


def notices_of(desk: Desk, query: Query) -> Iterator[NoticeView]:
    """The notices of a query, the last arrival first."""
    return every_notice(desk.library, desk.index, query)
