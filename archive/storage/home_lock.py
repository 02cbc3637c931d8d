"""One writer a home."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from multiprocessing.reduction import DupFd
from types import TracebackType
from typing import Any, Self

from archive.errors import HomeInUse, HomeNotWritable
from archive.notice import Home

#: How long to wait for a killed process's child, which may be ending a transaction.
ENDING_SECONDS = 30.0
_PAUSE = 0.05


class HomeLock:
    """Held while a process writes to a home; the system gives it back when the process ends.

    The lock is the kernel's, not the file's existence: a killed process leaves the file and
    no lock. A child process that is given the lock holds it too, until both have ended.
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
            _take(self._home, file)
            os.ftruncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        except HomeInUse:
            os.close(file)
            raise
        except OSError as error:
            os.close(file)
            raise HomeNotWritable(
                f"{self._home.path} cannot be written: {error.strerror or error}.",
                next_step="Make room on its disk, or choose another home with --home.",
            ) from error
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

    def __reduce__(self) -> tuple[Callable[..., HomeLock], tuple[Any, ...]]:
        """Share the lock with a child process that is being started."""
        return _shared, (self._home, None if self._file is None else DupFd(self._file))


def _shared(home: Home, handle: Any) -> HomeLock:
    """The lock in the child."""
    lock = HomeLock(home)
    if handle is not None:
        lock._file = handle.detach()  # noqa: SLF001 - the class's own other half
    return lock


def _take(home: Home, file: int) -> None:
    """Take the kernel's lock; from a process that was killed, once its child has ended too."""
    patience = time.monotonic() + ENDING_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(file, 32, 0).decode("ascii", "replace").strip()
            if _is_running(holder) or time.monotonic() > patience:
                raise _in_use(home, holder) from error
            time.sleep(_PAUSE)
        else:
            return


def _is_running(holder: str) -> bool:
    if not holder.isdigit():
        return True
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's process is a process
    return True


def _in_use(home: Home, holder: str) -> HomeInUse:
    process = int(holder) if holder.isdigit() else None
    who = f"process {process}" if process else "another process"
    return HomeInUse(
        f"{home.path} is being written to by {who}.",
        next_step="Wait until it ends, or stop it.",
        process=process,
    )
