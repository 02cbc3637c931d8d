"""The server: one port on 127.0.0.1 that answers for many hosts, http and https alike."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import tempfile
import threading
from pathlib import Path
from typing import Self

from crawler.replica.answer import Answer, make_answer, plain_answer
from crawler.replica.certificates import Authority
from crawler.replica.leftovers import PREFIX, sweep
from crawler.replica.misbehaviour import Line, misbehave
from crawler.replica.request import HEAD_LIMIT, BadRequest, Request, read_request
from crawler.replica.route import Route
from crawler.replica.sent import Entry, Sent
from crawler.replica.site import SavedWeb

#: The saved web that comes with Hongtou.
BUILT_IN = Path(__file__).parent / "web"
#: Seconds a kept-alive connection may be idle, and a client may take to say what it wants.
IDLE = 60.0
_TLS_HANDSHAKE = b"\x16"


class Replica:
    """A web of saved pages, served from a thread of its own while the block runs.

    Example::

        with Replica() as web:
            crawl(HONGTOU_DIAL=web.dial, HONGTOU_CA_FILE=str(web.ca_file))
            web.change("www.harbin.gov.cn", "/art/2017/8/31/art_13791_5125.html", body)

    Clients dial `dial` for every host and keep the Host header and the SNI of the real
    one. The port also works as a forward proxy (absolute targets and CONNECT), for tools
    that know only proxies.

    Args:
        web: Folder of saved hosts, each with a routes.toml (docs/replica-web.md).
        stage: The point in time the web stands at.
        port: 0 takes a free one.
    """

    def __init__(self, web: Path = BUILT_IN, *, stage: int = 1, port: int = 0) -> None:
        self._web = SavedWeb(web, stage=stage)
        self._port = port
        self._entries: list[Entry] = []
        self._connections: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._listener: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        sweep(Path(tempfile.gettempdir()))
        self._folder = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-")
        self._authority = Authority(Path(self._folder.name))
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=128)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="replica-web", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._folder.cleanup()

    @property
    def dial(self) -> str:
        """Where every host is to be dialled: ``127.0.0.1:PORT``."""
        return f"127.0.0.1:{self._port}"

    @property
    def ca_file(self) -> Path:
        """The certificate (PEM) that clients have to trust, while the block runs."""
        return self._authority.ca_file

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts it answers for."""
        return self._web.hosts

    @property
    def stage(self) -> int:
        """The point in time the web stands at; can be set."""
        return self._web.stage

    @stage.setter
    def stage(self, stage: int) -> None:
        self._web.stage = stage

    @property
    def log(self) -> tuple[Sent, ...]:
        """Every exchange so far, in the order the requests came."""
        return tuple(entry.freeze() for entry in list(self._entries))

    def publish(
        self,
        host: str,
        path: str,
        body: bytes | str,
        type: str | None = None,  # noqa: A002, header
    ) -> None:
        """Put a page up; `type` is its Content-Type, by default what the path had, or HTML."""
        self._web.publish(host, path, body.encode() if isinstance(body, str) else body, type)

    def change(self, host: str, path: str, body: bytes | str) -> None:
        """Change a page that is up; its validators change with it.

        Raises:
            KeyError: Nothing stands there.
        """
        if self._web.find(host.lower(), path) is None:
            raise KeyError(f"{host}{path} is not up, so it cannot change; publish it.")
        self.publish(host, path, body)

    def withdraw(self, host: str, path: str) -> None:
        """Take a page down: it answers 404."""
        self._web.withdraw(host, path)

    def misbehave(self, host: str, path: str, how: str | None, *, times: int | None = None) -> None:
        """Let a path (``*``: the whole host) misbehave, for ever or so many times.

        `how` is one of `crawler.replica.route.MISBEHAVIOURS`, a status such as ``503``, or
        None, which ends it.

        Raises:
            ValueError: There is no misbehaviour of that name.
        """
        self._web.misbehave(host, path, how, times)

    def _run(self) -> None:
        assert self._loop is not None
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        """Accept until stopped, then drop every connection that is still open."""
        accepting = asyncio.create_task(self._accept())
        await self._stopping.wait()
        for task in (accepting, *self._connections):
            task.cancel()
        await asyncio.gather(accepting, *self._connections, return_exceptions=True)
        assert self._listener is not None
        self._listener.close()

    async def _accept(self) -> None:
        assert self._loop is not None
        assert self._listener is not None
        while True:
            peer, _ = await self._loop.sock_accept(self._listener)
            task = asyncio.create_task(self._meet(peer))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)

    async def _meet(self, peer: socket.socket) -> None:
        """Serve one client until it, or a misbehaviour, hangs up."""
        peer.setblocking(False)
        try:
            async with asyncio.timeout(IDLE):
                first = await _peek(peer)
                reader, writer = await self._open(peer, is_tls=first == _TLS_HANDSHAKE)
        except (OSError, TimeoutError):  # it went away, or does not like the certificate
            peer.close()
            return
        try:
            await self._talk(reader, writer)
        except (OSError, TimeoutError):  # a client that goes away is no fault of the server
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):  # the same, while hanging up
                await asyncio.wait_for(writer.wait_closed(), timeout=1)

    async def _open(
        self, peer: socket.socket, *, is_tls: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        assert self._loop is not None
        reader = asyncio.StreamReader(limit=HEAD_LIMIT)
        # The protocol makes the writer itself: a second one would hang up when the first is
        # collected, which happens as soon as CONNECT puts TLS on the line.
        writers: list[asyncio.StreamWriter] = []
        protocol = asyncio.StreamReaderProtocol(reader, lambda _, writer: writers.append(writer))
        await self._loop.connect_accepted_socket(
            lambda: protocol, peer, ssl=self._authority.context() if is_tls else None
        )
        return reader, writers[0]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                async with asyncio.timeout(IDLE):
                    request = await read_request(reader)
            except BadRequest as error:
                answer = plain_answer(400, f"{error}\n")
                await Line(writer, bytearray()).send(answer.head + answer.body)
                return
            if request is None:
                return
            if request.method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.start_tls(self._authority.context())
            elif not await self._answer(request, writer):
                return

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays."""
        host, path = request.host, request.address
        entry = Entry(host=host, path=request.path, method=request.method, request=request.raw)
        self._entries.append(entry)
        line = Line(writer, entry.response)
        how = self._web.take_misbehaviour(host, path)
        if how:
            route = self._web.find(host, path) or Route(path=path)
            await misbehave(how, line, request, route)
            return False
        answer = self._choose(request)
        await line.send(answer.head + answer.body)
        return answer.keeps_alive

    def _choose(self, request: Request) -> Answer:
        if request.method not in ("GET", "HEAD", "POST"):
            return plain_answer(405, f"{request.method} is not answered here.\n", request)
        if request.host not in self._web.hosts:
            return plain_answer(421, f"The replica web has no {request.host!r}.\n", request)
        route = self._web.find(request.host, request.address)
        if route is None:
            return plain_answer(404, f"Nothing stands at {request.path}.\n", request)
        return make_answer(route, request)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


async def _peek(peer: socket.socket) -> bytes:
    """The first octet a client sends, left where it is; b"" when it hung up."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    loop.add_reader(peer, _set, ready)
    try:
        await ready
    finally:
        loop.remove_reader(peer)
    return peer.recv(1, socket.MSG_PEEK)
