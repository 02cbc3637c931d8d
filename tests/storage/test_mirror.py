"""mirror: a second copy by digest, which mends the first and is mended by it."""

import pytest
from exchanges import FACTS, PAGE, exchange, response
from warc_paths import warc_paths

from archive.errors import UsageError
from archive.storage.fixity_journal import EventType, FixityJournal
from archive.storage.mirror import MANIFEST, Mirror


@pytest.fixture
def kept(home, new_writer):
    """Two closed files."""
    for n in range(2):
        with new_writer() as writer:
            writer.write(exchange(f"/{n}", response(PAGE + bytes([n])), second=n), FACTS)
    return list(warc_paths(home))


@pytest.fixture
def run(home, kept, tmp_path):
    """Mirrors once; what became of each file, and what was damaged."""

    def once(*, mends=False, checks=False):
        damages = []
        mirror = Mirror(home, tmp_path / "second")
        done = mirror.bring_up_to_date(
            mirror.files().items(), damages.append, mends=mends, checks=checks
        )
        did = [one.did for one in done]
        mirror.copy_others()
        return did, damages

    return once


def test_a_copy_is_made_once_and_trusted_until_it_is_checked(home, kept, run, tmp_path):
    assert run() == (["copied", "copied"], [])
    assert run() == (["stands", "stands"], [])
    assert run(checks=True) == (["stands", "stands"], [])
    for path in kept:
        copy = tmp_path / "second" / "warc" / path.relative_to(home.warc)
        assert copy.read_bytes() == path.read_bytes()


def test_other_peoples_tools_check_the_copy(run, tmp_path):
    import subprocess

    run()
    done = subprocess.run(
        ["sha256sum", "--check", MANIFEST], cwd=tmp_path / "second", capture_output=True
    )
    assert done.returncode == 0


def test_a_damaged_file_is_not_copied_over_a_good_one_but_mended_by_it(kept, run):
    run()
    good = kept[0].read_bytes()
    kept[0].write_bytes(good[:-1] + b"x")
    did, damages = run(checks=True)
    assert (did, len(damages)) == (["lost", "stands"], 1)
    assert run(mends=True)[0] == ["mended", "stands"]
    assert kept[0].read_bytes() == good
    assert kept[0].with_name(f"{kept[0].name}.damaged-1").read_bytes()[-1:] == b"x"


def test_a_missing_file_comes_back_from_the_copy(home, kept, run):
    run()
    good = kept[1].read_bytes()
    kept[1].unlink()
    assert run(mends=True)[0] == ["stands", "mended"]
    assert kept[1].read_bytes() == good
    kinds = [event.type for event in FixityJournal(home).events()]
    assert kinds.count(EventType.RECOVERY) == 1
    assert kinds.count(EventType.REPLICATION) == 2


def test_a_damaged_copy_is_mended_from_the_home(home, kept, run, tmp_path):
    run()
    copy = tmp_path / "second" / "warc" / kept[0].relative_to(home.warc)
    copy.write_bytes(b"rotten")
    did, damages = run()
    assert did[0] == "lost"
    assert "is not what was closed" in damages[0].what
    assert run(mends=True)[0] == ["mended", "stands"]
    assert copy.read_bytes() == kept[0].read_bytes()


def test_a_folder_within_the_home_is_no_second_copy(home, kept):
    with pytest.raises(UsageError, match="within each other"):
        Mirror(home, home.path / "copy")
