"""The CDXJ index is complete and sorted whether it was written live or made from the WARCs."""

import json
import shutil

from exchanges import FACTS, PAGE, exchange, original_of, response

from archive.storage import index_lines, recover
from archive.storage.replay_index import ReplayIndex


def test_the_index_written_live_is_the_one_made_from_the_warcs(home, new_writer):
    with new_writer() as writer:
        first = writer.write(exchange("/b"), FACTS)
        writer.write(exchange("/a", response(PAGE + b"1"), second=1), FACTS)
        writer.write(exchange("/b", second=2), FACTS)
        writer.write(
            exchange("/b", b"HTTP/1.1 304 Not Modified\r\n\r\n", second=3),
            FACTS,
            not_modified=original_of(first),
        )
        writer.write(exchange("/gone", b"", second=4), FACTS)
    with new_writer() as writer:
        writer.write(exchange("/c", response(PAGE + b"2"), second=5), FACTS)
    index = ReplayIndex(home)
    live = index.bring_up_to_date().read_text()
    assert live.splitlines() == list(index_lines(home))
    shutil.rmtree(index.folder)
    assert index.bring_up_to_date().read_text() == live


def test_a_file_that_comes_later_is_merged_in(home, new_writer):
    with new_writer() as writer:
        writer.write(exchange("/b"), FACTS)
    index = ReplayIndex(home)
    assert len(index.bring_up_to_date().read_text().splitlines()) == 1
    with new_writer() as writer:
        writer.write(exchange("/a", response(PAGE + b"1"), second=1), FACTS)
    lines = index.bring_up_to_date().read_text().splitlines()
    assert len(lines) == 2
    assert lines == sorted(lines)


def test_more_files_than_may_be_open_are_merged_in_rounds(home, new_writer, monkeypatch):
    monkeypatch.setattr("archive.storage.replay_index._MERGED", 2)
    for n in range(5):
        with new_writer() as writer:
            writer.write(exchange(f"/{n}", response(PAGE + bytes([n])), second=n), FACTS)
    index = ReplayIndex(home)
    assert index.bring_up_to_date().read_text().splitlines() == list(index_lines(home))
    assert not list(index.folder.glob("merging-*"))


def test_what_is_being_written_is_indexed_as_it_grows_and_once_closed_no_less(home, new_writer):
    index = ReplayIndex(home)
    with new_writer() as writer:
        for n in range(3):
            writer.write(exchange(f"/{n}", response(PAGE + bytes([n])), second=n), FACTS)
            assert len(index.bring_up_to_date().read_text().splitlines()) == n + 1
        name, path = index.paths.read_text().rstrip("\n").split("\t")
        assert path == str(home.warc / f"{name}.open")
        before = index.file.stat().st_mtime_ns
        assert index.bring_up_to_date().stat().st_mtime_ns == before  # nothing was added
        grown = index.file.read_text()
    assert index.bring_up_to_date().read_text() == grown
    assert index.paths.read_text() == ""
    assert not list(index.folder.rglob("*open*"))


def test_a_capture_that_a_killed_process_left_torn_is_not_indexed(home, new_writer):
    writer = new_writer()
    writer.write(exchange("/a"), FACTS)
    writer.write(exchange("/b", response(PAGE + b"1"), second=1), FACTS)
    (path,) = home.warc.rglob("*.open")
    octets = path.read_bytes()
    second = json.loads(list(index_lines(home))[1].split(" ", 2)[2])
    path.write_bytes(octets[: int(second["offset"]) + 40])
    index = ReplayIndex(home)
    assert len(index.bring_up_to_date().read_text().splitlines()) == 1
    recover(home)
    assert len(index.bring_up_to_date().read_text().splitlines()) == 1
