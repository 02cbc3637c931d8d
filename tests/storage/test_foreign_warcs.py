"""WARCs after the conventions of Heritrix, Common Crawl, Browsertrix and wget, and bad ones."""

import base64
import gzip
import hashlib
import os
import subprocess
import sys
import zlib
from datetime import UTC, datetime

import pytest
from exchanges import PAGE

from archive.notice import Purpose
from archive.storage import (
    Fixity,
    adopt,
    iter_captures,
    iter_records,
    loose_volume,
    read_capture,
)
from archive.storage.repacking import Packing, adopt_repacked, packing_of

URL = "http://www.harbin.gov.cn/a?id=%E4%B8%AD"
DATE = "2020-01-02T03:04:05Z"
GZIPPED = gzip.compress(PAGE, mtime=0)


def sha1(octets):
    return "sha1:" + base64.b32encode(hashlib.sha1(octets, usedforsecurity=False).digest()).decode()


def record(kind, name, block, version="1.0", target=URL, media_type=None, **said):
    fields = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{name}>", "WARC-Date": DATE}
    if target:
        fields["WARC-Target-URI"] = target
    fields |= {key.replace("_", "-"): value for key, value in said.items()}
    if media_type is None and kind in ("response", "request", "revisit"):
        media_type = f"application/http; msgtype={'request' if kind == 'request' else 'response'}"
    fields |= {"Content-Type": media_type or "application/warc-fields"}
    head = "".join(f"{key}: {value}\r\n" for key, value in fields.items())
    length = f"Content-Length: {len(block)}\r\n"
    return f"WARC/{version}\r\n{head}{length}\r\n".encode() + block + b"\r\n\r\n"


REQUEST = b"GET /a?id=%E4%B8%AD HTTP/1.0\r\nHost: www.harbin.gov.cn\r\n\r\n"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Encoding: gzip\r\n\r\n%x\r\n" % len(GZIPPED) + GZIPPED + b"\r\n0\r\n\r\n"
)


def heritrix():
    """warcinfo, DNS as a response of its own kind, chunks kept, a revisit without Refers-To."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    return [
        record("warcinfo", "h0", b"software: Heritrix/3.4.0\r\n", target=None),
        record("response", "h1", b"20200102\nwww. IN A 203.0.113.5", target="dns:www.harbin.gov.cn",
               media_type="text/dns"),
        record("response", "h2", CHUNKED, WARC_Payload_Digest=sha1(GZIPPED),
               WARC_IP_Address="203.0.113.5"),
        record("request", "h3", REQUEST, WARC_Concurrent_To="<urn:uuid:h2>"),
        record("metadata", "h4", b"via: http://www.harbin.gov.cn/\r\nhopsFromSeed: L\r\n",
               WARC_Concurrent_To="<urn:uuid:h2>"),
        record("revisit", "h5", head, target=URL + "2", WARC_Payload_Digest=sha1(GZIPPED),
               WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
               WARC_Refers_To_Target_URI=URL, WARC_Refers_To_Date=DATE, WARC_Truncated="length"),
    ]  # fmt: skip


def common_crawl():
    """The request first; codings undone in the block, their headers renamed; wrong old length."""
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Crawler-Transfer-Encoding: chunked\r\n"
        b"X-Crawler-Content-Encoding: gzip\r\nX-Crawler-Content-Length: 99\r\n"
        b"Content-Length: %d\r\n\r\n" % len(PAGE)
    )
    return [
        record("warcinfo", "c0", b"isPartOf: CC-MAIN-2020-05\r\n", target=None),
        record("request", "c1", REQUEST, WARC_Concurrent_To="<urn:uuid:c2>"),
        record("response", "c2", head + PAGE, WARC_Concurrent_To="<urn:uuid:c1>",
               WARC_Payload_Digest=sha1(PAGE), WARC_Block_Digest=sha1(head + PAGE),
               WARC_Identified_Payload_Type="text/html"),
        record("metadata", "c3", b"fetchTimeMs: 400\r\n", WARC_Concurrent_To="<urn:uuid:c2>"),
        record("conversion", "c4", b"plain text", media_type="text/plain",
               WARC_Refers_To="<urn:uuid:c2>"),
    ]  # fmt: skip


def browsertrix():
    """WARC 1.1, sha256, no pair's request, what was seen of a page under names of its own."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
    label = f"sha256:{hashlib.sha256(PAGE).hexdigest()}"
    return [
        record("response", "b1", head + PAGE, "1.1", WARC_Payload_Digest=label,
               WARC_Page_ID="x", WARC_Resource_Type="document"),
        record("resource", "b2", b'{"pageid": "x"}', "1.1", target=f"urn:pageinfo:{URL}",
               media_type="application/json"),
        record("resource", "b3", "正文".encode(), "1.1", target=f"urn:text:{URL}",
               media_type="text/plain"),
    ]  # fmt: skip


def wget():
    """Angle brackets around URIs, as the grammar of 1.0 had them; the digest of the chunks."""
    _, _, framed = CHUNKED.partition(b"\r\n\r\n")
    return [
        record("warcinfo", "w0", b"software: Wget/1.21.3\r\n", target=None),
        record("request", "w1", REQUEST, target=f"<{URL}>", WARC_Warcinfo_ID="<urn:uuid:w0>"),
        record("response", "w2", CHUNKED, target=f"<{URL}>", WARC_Concurrent_To="<urn:uuid:w1>",
               WARC_Payload_Digest=sha1(framed), WARC_Block_Digest=sha1(CHUNKED)),
        record("resource", "w3", b"a log", target="<metadata://gnu.org/software/wget/warc/log>",
               media_type="text/plain"),
    ]  # fmt: skip


