"""Nothing in a test leaves this machine: every Python process of the tests loads this first.

`conftest.py` loads it into the test process and puts this folder on PYTHONPATH, so that child
processes load it at their start.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any


class LeftTheMachine(OSError):
    """A test tried to reach an address outside this machine."""


def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _guard(name: str) -> None:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, address: Any, *rest: Any) -> Any:
        if not _is_here(address):
            raise LeftTheMachine(f"a test wanted to reach {address}")
        return original(self, address, *rest)

    setattr(socket.socket, name, guarded)


def _guard_names() -> None:
    original = socket.getaddrinfo

    def guarded(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if name and not _is_address(name) and not _is_here((name, 0)):
            raise socket.gaierror(socket.EAI_NONAME, f"a test wanted to look up {name}")
        return original(host, *rest, **named)

    socket.getaddrinfo = guarded


def install() -> None:
    """Guard this process, once."""
    if getattr(socket, "hongtou_guard", False):
        return
    socket.hongtou_guard = True  # type: ignore[attr-defined]  # a mark of ours on a foreign module
    _guard("connect")
    _guard("connect_ex")
    _guard_names()


install()
