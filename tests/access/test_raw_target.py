"""An address with Chinese in it is understood as it is typed."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from archive.access.raw_target import encoded_line


def test_only_the_first_line_is_encoded() -> None:
    typed = "GET /search?q=医改 HTTP/1.1\r\nX-Said: 好\r\n\r\n".encode()
    line, rest = encoded_line(typed).split(b"\r\n", 1)
    assert line == b"GET /search?q=%E5%8C%BB%E6%94%B9 HTTP/1.1"
    assert rest == "X-Said: 好\r\n\r\n".encode()
    assert encoded_line(b"GET /a%20b?c=d HTTP/1.1\r\n\r\n") == b"GET /a%20b?c=d HTTP/1.1\r\n\r\n"


@pytest.fixture
def port() -> Iterator[int]:
    """A server that says what it was asked."""
    import uvicorn

    from archive.access.raw_target import LenientTarget

    async def app(scope: Any, receive: Any, send: Any) -> None:
        said = scope["query_string"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said})

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http=LenientTarget, lifespan="off"))
    running = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    running.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    running.join()


def test_a_typed_address_is_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as asking:
        asking.sendall("GET /?q=医改 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: asking.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"q=%E5%8C%BB%E6%94%B9" in answer