TOOLS = {
    "heritrix": heritrix,
    "common crawl": common_crawl,
    "browsertrix": browsertrix,
    "wget": wget,
}


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.parametrize("packing", ["plain", "a member each", "one member"])
def test_a_warc_of_another_tool_gives_its_pages_and_has_no_fault(home, tmp_path, name, packing):
    records = TOOLS[name]()
    path = tmp_path / "other.warc.gz"
    plain = b"".join(records)
    path.write_bytes(
        plain
        if packing == "plain"
        else gzip.compress(plain)
        if packing == "one member"
        else b"".join(map(gzip.compress, records))
    )
    assert packing_of(path) is (Packing.SHARED if packing == "one member" else Packing.ALONE)
    faults = []
    if packing == "one member":
        copy = adopt_repacked(home, path, faults.append)
        assert gzip.decompress(copy.open().read()) == plain
        assert adopt_repacked(home, path, faults.append) == copy
    else:
        copy = adopt(home, path)
    captures = list(iter_captures(home, volumes=[copy], on_damage=faults.append))
    Fixity(home, faults.append).check_file(copy)
    assert faults == []
    pages = [capture for capture in captures if capture.media_type == "text/html"]
    assert [page.body for page in pages] == [PAGE] * len(pages)
    assert pages[0].url == URL
    assert pages[0].captured_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert pages[0].facts.purpose is Purpose.OTHER
    assert all(capture.url.startswith("http") for capture in captures)
    places = {capture.record_id: capture.place for capture in captures}
    assert [read_capture(home, one.place, find_place=places.get) for one in pages] == pages


def test_the_good_records_of_one_member_that_is_cut_are_taken(home, tmp_path):
    path = tmp_path / "cut.warc.gz"
    path.write_bytes(gzip.compress(b"".join(heritrix()) + os.urandom(100_000))[:-50_000])
    faults = []
    copy = adopt_repacked(home, path, faults.append)
    assert len(faults) == 1
    assert gzip.decompress(copy.open().read()) == b"".join(heritrix())


@pytest.mark.parametrize("octets", [b"", b"%PDF-1.7\n1 0 obj", gzip.compress(b"a log"), bytes(999)])
def test_a_file_without_a_record_is_known(tmp_path, octets):
    path = tmp_path / "no.warc.gz"
    path.write_bytes(octets)
    assert packing_of(path) is Packing.NO_RECORD


def test_a_wrong_digest_is_told_by_verify_and_the_page_is_taken_with_a_flag(home, tmp_path):
    path = tmp_path / "wrong.warc"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    path.write_bytes(record("response", "x", head + PAGE, WARC_Payload_Digest=sha1(b"other")))
    (capture,) = iter_captures(home, volumes=[loose_volume(path)])
    assert capture.body == PAGE
    assert "payload-digest-differs" in capture.flags
    faults = []
    Fixity(home, faults.append).check_file(adopt(home, path))
    assert ["payload does not match" in fault.what for fault in faults] == [True]


#: Reads a file in a process that may take no more than so much memory.
READ = """
import resource, sys
from pathlib import Path
from archive.storage import iter_records, loose_volume
resource.setrlimit(resource.RLIMIT_AS, ({octets}, {octets}))
for one in iter_records(loose_volume(Path(sys.argv[1])), on_damage=print):
    print(one.id, one.is_oversize, one.block_holds)
"""


@pytest.mark.parametrize("is_gzip", [True, False])
def test_a_record_longer_than_memory_is_passed_over_and_the_next_one_is_read(tmp_path, is_gzip):
    """A sparse file, or zeroes in gzip. (Tried with ten gigabytes, which takes a minute.)"""
    path = tmp_path / "huge.warc.gz"
    octets = 700 << 20
    head = record("response", "huge", b"").removesuffix(b"0\r\n\r\n\r\n\r\n")
    head += b"%d\r\n\r\n" % octets
    after = record("resource", "next", b"page", media_type="text/plain")
    with path.open("wb") as file:
        if is_gzip:
            packing = zlib.compressobj(1, zlib.DEFLATED, 31)
            file.write(packing.compress(head))
            for _ in range(octets >> 22):
                file.write(packing.compress(bytes(1 << 22)))
            file.write(packing.compress(b"\r\n\r\n") + packing.flush() + gzip.compress(after))
        else:
            file.write(head)
            file.seek(octets, os.SEEK_CUR)
            file.write(b"\r\n\r\n" + after)
    program = READ.format(octets=600 << 20)
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["urn:uuid:huge True None", "urn:uuid:next False None"]


def test_records_around_a_bad_length_are_read(tmp_path):
    good = record("resource", "one", b"page", media_type="text/plain")
    bad = record("resource", "two", b"page" * 50, media_type="text/plain")
    bad = bad.replace(b"Content-Length: 200", b"Content-Length: 190")
    path = tmp_path / "bad.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, (good, bad, good.replace(b"one", b"six")))))
    faults = []
    records = list(iter_records(loose_volume(path), on_damage=faults.append))
    assert [one.id[-3:] for one in records] == ["one", "six"]
    assert len(faults) == 1
