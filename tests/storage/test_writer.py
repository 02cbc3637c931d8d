"""Writing: what stands in the file is what went over the wire, as the standard wants it."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from exchanges import BEGIN, FACTS, PAGE, exchange, original_of, response
from warc_paths import warc_paths
from warcio.archiveiterator import ArchiveIterator

from archive.errors import HomeNotWritable
from archive.notice import CaptureFacts, Purpose, Truncation
from archive.storage import (
    Fixity,
    Holdings,
    index_lines,
    iter_captures,
    iter_records,
    loose_volume,
    read_capture,
    read_record,
)
from archive.storage import warc_file as warc_file_module
from archive.storage.content_coding import undo_codings
from archive.storage.warc_fields import parse_fields, unescape_octets

SHA = "sha256:" + hashlib.sha256(PAGE).hexdigest()


def records_of(home):
    return [record for path in warc_paths(home) for record in iter_records(loose_volume(path))]


def faults_of(home):
    faults = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(Holdings(home).volumes())
    fixity.check_links()
    return faults


def check_with_warcio(home):
    files = [str(path) for path in warc_paths(home)]
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *files], capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_a_capture_is_response_request_and_metadata_after_a_warcinfo(home, new_writer):
    with new_writer() as writer:
        writer.write(exchange(), FACTS)
    records = records_of(home)
    assert [record.type for record in records] == ["warcinfo", "response", "request", "metadata"]
    assert records[1].block == response()
    assert records[2].block == exchange().request
    assert {record.field("WARC-Date") for record in records[1:]} == {"2026-11-21T10:00:00Z"}
    assert {record.target for record in records[1:]} == {"http://www.harbin.gov.cn/a"}
    assert records[2].all("WARC-Concurrent-To") == (f"<{records[1].id}>",)
    assert records[1].field("WARC-Payload-Digest") == SHA
    assert records[1].field("WARC-IP-Address") == "203.0.113.5"
    assert records[3].field("WARC-Payload-Digest") is None


def test_the_warcinfo_says_who_how_and_with_what(home, new_writer):
    with new_writer(settings_digest="sha256:abc") as writer:
        writer.write(exchange(), FACTS)
    said = dict(parse_fields(records_of(home)[0].block))
    assert said["software"] == "Hongtou/0.1"
    assert said["format"] == "WARC File Format 1.1"
    assert said["operator"] == "某大学图书馆"
    assert said["robots"] == "obey"
    assert said["http-header-user-agent"] == "Hongtou/0.1"
    assert said["hongtou-settings-digest"] == "sha256:abc"


def test_files_are_named_and_kept_by_year_and_month(home, new_writer):
    with new_writer() as writer:
        capture = writer.write(exchange(), FACTS)
        assert [path.suffix for path in warc_paths(home)] == [".open"]
    assert capture.place.file.startswith("2026/11/hongtou-20261121100000005-00001-")
    assert (home.warc / capture.place.file).is_file()


def test_every_file_passes_warcio_and_our_own_fixity(home, new_writer):
    with new_writer() as writer:
        first = writer.write(exchange(), FACTS)
        writer.write(exchange("/b", second=1), FACTS)
        writer.write(exchange("/c", b"", second=2), FACTS)
        not_modified = b"HTTP/1.1 304 Not Modified\r\n\r\n"
        writer.write(
            exchange(second=3, octets=not_modified), FACTS, not_modified=original_of(first)
        )
        cut = exchange("/d", response()[:300], second=4, truncated=Truncation.DISCONNECT)
        writer.write(cut, FACTS)
    assert check_with_warcio(home)[0] == 0
    assert faults_of(home) == []


def test_what_is_written_is_what_is_read_back(home, new_writer):
    blocks = [
        response(),
        b"HTTP/1.1 404 \xd5\xd2\r\nSet-Cookie: a\r\nbad line\r\nset-cookie: b\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nold",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"",
        b"SSH-2.0-OpenSSH\r\n",
    ]
    with new_writer() as writer:
        written = [
            writer.write(exchange(f"/{number}", octets, second=number), FACTS)
            for number, octets in enumerate(blocks)
        ]
    assert list(iter_captures(home)) == written
    assert [read_capture(home, capture.place) for capture in written] == written


def test_the_facts_come_back_exactly(home, new_writer):
    facts = CaptureFacts(
        purpose=Purpose.ATTACHMENT,
        lead_title=" 两行\n标题\\n %41\u2028\x00 ",
        lead_published_on=date(2024, 3, 5),
        via="http://a.gov.cn/%E4%B8%AD",
        hops="LE",
    )
    with new_writer() as writer:
        writer.write(exchange(), facts)
    assert next(iter_captures(home)).facts == facts
    said = dict(parse_fields(records_of(home)[3].block))
    assert said["via"] == "http://a.gov.cn/%E4%B8%AD"
    assert said["hopsFromSeed"] == "LE"
    assert said["fetchTimeMs"] == "12"


def test_a_known_payload_becomes_a_revisit_with_its_own_headers(home, new_writer):
    head = b"HTTP/1.1 200 OK\r\nDate: later\r\n"
    with new_writer() as writer:
        first = writer.write(exchange(), FACTS)
    with new_writer() as writer:
        second = writer.write(
            exchange("/copy", response(head=head), second=9),
            FACTS,
            find_original=lambda label: original_of(first) if label == SHA else None,
        )
    revisit = next(record for record in records_of(home) if record.type == "revisit")
    assert revisit.block == head + b"Content-Length: %d\r\n\r\n" % len(PAGE)
    assert revisit.field("WARC-Truncated") == "length"
    assert revisit.field("WARC-Refers-To") == f"<{first.record_id}>"
    assert revisit.field("WARC-Refers-To-Target-URI") == first.url
    assert revisit.field("WARC-Refers-To-Date") == "2026-11-21T10:00:00Z"
    assert second.body == PAGE
    assert second.revisit_of == first.record_id
    assert second.header("date") == "later"
    assert second.truncated is None
    assert list(iter_captures(home)) == [first, second]
    places = {first.record_id: first.place}
    assert read_capture(home, second.place, find_place=places.get) == second


def test_a_payload_written_a_moment_ago_is_known_without_being_told(new_writer):
    with new_writer() as writer:
        first = writer.write(exchange(), FACTS)
        assert writer.write(exchange("/b", second=1), FACTS).revisit_of == first.record_id


@pytest.mark.parametrize("is_recent", [True, False])
def test_a_revisit_is_framed_as_its_original_or_written_whole(home, new_writer, is_recent):
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
        len(PAGE),
        PAGE,
    )
    writer = new_writer()
    first = writer.write(exchange(octets=chunked), FACTS)
    if not is_recent:
        writer.close()
        writer = new_writer()
    known = {
        "find_original": {first.payload_digest: original_of(first)}.get,
        "find_place": {first.record_id: first.place}.get,
    }
    plain = writer.write(exchange("/b", second=1), FACTS, **known)
    again = writer.write(exchange("/c", chunked, second=2), FACTS, **known)
    writer.close()
    assert plain.revisit_of is None
    assert again.revisit_of in (first.record_id, plain.record_id)


def test_an_original_that_cannot_be_read_is_written_again(home, new_writer):
    with new_writer() as writer:
        first = writer.write(exchange(), FACTS)
    (home.warc / first.place.file).unlink()
    with new_writer() as writer:
        again = writer.write(
            exchange(second=1),
            FACTS,
            find_original=lambda _: original_of(first),
            find_place=lambda _: first.place,
        )
    assert again.revisit_of is None


def test_a_cut_response_is_never_a_revisit_and_never_an_original(new_writer):
    with new_writer() as writer:
        cut = exchange(truncated=Truncation.TIME)
        writer.write(cut, FACTS)
        assert writer.write(exchange(second=1), FACTS).revisit_of is None
        assert writer.write(replace(cut, url=cut.url + "2"), FACTS).revisit_of is None


def test_a_304_refers_to_what_it_stands_for_and_is_not_replayed(home, new_writer):
    octets = b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n'
    with new_writer() as writer:
        first = writer.write(exchange(), FACTS)
        again = writer.write(
            exchange(octets=octets, second=1), FACTS, not_modified=original_of(first)
        )
    revisit = next(record for record in records_of(home) if record.type == "revisit")
    assert revisit.field("WARC-Profile").endswith("server-not-modified")
    assert again.is_not_modified
    assert again.status == 304
    assert again.body == b""
    assert again.revisit_of == first.record_id
    assert list(iter_captures(home)) == [first, again]
    assert len(list(index_lines(home))) == 1


def test_chunks_stay_in_the_block_and_out_of_the_payload_digest(home, new_writer):
    octets = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    with new_writer() as writer:
        capture = writer.write(exchange(octets=octets), FACTS)
    assert records_of(home)[1].block == octets
    assert capture.body == b"abc"
    assert capture.payload_digest == "sha256:" + hashlib.sha256(b"abc").hexdigest()


def test_interim_responses_are_kept_beside_the_answer(home, new_writer):
    interim = b"HTTP/1.1 100 Continue\r\nX: 1\r\n\r\n"
    with new_writer() as writer:
        writer.write(exchange(octets=interim + response()), FACTS)
    records = records_of(home)
    assert records[1].block == response()
    said = dict(parse_fields(records[3].block))
    assert unescape_octets(said["hongtou-interim"]) == interim


def test_an_exchange_without_http_keeps_all_octets_in_its_metadata(home, new_writer):
    garbage = b"\x00\xff\r\nSSH-2.0\\%41"
    with new_writer() as writer:
        capture = writer.write(exchange(octets=garbage, truncated=Truncation.TIME), FACTS)
    record = records_of(home)[1]
    said = dict(parse_fields(record.block))
    assert record.type == "metadata"
    assert unescape_octets(said["hongtou-received"]) == garbage
    assert unescape_octets(said["hongtou-request"]) == exchange().request
    assert capture.status == 0
    assert capture.truncated is Truncation.TIME


def test_urls_are_percent_encoded(home, new_writer):
    odd = replace(exchange(), url="http://www.harbin.gov.cn/公告 a|b?x=%E4&y=50%#top")
    with new_writer() as writer:
        capture = writer.write(odd, FACTS)
    assert capture.url == ("http://www.harbin.gov.cn/%E5%85%AC%E5%91%8A%20a%7Cb?x=%E4&y=50%25")


def test_a_url_cannot_break_out_of_its_field(home, new_writer):
    odd = replace(exchange(), url="http://www.harbin.gov.cn/\r\nWARC-Type: warcinfo")
    with new_writer() as writer:
        writer.write(odd, FACTS)
    assert [record.type for record in records_of(home)][1] == "response"


@pytest.mark.parametrize(
    ("limits", "files"),
    [({"max_bytes": 2000}, 4), ({"max_age": timedelta(hours=3)}, 2), ({}, 1)],
)
def test_files_are_closed_by_size_and_by_age(home, new_writer, limits, files):
    hours = iter(range(100))
    writer = new_writer(clock=lambda: datetime(2026, 11, 21, next(hours), tzinfo=UTC), **limits)
    with writer:
        for number in range(5):
            noise = hashlib.sha256(bytes([number])).digest() * 3 + bytes(range(256)) * number
            writer.write(exchange(f"/{number}", response(noise)), FACTS)
    assert len(list(warc_paths(home))) >= min(files, 2)
    assert (len(list(warc_paths(home))) == 1) == (files == 1)
    assert faults_of(home) == []


def test_an_existing_file_is_never_opened_again(home, new_writer):
    for _ in range(3):
        with new_writer() as writer:
            writer.write(exchange(), FACTS)
    assert len(list(warc_paths(home))) == 3
    assert faults_of(home) == []


def test_a_full_disk_leaves_the_file_as_it_was(home, new_writer, monkeypatch):
    writer = new_writer()
    first = writer.write(exchange(), FACTS)

    def write_half(file, octets):
        import errno
        import os

        os.write(file, octets[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(warc_file_module, "_write_all", write_half)
        with pytest.raises(HomeNotWritable, match="disk is full"):
            writer.write(exchange("/b", second=1), FACTS)
    third = writer.write(exchange("/c", second=2), FACTS)
    writer.close()
    assert [capture.record_id for capture in iter_captures(home)] == [
        first.record_id,
        third.record_id,
    ]
    assert faults_of(home) == []


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(home, new_writer):
    home.path.mkdir()
    home.warc.write_text("a file where a folder should be")
    with pytest.raises(HomeNotWritable, match="cannot be written"):
        new_writer().write(exchange(), FACTS)


def test_a_record_is_one_gzip_member_that_stands_alone(home, new_writer):
    with new_writer() as writer:
        capture = writer.write(exchange(), FACTS)
    octets = read_record(home, capture.place)
    body, flags = undo_codings(octets, ["gzip"])
    assert body.startswith(b"WARC/1.1\r\nWARC-Type: response")
    assert flags == ()


def test_warcio_reads_the_same_records(home, new_writer):
    with new_writer() as writer:
        writer.write(exchange(), FACTS)
    path = warc_paths(home)[0]
    with path.open("rb") as file:
        read = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
            for record in ArchiveIterator(file)
        ]
    assert read[1:] == [(kind, exchange().url) for kind in ("response", "request", "metadata")]


def test_the_moment_of_a_capture_is_its_warc_date(new_writer):
    with new_writer() as writer:
        assert writer.write(exchange(), FACTS).captured_at == BEGIN.replace(microsecond=0)


def test_a_clock_that_jumps_back_does_not_turn_the_order_of_files_round(home, new_writer):
    clock = [datetime(2026, 11, 21, 10, tzinfo=UTC)]
    for moment in (clock[0], datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)):
        clock[0] = moment
        with new_writer(clock=lambda: clock[0]) as writer:
            writer.write(exchange(), FACTS)
    captures = list(iter_captures(home))
    names = [capture.place.file for capture in captures]
    assert names == sorted(names)
    assert [name[16:24] for name in names] == ["20261121", "20261121", "20261122"]
