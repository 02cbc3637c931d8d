"""Nothing in a test leaves this machine, in this process or a child."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

# An address set aside for documentation (RFC 5737): nobody's, even if the guard failed.
ELSEWHERE = ("192.0.2.1", 80)


def test_this_process_cannot_reach_another_machine() -> None:
    with socket.socket() as caller, pytest.raises(OSError, match="a test wanted to reach"):
        caller.connect(ELSEWHERE)


def test_this_process_cannot_look_up_a_name() -> None:
    with pytest.raises(socket.gaierror, match="a test wanted to look up"):
        socket.getaddrinfo("www.gov.cn", 80)


def test_a_child_process_cannot_reach_another_machine() -> None:
    program = f"import socket; socket.create_connection({ELSEWHERE!r}, timeout=1)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "LeftTheMachine" in done.stderr


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
