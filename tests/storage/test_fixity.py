"""verify: finds what changed, says where, and what to do."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from exchanges import FACTS, PAGE, exchange, original_of, response
from warc_paths import warc_paths

from archive.storage import Fixity, Holdings, HomeLock, iter_records, loose_volume
from archive.storage.gzip_member import gzip_member


def faults_of(home):
    faults = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(Holdings(home).volumes())
    fixity.check_links()
    return faults


@pytest.fixture
def kept(home, new_writer):
    """Two files: originals in the first, their revisits in the second."""
    with new_writer() as writer:
        originals = [
            writer.write(exchange(f"/{n}", response(PAGE + bytes([n])), second=n), FACTS)
            for n in range(2)
        ]
    known = {capture.payload_digest: original_of(capture) for capture in originals}
    with new_writer() as writer:
        for n in range(2):
            again = exchange(f"/{n}", response(PAGE + bytes([n])), second=100 + n)
            writer.write(again, FACTS, find_original=known.get)
    return list(warc_paths(home)), originals


def rewrite(path, number, old, new):
    """Change the octets within one record, as somebody with gzip at hand could."""
    records = list(iter_records(loose_volume(path)))
    octets = path.read_bytes()
    place = records[number].place
    member = octets[place.offset : place.offset + place.length]
    plain = gzip.decompress(member)
    assert old in plain
    changed = gzip_member(plain.replace(old, new, 1))
    path.write_bytes(octets[: place.offset] + changed + octets[place.offset + place.length :])


def remove(path, number):
    place = list(iter_records(loose_volume(path)))[number].place
    octets = path.read_bytes()
    path.write_bytes(octets[: place.offset] + octets[place.offset + place.length :])


def test_what_is_as_it_was_written_has_no_fault(home, kept):
    assert faults_of(home) == []


def test_every_flipped_bit_is_found(home, kept):
    path = kept[0][0]
    octets = path.read_bytes()
    for at in range(12, len(octets), 131):
        changed = bytearray(octets)
        changed[at] ^= 0x10
        path.write_bytes(changed)
        assert faults_of(home), at
    path.write_bytes(octets)


@pytest.mark.parametrize(
    ("number", "old", "new", "says"),
    [
        (1, b"\xe6\xad\xa3", b"\xe6\xad\xa4", "block does not match"),
        (1, b"WARC-Payload-Digest: sha256:", b"WARC-Payload-Digest: sha256:0", "payload does"),
        (2, b"WARC-Date: 2026-11-21T10:00:00Z", b"WARC-Date: 2026-11-21T10:00:00", "no moment"),
    ],
)
def test_a_forged_record_is_found(home, kept, number, old, new, says):
    path = kept[0][0]
    place = list(iter_records(loose_volume(path)))[number].place
    rewrite(path, number, old, new)
    faults = faults_of(home)
    assert any(says in fault.what and fault.offset == place.offset for fault in faults)


def test_an_exchange_whose_records_disagree_on_their_date_is_found(home, kept):
    rewrite(kept[0][0], 1, b"WARC-Date: 2026", b"WARC-Date: 2025")
    assert any("another URI or date" in fault.what for fault in faults_of(home))


def test_a_missing_request_is_found(home, kept):
    remove(kept[0][0], 2)
    assert any("response record without its request" in fault.what for fault in faults_of(home))


def test_a_missing_file_of_originals_is_found_by_its_revisits(home, kept):
    kept[0][0].unlink()
    faults = faults_of(home)
    assert len(faults) == 2
    assert all("is not in the archive" in fault.what for fault in faults)


def test_a_file_that_is_there_twice_is_found(home, kept):
    path = kept[0][0]
    path.with_name("copy.warc.gz").write_bytes(path.read_bytes())
    assert any("used twice" in fault.what for fault in faults_of(home))


def test_a_file_that_cannot_be_read_is_a_fault_and_the_others_are_checked(home, kept, monkeypatch):
    files = kept[0]
    whole = Path.open

    def refuse(path, *mode):
        if path == files[0]:
            raise OSError(5, "Input/output error")
        return whole(path, *mode)

    monkeypatch.setattr(Path, "open", refuse)
    faults = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(Holdings(home).volumes())
    assert [fault.what for fault in faults] == ["it cannot be read: Input/output error"]
    assert fixity.records == 7


def test_an_empty_file_is_found(home, kept):
    (home.warc / "empty.warc.gz").write_bytes(b"")
    assert [fault.what for fault in faults_of(home)] == ["it holds no record"]


@pytest.fixture
def verify(home, hongtou_command):
    def run(*options):
        home.settings_file.touch()
        command = [*hongtou_command, "verify"]
        return subprocess.run(
            [*command, "--home", str(home.path), *options], capture_output=True, text=True
        )

    return run


def test_the_command_says_that_all_is_as_written(kept, verify):
    done = verify()
    assert (done.returncode, done.stdout) == (0, "")
    assert "all as written" in done.stderr


def test_the_command_names_file_offset_record_and_remedy_and_ends_with_1(kept, verify):
    files, originals = kept
    octets = bytearray(files[0].read_bytes())
    octets[originals[0].place.offset + 300] ^= 1
    files[0].write_bytes(octets)
    done = verify("--json")
    first = json.loads(done.stdout.splitlines()[0])
    assert done.returncode == 1
    assert first["file"] == originals[0].place.file
    assert first["offset"] == originals[0].place.offset
    assert first["to_do"]
    assert "Restore" in verify().stdout


def test_a_crawl_under_way_does_not_make_its_file_a_fault(home, kept, new_writer, verify):
    with HomeLock(home), new_writer() as writer:
        writer.write(exchange("/new"), FACTS)
        done = verify()
    assert done.returncode == 0
    assert "is being written to by process" in done.stderr


def test_a_file_left_by_a_killed_crawl_is_a_fault(home, kept, new_writer, verify):
    writer = new_writer()
    writer.write(exchange("/new"), FACTS)
    done = verify()
    assert done.returncode == 1
    assert "left unfinished" in done.stdout
    writer.close()
