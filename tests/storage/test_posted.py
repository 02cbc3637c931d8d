"""What answered a POST is found by its form, and never taken for the answer of another one."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from archive.notice import (
    Capture,
    CaptureFacts,
    Exchange,
    Home,
    Original,
    Posting,
    posting_address,
    split_address,
)
from archive.storage import WarcWriter, index_lines, iter_captures, read_capture
from archive.storage.posted import indexed_words, read_posting
from archive.storage.replay_index import ReplayIndex

URL = "http://www.qinghexian.gov.cn/module/xxgk/search.jsp"
WHEN = datetime(2024, 4, 1, 8, tzinfo=UTC)
JSON = "application/json"


@pytest.mark.parametrize(
    ("url", "body", "kind"),
    [
        (URL, b"divid=div1&currpage=2&sortfield=,compaltedate:0", ""),
        (f"{URL}?texttype=0", b"vc_title=%D2%BD%B8%C4+1", ""),
        (f"{URL}?", b"", ""),
        (URL, '{"pageNo": 2, "word": "医改 & #"}'.encode(), JSON),
        (URL, b"\x00\xff#a b", "application/octet-stream"),
        (URL, "currpage=2&vc_title=医改".encode(), ""),
        (URL, b"__wb_post_type=x&__wb_post_data=y", ""),
        (URL, b"a=1&__wb_method=POST&b=2", ""),
    ],
)
def test_an_address_gives_back_what_was_posted(url: str, body: bytes, kind: str) -> None:
    posting = Posting(body=body, media_type=kind) if kind else Posting(body=body)
    address = posting_address(url, posting)
    assert address.isascii()
    assert "#" not in address
    assert split_address(address) == (url, posting)


def test_a_long_body_stands_in_its_address_by_its_digest_and_is_not_posted_again() -> None:
    one, two = (posting_address(URL, Posting(body=letter * 5_000)) for letter in (b"a", b"b"))
    assert one != two
    assert len(one) < 300
    assert split_address(one) == (URL, None)
    assert split_address(URL) == (URL, None)


def request_of(body: bytes, head: str = "Content-Type: application/x-www-form-urlencoded") -> bytes:
    return (
        b"POST /module/xxgk/search.jsp HTTP/1.1\r\nHost: www.qinghexian.gov.cn\r\n"
        + f"Content-Length: {len(body)}\r\n{head}\r\n\r\n".encode()
        + body
    )


def test_the_posting_of_a_request_is_read_whatever_its_framing() -> None:
    assert read_posting(request_of(b"currpage=2")) == Posting(body=b"currpage=2")
    chunked = request_of(b"5\r\ncurrp\r\n5\r\nage=2\r\n0\r\n\r\n", "transfer-encoding: chunked")
    assert read_posting(chunked) == Posting(body=b"currpage=2", media_type="")
    typed = request_of(b"{}", "content-type: Application/JSON ; charset=UTF-8")
    assert read_posting(typed) == Posting(body=b"{}", media_type=JSON)
    assert read_posting(b"GET / HTTP/1.1\r\n\r\n") is None
    assert read_posting(None) is None
    assert read_posting(b"POST / HTTP/1.1\r\nHo") == Posting(body=b"", media_type="")
    assert read_posting(b"POST " + b"a" * 1_000_000) == Posting(body=b"", media_type="")


BODIES = [
    (b"infotypeId=A01&currpage=2&vc_title=%E5%8C%BB+a", "application/x-www-form-urlencoded"),
    (b"a=%D2%BD", "application/x-www-form-urlencoded"),
    (b"\xff=1", "application/x-www-form-urlencoded"),
    (b'{"a": 1, "b": {"c": [1, "x"]}, "c": "y", "d": {"c": 3}}', JSON),
    (b'{"a": 1', JSON),
    (b'{"a": "1"}', "text/plain"),
    (b"plain words", "text/plain"),
    (b"\x00\x01", "application/octet-stream"),
    (b"[" * 10_000, JSON),
]


@pytest.mark.parametrize(("body", "kind"), BODIES)
def test_the_words_are_those_of_pywb_and_cdxj_indexer(body: bytes, kind: str) -> None:
    pytest.importorskip("pywb")
    from pywb.warcserver.inputrequest import MethodQueryCanonicalizer

    if body.startswith(b"[["):
        assert indexed_words(Posting(body=body, media_type=kind)) == ""
        return
    theirs = MethodQueryCanonicalizer("POST", kind, len(body), BytesIO(body))
    ours = indexed_words(Posting(body=body, media_type=kind))
    assert theirs.append_query(URL) == f"{URL}?__wb_method=POST{'&' + ours if ours else ''}"


def test_the_words_of_a_body_by_kind() -> None:
    assert [indexed_words(Posting(body=body, media_type=kind)) for body, kind in BODIES] == [
        "infotypeId=A01&currpage=2&vc_title=医 a",
        "a=\u04bd",  # GBK that happens to be UTF-8 too
        "__wb_post_data=/z0x",
        "a=1&c=1&c.2_=x&c.3_=y&c.4_=3",
        "",
        "a=1",
        "__wb_post_data=cGxhaW4gd29yZHM=",
        "__wb_post_data=AAE=",
        "",
    ]
    parts = b'--x\r\nContent-Disposition: form-data; name="p"\r\n\r\n2\r\n--x--\r\n'
    assert indexed_words(Posting(body=parts, media_type="multipart/form-data")) == "p=2"


def exchange(body: bytes | None, answer: bytes, minutes: int) -> Exchange:
    request = (
        request_of(body)
        if body is not None
        else b"GET /module/xxgk/search.jsp HTTP/1.1\r\nHost: www.qinghexian.gov.cn\r\n\r\n"
    )
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(answer)}\r\n\r\n"
    return Exchange(
        url=URL,
        started_at=WHEN + timedelta(minutes=minutes),
        request=request,
        response=head.encode() + answer,
    )


def write(home: Home, *exchanges: Exchange) -> list[Capture]:
    known: dict[str, Original] = {}
    with WarcWriter(home, software="t", operator="t", user_agent="t") as writer:
        captures = []
        for one in exchanges:
            captures.append(writer.write(one, CaptureFacts(), find_original=known.get))
            last = captures[-1]
            if last.revisit_of is None:
                known[last.payload_digest] = Original(
                    record_id=last.record_id,
                    url=last.url,
                    captured_at=last.captured_at,
                    payload_digest=last.payload_digest,
                )
    return captures


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_two_postings_to_one_url_are_two_pages_here_and_when_read_back(home: Home) -> None:
    written = write(home, exchange(b"p=1", b"one", 0), exchange(b"p=2", b"two", 1))
    assert [one.url for one in written] == [
        f"{URL}?__wb_method=POST&p=1",
        f"{URL}?__wb_method=POST&p=2",
    ]
    assert [(one.url, one.body) for one in iter_captures(home)] == [
        (one.url, one.body) for one in written
    ]
    assert read_capture(home, written[1].place).url == written[1].url


def test_a_revisit_refers_to_what_replay_finds(home: Home) -> None:
    same = b"the same answer"
    written = write(
        home,
        exchange(b"p=1", same, 0),
        exchange(b"p=2", same, 1),  # the original is found by another form alone
        exchange(b"p=2", same, 2),
        exchange(None, same, 3),
    )
    first, other, again, got = written
    assert (first.revisit_of, other.revisit_of) == (None, None)
    assert again.revisit_of == other.record_id
    assert got.revisit_of is None
    assert {one.body for one in iter_captures(home)} == {same}


def test_the_index_has_a_posting_under_its_form_from_the_writer_and_from_the_warc(
    home: Home,
) -> None:
    write(home, exchange(b"b=2&a=%E5%8C%BB", b"one", 0), exchange(None, b"two", 1))
    posted, got = sorted(index_lines(home), key=lambda line: "POST" not in line)
    key = "cn,gov,qinghexian)/module/xxgk/search.jsp"
    assert posted.startswith(f"{key}?__wb_method=post&a=%e5%8c%bb&b=2 20240401080000 ")
    assert '"method": "POST"' in posted
    assert f'"url": "{URL}"' in posted
    assert got.startswith(f"{key} 2024")
    assert "method" not in got
    index = ReplayIndex(home)
    lines = index.bring_up_to_date().read_text().splitlines()
    assert lines == list(index_lines(home))
    for part in index.folder.glob("parts/**/*.cdxj"):
        part.unlink()
    assert index.bring_up_to_date().read_text().splitlines() == lines
