"""One writer a home; a killed one does not lock it for ever."""

import os
import signal
import subprocess
import sys

import pytest

from archive.errors import HomeInUse, HomeNotWritable
from archive.storage import HomeLock

HOLD = """
import sys, time
from pathlib import Path
from archive.notice import Home
from archive.storage import HomeLock
with HomeLock(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(home):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_process_is_refused_with_the_pid_of_the_first(home, holder):
    with pytest.raises(HomeInUse, match=f"process {holder.pid}") as refused, HomeLock(home):
        pass
    assert refused.value.process == holder.pid


def test_a_killed_process_holds_nothing(home, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with HomeLock(home):
        assert home.lock.read_text().strip() == str(os.getpid())


def test_the_lock_is_given_back(home):
    for _ in range(2):
        with HomeLock(home):
            pass


def test_a_home_that_cannot_be_made_is_said(home):
    home.path.parent.mkdir(exist_ok=True)
    home.path.write_text("a file")
    with pytest.raises(HomeNotWritable, match="cannot be written"), HomeLock(home):
        pass
