"""A socket that listens, or a sentence why it cannot."""

from __future__ import annotations

import errno
import socket

from archive.errors import PortInUse, UsageError


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        PortInUse: Another program listens there; the message says what to do.
        UsageError: The address is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"Port {port} on {host} is in use.",
                next_step=f"Choose another one with --port, such as {min(port + 1, 65535)}, "
                "or 0 for any that is free.",
            ) from error
        raise UsageError(
            f"{host}:{port} cannot be listened on: {error.strerror or error}.",
            next_step="Choose another --host or --port.",
        ) from error
    return listening
