"""One writer a home."""

from __future__ import annotations

import fcntl
import os
from types import TracebackType
from typing import Self

from archive.errors import HomeInUse, HomeNotWritable
from archive.notice import Home


class HomeLock:
    """Held while a process writes to a home; the system gives it back when the process ends.

    The lock is the kernel's, not the file's existence: a killed process leaves the file and
    no lock.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._file: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            HomeInUse: Another process holds it; the message names its PID.
            HomeNotWritable: The lock's file cannot be made.
        """
        try:
            self._home.path.mkdir(parents=True, exist_ok=True)
            file = os.open(self._home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise HomeNotWritable(
                f"{self._home.path} cannot be written: {error.strerror or error}.",
                next_step="Choose a home that you may write to with --home.",
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(file, 32, 0).decode("ascii", "replace").strip()
            os.close(file)
            raise _in_use(self._home, holder) from error
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def _in_use(home: Home, holder: str) -> HomeInUse:
    process = int(holder) if holder.isdigit() else None
    who = f"process {process}" if process else "another process"
    return HomeInUse(
        f"{home.path} is being written to by {who}.",
        next_step="Wait until it ends, or stop it.",
        process=process,
    )
