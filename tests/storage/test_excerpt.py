"""Captures taken out of files that other tools wrote: as wget, and uncompressed."""

import gzip

import pytest

from archive.errors import DamagedWarc
from archive.notice import Home, Place
from archive.storage.excerpt import ExcerptReader
from archive.storage.gzip_member import gzip_member
from archive.storage.record import render_record

NAME = "2024/04/hongtou-20240401000000000-adopted-0123456789abcdef/w.warc"
DATE = ("WARC-Date", "2024-04-01T01:12:33Z")
TARGET = ("WARC-Target-URI", "http://a.gov.cn/1.html")


def record(kind, number, block, *more):
    fields = (("WARC-Type", kind), ("WARC-Record-ID", f"<urn:uuid:{number}>"), DATE, *more)
    return render_record(fields, block, "application/http")


def written(home: Home, name: str) -> dict[int, str]:
    """A file as wget writes it, the request before the response; where the responses stand."""
    records = [record("warcinfo", "info", b"software: Wget\r\n")]
    for number in range(3):
        asked, said = f"request-{number}", f"response-{number}"
        records += [
            record("request", asked, b"GET / HTTP/1.1\r\n\r\n", TARGET),
            record(
                "response",
                said,
                b"HTTP/1.1 200 OK\r\n\r\n" + said.encode(),
                TARGET,
                ("WARC-Concurrent-To", f"<urn:uuid:{asked}>"),
            ),
        ]
    path = home.warc / name
    path.parent.mkdir(parents=True)
    wanted, at = {}, 0
    with path.open("wb") as file:
        for number, octets in enumerate(records):
            member = gzip_member(octets) if name.endswith(".gz") else octets
            if number and number % 2 == 0:
                wanted[at] = f"urn:uuid:response-{number // 2 - 1}"
            at += file.write(member)
    return wanted


@pytest.mark.parametrize("name", [NAME, f"{NAME}.gz"])
def test_a_request_that_stands_before_its_response_comes_along(home, name):
    wanted = written(home, name)
    with ExcerptReader(home, name) as reader:
        events = list(reader.events(wanted))
        members = [b"".join(reader.member(one.place)) for event in events for one in event]
        assert reader.warcinfo().id == "urn:uuid:info"
    ids = [[one.id.removeprefix("urn:uuid:") for one in event] for event in events]
    assert ids == [[f"response-{number}", f"request-{number}"] for number in range(3)]
    octets = (home.warc / name).read_bytes()
    for member in members:  # plain records are compressed on their way, and are else the same
        plain = octets if name.endswith(".warc") else gzip.decompress(octets)
        assert gzip.decompress(member) in plain


def test_another_record_than_the_wanted_one_is_refused(home):
    (offset, *_) = written(home, NAME)
    with ExcerptReader(home, NAME) as reader, pytest.raises(DamagedWarc, match="does not"):
        next(reader.events({offset: "urn:uuid:another"}))


def test_a_file_that_ends_within_a_record_is_refused(home):
    written(home, NAME)
    size = (home.warc / NAME).stat().st_size
    with ExcerptReader(home, NAME) as reader, pytest.raises(DamagedWarc, match="ends within"):
        b"".join(reader.member(Place(file=NAME, offset=size - 10, length=100)))


def test_a_name_that_leads_out_of_the_home_is_refused(home):
    with pytest.raises(DamagedWarc):
        ExcerptReader(home, "../../etc/passwd")
