"""A server that sends exactly the octets it is told to, and remembers what it sent and received."""

import contextlib
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Sent:
    """One exchange as the server saw it."""

    path: str
    connection: int
    request: bytes
    response: bytes = b""


@dataclass
class Script:
    """What is sent for a path: octets and pauses, then how the connection goes on."""

    parts: list[bytes | float]
    then: str = "keep"  # keep, close, reset, hang


@dataclass
class RawServer:
    """Serves scripts on 127.0.0.1 until it is closed."""

    scripts: dict[str, Script]
    context: ssl.SSLContext | None = None
    log: list[Sent] = field(default_factory=list)

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # or the waiting accept would take one more
        self._listener.close()

    def sent(self, path):
        return next(one for one in self.log if one.path == path)

    def _accept(self):
        number = 0
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            number += 1
            threading.Thread(target=self._serve, args=(client, number), daemon=True).start()

    def _serve(self, client, number):
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            client.settimeout(20)
            if self.context:
                client = self.context.wrap_socket(client, server_side=True)
            stack.enter_context(client)
            while request := read_request(client):
                path = request.split(b" ", 2)[1].decode()
                sent = Sent(path, number, request)
                self.log.append(sent)
                if not self._play(client, self.scripts[path], sent):
                    return

    def _play(self, client, script, sent):
        for part in script.parts:
            if isinstance(part, float):
                time.sleep(part)
            else:
                client.sendall(part)
                sent.response += part
        if script.then == "hang":
            self._stop.wait(20)
        if script.then == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return script.then == "keep"


def read_request(client):
    """One request with its body."""
    octets = b""
    while b"\r\n\r\n" not in octets:
        part = client.recv(65536)
        if not part:
            return b""
        octets += part
    head, _, body = octets.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body
