"""A query's notices with their captures as one file, for whoever wants to keep or replay them."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from archive.access import api_models as models
from archive.access.addresses import desk_of
from archive.access.api import PROBLEMS, asked
from archive.access.capture_routes import sent
from archive.access.desk import Desk
from archive.access.packing.consignment import MOST_NOTICES, Watched
from archive.access.packing.wacz import MEDIA_TYPE, write_wacz
from archive.access.query import Query
from archive.access.shipping import consignment_of
from archive.errors import BadQuery, NothingFound, ServiceBusy

MOST_OCTETS = 256 << 20
MOST_SECONDS = 60.0

T = TypeVar("T")

packages = APIRouter(tags=["api"])

#: Each takes a disk's and a core's time: one at a time, the others are asked to come again.
_packing = threading.Lock()


@packages.get(
    "/api/v1/notices.wacz",
    response_class=Response,
    responses={**PROBLEMS, 200: {"content": {MEDIA_TYPE: {}}}, 503: {"model": models.Problem}},
)
def notices_wacz(request: Request, given: Annotated[dict[str, str], Depends(asked)]) -> Response:
    """The notices of a search with their captures as WACZ, as they were: to keep, or to replay.

    At most 200 notices; of a larger answer choose a part, or ask the archive's operator.
    """
    desk = desk_of(request)
    query = Query.of_parameters(given)
    if not _packing.acquire(blocking=False):
        raise ServiceBusy
    try:
        # The folder goes before the file is sent, so that nothing stays when a reader breaks off.
        with tempfile.TemporaryDirectory(prefix="hongtou-wacz-") as folder:
            file = _packed(desk, query, Path(folder)).open("rb")
    finally:
        _packing.release()
    headers = {
        "Content-Disposition": 'attachment; filename="notices.wacz"',
        "Content-Length": str(os.fstat(file.fileno()).st_size),
    }
    return StreamingResponse(sent(file), media_type=MEDIA_TYPE, headers=headers)


def _packed(desk: Desk, query: Query, folder: Path) -> Path:
    desk.catch_up()
    total = desk.index.search(query).total
    if total == 0:
        raise NothingFound
    if total > MOST_NOTICES:
        raise BadQuery(
            f"{total} notices fit, and at most {MOST_NOTICES} are packed over the web.",
            next_step="Give more words or filters; the archive's operator can pack any number.",
        )
    path = folder / "notices.wacz"
    write_wacz(path, consignment_of(desk, query, total=total, watched=_within_bounds(path)))
    return path


def _within_bounds(path: Path) -> Watched:
    """Stop a package that grows too large or takes too long."""
    until = time.monotonic() + MOST_SECONDS

    def watched(items: Iterable[T], *, label: str, total: int | None) -> Iterator[T]:
        for item in items:
            if path.stat().st_size > MOST_OCTETS or time.monotonic() > until:
                raise BadQuery(
                    "The captures of these notices are too many to be packed over the web.",
                    next_step="Give more words or filters; the archive's operator can pack all.",
                )
            yield item

    return watched
