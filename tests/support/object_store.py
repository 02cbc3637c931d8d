"""An S3 server on 127.0.0.1 (moto's), which can be told to fail in the ways that stores fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

BUCKET = "warcs"


class ObjectStore:
    """A store with one bucket; `fails` says how it fails now."""

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import make_server

        self._app = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self.fails = ""  #: "", ``500``, ``silent``, ``cut``, ``lies`` or ``forgets``
        self.seconds = 0.0  #: how long it is silent
        self.asked: list[str] = []  #: methods and paths
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()

    def _answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append(f"{method} {path}")
        if self.fails == "500":
            start("500 Internal Server Error", [("Content-Length", "0")])
            return [b""]
        if self.fails == "silent":
            time.sleep(self.seconds)
        if method != "GET" or self.fails not in ("cut", "lies") or not path.endswith(".gz"):
            return self._app(environ, start)
        said: list[Any] = []
        octets = b"".join(self._app(environ, lambda *words: said.extend(words)))
        status, headers = said[0], said[1]
        if self.fails == "lies" and status.startswith("20"):
            octets = octets[:-1] + bytes([octets[-1] ^ 1])
        start(status, headers)  # with the length of the whole
        return [octets[: len(octets) // 2] if self.fails == "cut" else octets]


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """A server with an empty bucket."""
    import boto3

    store = ObjectStore()
    try:
        client = boto3.client("s3", endpoint_url=store.endpoint, region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield store
    finally:
        store.close()
