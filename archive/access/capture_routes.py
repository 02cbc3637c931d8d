"""The captures themselves, for whoever wants to check them with other tools."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from typing import IO, Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from archive.access import api_models as models
from archive.access.addresses import desk_of
from archive.access.desk import Desk
from archive.access.packing.alone import write_alone
from archive.errors import UnknownNotice

WARC = "application/warc"
IN_MEMORY = 1 << 20
_PART = 1 << 16
_UUID = re.compile(r"[0-9A-Fa-f-]{8,64}")

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": models.Problem, "content": {"application/problem+json": {}}}
    for status in (400, 404, 500, 503)
}

captures = APIRouter(tags=["api"], responses=PROBLEMS)


@captures.get(
    "/api/v1/captures/{record}.warc.gz",
    response_class=Response,
    responses={200: {"content": {WARC: {}}}},
)
def capture(
    request: Request,
    record: Annotated[str, Path(description="UUID of a capture's record.", max_length=64)],
) -> Response:
    """A capture as a WARC file: response, request and metadata, byte for byte as they are kept.

    Before them stand the warcinfo record of the crawl and, of a revisit, the capture it refers to.
    """
    desk = desk_of(request)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        _write(file, desk, record)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{record}.warc.gz"',
        "Content-Length": str(file.tell()),
        "Cache-Control": "max-age=31536000, immutable",
    }
    file.seek(0)
    return StreamingResponse(sent(file), media_type=WARC, headers=headers)


def _write(file: IO[bytes], desk: Desk, record: str) -> None:
    record_id = f"urn:uuid:{record}" if _UUID.fullmatch(record) else ""
    if not write_alone(file, desk.home, record_id, desk.library.place_of):
        raise UnknownNotice("There is no capture with that record id.", next_step="")


def sent(file: IO[bytes]) -> Iterator[bytes]:
    """The octets of a file, which is closed behind them."""
    with file:
        while part := file.read(_PART):
            yield part
