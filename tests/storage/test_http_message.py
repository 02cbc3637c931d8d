"""HTTP messages taken apart: framing by RFC 9112, tolerance by real servers."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.storage import parse_response, undo_codings

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "status", "payload", "flags"),
    [
        (OK + b"Content-Length: 3\r\n\r\nabc", 200, b"abc", ()),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil close", 200, b"until close", ()),
        (b"HTTP/1.1 200\r\n\r\n", 200, b"", ()),
        (b"HTTP/1.1 404 \xd5\xd2\xb2\xbb\xb5\xbd\r\n\r\nx", 404, b"x", ()),
        (b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", 200, b"abc", ()),
        (CHUNKED + b"3\r\nabc\r\n0\r\n\r\n", 200, b"abc", ()),
        (CHUNKED + b"3;x=1\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n", 200, b"abc", ()),
        (CHUNKED + b"3\r\nabc\r\n0\r\n\r\nmore", 200, b"abc", ("body-long",)),
        (CHUNKED + b"ff\r\nabc", 200, b"abc", ("body-short",)),
        (CHUNKED + b"3\r\nabc\r\nzz\r\nabc", 200, b"abc", ("chunks-broken",)),
        (CHUNKED + b"<html>\nnot chunked", 200, b"<html>\nnot chunked", ("chunks-absent",)),
        (OK + b"Content-Length: 9\r\n\r\nabc", 200, b"abc", ("body-short",)),
        (OK + b"Content-Length: 3\r\n\r\nabcd", 200, b"abcd", ("body-long",)),
        (OK + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 200, b"abc", ()),
        (OK + b"Content-Length: 3, 4\r\n\r\nabc", 200, b"abc", ("length-conflict",)),
        (OK + b"Content-Length: -3\r\n\r\nabc", 200, b"abc", ("header-invalid",)),
        (OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\na", 200, b"a", ("header-invalid",)),
        (OK + b"no colon\r\n\r\nabc", 200, b"abc", ("header-invalid",)),
        (OK + b"Content-Le", 200, b"", ("head-cut",)),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, b"", ()),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, b"", ()),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"\r\nabc", 200, b"abc", ()),
    ],
)
def test_a_response_is_taken_apart(raw, status, payload, flags):
    message = parse_response(raw)
    assert (message.status, message.payload, message.flags) == (status, payload, flags)
    assert message.interim + message.head + message.framed == raw


@pytest.mark.parametrize(
    "raw", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 \r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/"]
)
def test_what_has_no_final_status_line_is_no_response(raw):
    assert parse_response(raw) is None


def test_the_answer_to_head_has_no_body():
    message = parse_response(OK + b"Content-Length: 900\r\n\r\n", method="HEAD")
    assert message.payload == b""
    assert message.flags == ()


def test_headers_keep_order_case_and_repeats_and_folds_are_joined():
    raw = OK + b"b: 1\r\nSet-Cookie: x\r\nX-Fold: a\r\n\t b\r\nset-cookie: y\r\n\r\n"
    assert parse_response(raw).headers == (
        ("b", "1"),
        ("Set-Cookie", "x"),
        ("X-Fold", "a b"),
        ("set-cookie", "y"),
    )


def test_headers_without_end_are_bounded():
    message = parse_response(OK + b"X-A: b\r\n" * 300_000)
    assert len(message.headers) == 1000
    assert "headers-limit" in message.flags


@given(st.binary(max_size=200))
def test_no_octets_break_the_parser(octets):
    for raw in (octets, OK + octets, CHUNKED + octets):
        message = parse_response(raw)
        if message is not None:
            assert message.interim + message.head + message.framed == raw


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8))
def test_any_body_survives_any_chunking(chunks):
    framed = b"".join(b"%X\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    message = parse_response(CHUNKED + framed + b"0\r\n\r\n")
    assert message.payload == b"".join(chunks)
    assert message.flags == ()


def _gzip(octets: bytes) -> bytes:
    """Without the hour in it: tests are named by their parameters, in each process alike."""
    return gzip.compress(octets, mtime=0)


TEXT = "关于印发方案的通知".encode() * 100


@pytest.mark.parametrize(
    ("coded", "codings"),
    [
        (_gzip(TEXT), ["gzip"]),
        (_gzip(TEXT[:50]) + _gzip(TEXT[50:]), ["x-gzip"]),
        (_gzip(TEXT) + b"trailing junk", ["gzip"]),
        (zlib.compress(TEXT), ["deflate"]),
        (zlib.compress(TEXT, wbits=-15), ["deflate"]),
        (_gzip(zlib.compress(TEXT)), ["deflate", "gzip"]),
        (TEXT, ["identity"]),
        (TEXT, []),
    ],
)
def test_codings_are_undone(coded, codings):
    assert undo_codings(coded, codings) == (TEXT, ())


@pytest.mark.parametrize(
    ("coded", "coding", "body", "flag"),
    [
        (_gzip(TEXT)[:60], "gzip", None, "content-coding-broken"),
        (b"<html>not gzip", "gzip", b"<html>not gzip", "content-coding-broken"),
        (b"abc", "unheard-of", b"abc", "content-coding-unknown"),
    ],
)
def test_what_cannot_be_decoded_is_given_as_it_is_and_flagged(coded, coding, body, flag):
    decoded, flags = undo_codings(coded, [coding])
    assert flags == (flag,)
    assert decoded == body if body else TEXT.startswith(decoded)


def test_a_bomb_is_cut_at_the_limit():
    bomb = _gzip(bytes(50_000_000))
    assert undo_codings(bomb, ["gzip"], limit=1_000_000) == (bytes(1_000_000), ("body-limit",))


def test_a_bomb_in_a_bomb_is_cut_at_the_limit():
    bomb = _gzip(_gzip(bytes(50_000_000)))
    body, flags = undo_codings(bomb, ["gzip", "gzip"], limit=1_000_000)
    assert len(body) == 1_000_000
    assert flags == ("body-limit",)
