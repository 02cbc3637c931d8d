"""What the room offers."""

import subprocess
import sys

import pytest

from archive import storage


@pytest.mark.parametrize("name", storage.__all__)
def test_every_public_name_is_there_and_says_what_it_is_for(name):
    assert getattr(storage, name).__doc__


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = storage.nonsense


def test_the_commands_load_nothing_that_they_do_not_need_yet():
    script = "import sys, archive.storage.commands; print([m for m in sys.modules if 'isal' in m])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "[]\n"
