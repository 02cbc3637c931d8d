"""Reading: other tools' files, and files that are damaged."""

import gzip
import io
from datetime import UTC, datetime

import pytest
from exchanges import FACTS, PAGE, exchange, response
from warc_paths import warc_paths
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import DamagedWarc
from archive.notice import Place, Purpose
from archive.storage import (
    Fixity,
    Holdings,
    adopt,
    iter_captures,
    iter_records,
    loose_volume,
    read_capture,
    read_record,
)

URL = "http://www.harbin.gov.cn/a"


def captures_of(home, path):
    faults = []
    is_here = path.is_relative_to(home.warc)
    name = path.relative_to(home.warc).as_posix() if is_here else ""
    volume = Holdings(home).volume(name) if is_here else loose_volume(path)
    return list(iter_captures(home, volumes=[volume], on_damage=faults.append)), faults


def foreign(path, *, is_gzip=True, version="WARC/1.0", body=PAGE, kind="response"):
    """A file as warcio writes it: request after response, no metadata."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=is_gzip, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "other"}))
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            URL,
            kind,
            payload=io.BytesIO(body),
            http_headers=http if kind == "response" else None,
            warc_content_type="text/html" if kind == "resource" else "",
            warc_headers_dict={"WARC-Date": "2020-01-02T03:04:05Z"},
        )
        writer.write_record(record)
        revisit = writer.create_revisit_record(
            URL + "2", record.rec_headers["WARC-Payload-Digest"] or "sha1:x", URL,
            "2020-01-02T03:04:05Z", http, {"WARC-Date": "2021-01-02T03:04:05Z"},
        )  # fmt: skip
        writer.write_record(revisit)
    return path


@pytest.mark.parametrize("is_gzip", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("kind", ["response", "resource"])
def test_captures_of_other_tools_are_read(home, tmp_path, is_gzip, version, kind):
    path = foreign(tmp_path / "other.warc.gz", is_gzip=is_gzip, version=version, kind=kind)
    captures, faults = captures_of(home, path)
    assert faults == []
    first, second = captures
    assert (first.url, first.status, first.body) == (URL, 200, PAGE)
    assert first.captured_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert first.media_type == "text/html"
    assert first.facts.purpose is Purpose.OTHER
    assert (second.url, second.body, second.revisit_of) == (URL + "2", PAGE, first.record_id)


def test_a_file_with_one_gzip_member_for_everything_is_read(home, tmp_path):
    plain = foreign(tmp_path / "plain.warc", is_gzip=False).read_bytes()
    whole = tmp_path / "whole.warc.gz"
    whole.write_bytes(gzip.compress(plain))
    captures, faults = captures_of(home, whole)
    assert faults == []
    assert captures[0].body == PAGE


@pytest.mark.parametrize("is_gzip", [True, False])
def test_a_file_cut_in_its_last_record_gives_the_others_and_says_where(home, tmp_path, is_gzip):
    path = foreign(tmp_path / "cut.warc", is_gzip=is_gzip)
    octets = path.read_bytes()
    path.write_bytes(octets[:-20])
    captures, faults = captures_of(home, path)
    assert [capture.body for capture in captures] == [PAGE]
    assert len(faults) == 1
    last = list(iter_records(loose_volume(path), on_damage=lambda _: None))[-1].place
    assert faults[0].offset == last.offset + last.length
    assert str(path) in str(faults[0])


def test_without_a_listener_damage_raises_after_the_good_captures(home, tmp_path):
    path = foreign(tmp_path / "cut.warc.gz")
    path.write_bytes(path.read_bytes()[:-20])
    captures = iter_captures(home, volumes=[loose_volume(path)])
    assert next(captures).body == PAGE
    with pytest.raises(DamagedWarc, match=r"cut\.warc\.gz at \d+: the file ends inside"):
        list(captures)


@pytest.fixture
def three(home, new_writer):
    with new_writer() as writer:
        captures = [
            writer.write(exchange(f"/{n}", response(PAGE + bytes([n])), second=n), FACTS)
            for n in range(3)
        ]
    return warc_paths(home)[0], captures


def test_damage_in_the_middle_costs_only_its_own_record(home, three):
    path, captures = three
    octets = bytearray(path.read_bytes())
    octets[captures[1].place.offset + 200] ^= 0xFF
    path.write_bytes(octets)
    read, faults = captures_of(home, path)
    assert read == [captures[0], captures[2]]
    assert [fault.offset for fault in faults] == [captures[1].place.offset]


def test_zeroes_where_a_disk_failed_are_passed_over(home, three):
    path, captures = three
    octets = bytearray(path.read_bytes())
    place = captures[1].place
    octets[place.offset : place.offset + place.length] = bytes(place.length)
    path.write_bytes(octets)
    read, faults = captures_of(home, path)
    assert read == [captures[0], captures[2]]
    assert faults


def test_junk_behind_the_last_record_is_said(home, three):
    path, captures = three
    path.write_bytes(path.read_bytes() + b"junk")
    read, faults = captures_of(home, path)
    assert read == captures
    assert len(faults) == 1


@pytest.mark.parametrize("octets", [b"", b"\x1f\x8b", b"<html>", b"filedesc://x 1 2\n", bytes(99)])
def test_what_is_no_warc_gives_nothing_and_a_report(home, tmp_path, octets):
    path = tmp_path / "no.warc.gz"
    path.write_bytes(octets)
    captures, faults = captures_of(home, path)
    assert captures == []
    assert bool(faults) == bool(octets)


def test_a_wrong_content_length_is_reported_and_the_next_record_is_read(home, tmp_path):
    good = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:%d>\r\n"
    good += b"WARC-Target-URI: http://a.cn/\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    good += b"Content-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n"
    block = b"HTTP/1.1 200 OK\r\n\r\nhello"
    path = tmp_path / "x.warc"
    path.write_bytes(
        good % (1, 5) + block + b"\r\n\r\n" + good % (2, len(block)) + block + b"\r\n\r\n"
    )
    captures, faults = captures_of(home, path)
    assert [capture.record_id for capture in captures] == ["urn:x:2"]
    assert [fault.record_id for fault in faults] == ["urn:x:1"]


@pytest.mark.parametrize("date", ["", "2020-01-01T00:00:00", "yesterday"])
def test_a_capture_without_a_moment_in_utc_is_reported(home, tmp_path, date):
    block = b"HTTP/1.1 200 OK\r\n\r\nhello"
    path = tmp_path / "x.warc"
    path.write_bytes(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:1>\r\n"
        b"WARC-Target-URI: <http://a.cn/>\r\nWARC-Date: %s\r\nContent-Length: %d\r\n\r\n"
        % (date.encode(), len(block)) + block + b"\r\n\r\n"
    )  # fmt: skip
    captures, faults = captures_of(home, path)
    assert captures == []
    assert "WARC-Date" in faults[0].what


def test_a_record_longer_than_can_be_kept_is_passed_over_and_checked(tmp_path, three):
    path, captures = three
    records = list(iter_records(loose_volume(path), block_limit=1000))
    long = [record for record in records if record.is_oversize]
    assert [record.place.offset for record in long] == [c.place.offset for c in captures]
    assert all(record.block_holds and record.block == b"" for record in long)


def test_a_revisit_without_its_original_is_flagged(home, tmp_path):
    path = foreign(tmp_path / "other.warc")
    records = list(iter_records(loose_volume(path)))
    octets = path.read_bytes()
    only = tmp_path / "revisit.warc"
    only.write_bytes(octets[records[-1].place.offset :])
    captures, faults = captures_of(home, only)
    assert faults == []
    assert captures[0].flags == ("original-missing",)
    assert captures[0].status == 200


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "2026/11/missing.warc.gz"])
def test_a_place_outside_the_home_is_never_read(home, three, name):
    for read in (read_record, read_capture):
        with pytest.raises(DamagedWarc):
            read(home, Place(file=name, offset=0, length=10))


def test_a_symbolic_link_out_of_the_home_is_not_followed(home, three, tmp_path):
    outside = foreign(tmp_path / "outside.warc.gz")
    link = home.warc / "link.warc.gz"
    link.symlink_to(outside)
    assert link not in list(warc_paths(home))
    with pytest.raises(DamagedWarc):
        read_record(home, Place(file="link.warc.gz", offset=0, length=10))


def test_a_file_of_another_tool_is_taken_in_once_under_its_own_name(home, tmp_path):
    path = foreign(tmp_path / "other.warc.gz")
    copy = adopt(home, path)
    kept = home.warc / copy.name
    assert kept.name == path.name
    assert kept.read_bytes() == path.read_bytes()
    assert adopt(home, path) == adopt(home, kept) == copy
    first, second = iter_captures(home)
    assert read_capture(home, first.place) == first
    assert read_capture(home, second.place, find_place=lambda _: first.place).body == PAGE


def test_other_tools_files_are_not_held_to_what_only_we_promise(home, tmp_path):
    adopt(home, foreign(tmp_path / "other.warc.gz"))
    faults = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(Holdings(home).volumes())
    assert faults == []


def test_a_place_where_no_capture_stands_is_said(home, three):
    _, captures = three
    place = captures[0].place
    request = Place(file=place.file, offset=place.offset + place.length, length=1)
    with pytest.raises(DamagedWarc, match="No capture stands"):
        read_capture(home, request)


def record_of(tmp_path, fields, *, is_gzip):
    octets = b"WARC/1.1\r\n" + fields + b"Content-Length: 2\r\n\r\nok\r\n\r\n"
    path = tmp_path / "fields.warc"
    path.write_bytes(gzip.compress(octets) if is_gzip else octets)
    (record,) = iter_records(loose_volume(path))
    assert record.block == b"ok"
    return record


@pytest.mark.parametrize("is_gzip", [True, False])
def test_a_records_fields_are_read_whatever_their_case_blanks_folds_and_repeats(tmp_path, is_gzip):
    fields = (
        b"warc-TYPE :  metadata \r\nWARC-Concurrent-To:<urn:a>\r\nX-Long: one\r\n\t two: 2\r\n"
        b"WARC-Concurrent-To: <urn:b>\r\nX-Empty:\r\nX-Broken: \xff\r\n"
    )
    record = record_of(tmp_path, fields, is_gzip=is_gzip)
    assert record.type == "metadata"
    assert record.all("WARC-Concurrent-To") == ("<urn:a>", "<urn:b>")
    assert record.field("WARC-Concurrent-To") == "<urn:a>"
    assert record.all("X-Long") == ("one two: 2",)
    assert (record.field("x-empty"), record.field("X-Broken")) == ("", "\ufffd")
    assert (record.field("X-None"), record.all("X-None")) == (None, ())


@pytest.mark.parametrize("is_gzip", [True, False])
@pytest.mark.parametrize(
    ("fields", "says"), [(b"no colon\r\n", "no colon"), (b"X: y\r\n" * 1001, "too many fields")]
)
def test_a_head_that_is_none_is_said(tmp_path, fields, says, is_gzip):
    with pytest.raises(DamagedWarc, match=says):
        record_of(tmp_path, fields, is_gzip=is_gzip)
