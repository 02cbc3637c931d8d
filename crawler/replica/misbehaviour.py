"""The ways a site goes wrong, played on demand."""

from __future__ import annotations

import asyncio
import functools
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable

from crawler.replica.answer import make_answer, make_head
from crawler.replica.request import Request
from crawler.replica.route import Route

#: Octets of the gzip bomb once unpacked; larger than any limit a crawler should have.
BOMB_SIZE = 1024**3
_BLOCK = 4 * 1024**2
#: Seconds between two octets of a slow drip: each resets an idle timer, so that only a
#: limit on the whole exchange ends it.
DRIP = 0.05
#: In the manner of 瑞数: a script that would compute a cookie, and no word of Chinese.
CHALLENGE_PAGE = """<!DOCTYPE html><html><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta id="9DhefwqGPrzGxEp9hPaoag" content="Zl8kQ0N4d2tXJ0hYb1pQc3F2UmNTdA" r="m">
<script type="text/javascript" r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=81420;
$_ts.cd="qcEqrAAlqaAqr1kqqAqrqc3qDAErHAAqqcEqWAVqDAqrcfLqwGEqHaEqDAarcAgqqcQ";
if($_ts.lcd)$_ts.lcd();</script>
<script type="text/javascript" charset="iso-8859-1" src="/4QbVtADbnLVIc/c.FxJzG50F.js" r='m'>
</script></head><body><script>_$_y();</script></body></html>
"""
EMPTY_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府文件</title></head>
<body><div class="location">首页 &gt; 政务公开 &gt; 政府文件</div>
<ul class="list"></ul><div class="page"></div></body></html>
"""
EMPTY_JSON = (
    '{"code":200,"total":0,"articles":[],"data":{"results":[],"total":0},'
    '"searchVO":{"listVO":[],"totalCount":0}}'
)


class Line:
    """The connection as an answer sees it: what is sent is noted in the log first."""

    def __init__(self, writer: asyncio.StreamWriter, log: bytearray) -> None:
        self._writer = writer
        self._log = log

    async def send(self, octets: bytes) -> None:
        """Send, and wait until the client keeps up."""
        self._log += octets
        self._writer.write(octets)
        await self._writer.drain()

    def reset(self) -> None:
        """Hang up with RST instead of FIN."""
        peer = self._writer.get_extra_info("socket")
        if peer is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Play = Callable[[Line, Request, Route], Awaitable[None]]


async def misbehave(how: str, line: Line, request: Request, route: Route) -> None:
    """Play one misbehaviour on a connection, which is closed afterwards."""
    if how.isdecimal():
        await _send(line, int(how), "text/html", f"<h1>{how}</h1>".encode())
    else:
        await PLAYS[how](line, request, route)


async def _time_out(line: Line, request: Request, route: Route) -> None:
    """Take the request and never answer."""
    await asyncio.Event().wait()


async def _reset(line: Line, request: Request, route: Route) -> None:
    line.reset()


async def _cut(line: Line, request: Request, route: Route) -> None:
    """Announce the whole body, send half of it, hang up."""
    answer = make_answer(route, request)
    await line.send(answer.head + answer.body[: len(answer.body) // 2])


async def _drip(line: Line, request: Request, route: Route) -> None:
    answer = make_answer(route, request)
    await line.send(answer.head)
    for octet in answer.body:
        await line.send(bytes([octet]))
        await asyncio.sleep(DRIP)


async def _lie_about_length(line: Line, request: Request, route: Route) -> None:
    """Announce two thirds of the octets, and send them all."""
    await _send(line, 200, route.type, route.body, said_length=len(route.body) * 2 // 3)


async def _bomb(line: Line, request: Request, route: Route) -> None:
    """A megabyte that unpacks to a gigabyte."""
    await _send(line, 200, route.type, packed_bomb(), [("Content-Encoding", "gzip")])


async def _loop(line: Line, request: Request, route: Route) -> None:
    """302 to itself, for ever."""
    await _send(line, 302, "text/html", b"", [("Location", request.path)])


async def _challenge(line: Line, request: Request, route: Route) -> None:
    cookie = ("Set-Cookie", "sVoELocvxVW0S=5k7Xq0; Path=/; HttpOnly")
    await _send(line, 412, "text/html; charset=utf-8", CHALLENGE_PAGE.encode(), [cookie])


async def _empty_list(line: Line, request: Request, route: Route) -> None:
    """200, the page's furniture, and no rows."""
    body = EMPTY_JSON if "json" in route.type else EMPTY_PAGE
    await _send(line, 200, route.type, body.encode())


PLAYS: dict[str, Play] = {
    "timeout": _time_out,
    "reset": _reset,
    "cut": _cut,
    "slow": _drip,
    "wrong-length": _lie_about_length,
    "bomb": _bomb,
    "loop": _loop,
    "challenge": _challenge,
    "empty-list": _empty_list,
}


async def _send(
    line: Line,
    status: int,
    media_type: str,
    body: bytes,
    headers: list[tuple[str, str]] | None = None,
    *,
    said_length: int | None = None,
) -> None:
    length = len(body) if said_length is None else said_length
    said = [("Content-Type", media_type)] if media_type else []
    said += [*(headers or []), ("Content-Length", str(length)), ("Connection", "close")]
    await line.send(make_head(status, said, "") + body)


@functools.cache
def packed_bomb() -> bytes:
    """One gzip member of `BOMB_SIZE` zeros.

    Made by repeating one flushed deflate block, which takes a second instead of ten.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    zeros = bytes(_BLOCK)
    first = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    repeats = BOMB_SIZE // _BLOCK
    checksum = 0
    for _ in range(repeats):
        checksum = zlib.crc32(zeros, checksum)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    tail = struct.pack("<II", checksum, BOMB_SIZE & 0xFFFFFFFF)
    return head + first * repeats + packer.flush() + tail
