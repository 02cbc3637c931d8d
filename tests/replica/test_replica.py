"""The replica web answers as the sites do, misbehaves on demand, and remembers each octet."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import socket
import ssl
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import BadSourceFile
from crawler.replica import Replica, Sent
from crawler.replica.leftovers import PREFIX, sweep
from crawler.replica.misbehaviour import BOMB_SIZE, PLAYS, packed_bomb
from crawler.replica.route import MISBEHAVIOURS

HOST = "www.example.gov.cn"
PAGE = "<html><body>关于深化医药卫生体制改革的通知。</body></html>".encode() * 300
ROUTES = """
[[route]]
path = "/list.html"
text = "first stage"
headers = [["Server", "nginx"], ["Set-Cookie", "a=1"], ["Set-Cookie", "b=2"]]

[[route]]
path = "/list.html"
text = "second stage"
stage = 2

[[route]]
path = "/list.html?page=2"
text = "page two"

[[route]]
path = "/chunked.html"
file = "page.html"
coding = "gzip"
framing = "chunked"
type = "text/html"

[[route]]
path = "/dated.html"
file = "page.html"
last_modified = "2024-04-01T09:12:33+08:00"

[[route]]
path = "/gone.html"
status = 404
reason = "Nicht da"
validators = false

[[route]]
path = "/api.json"
text = '{"articles": [{"title": "通知"}]}'
type = "application/json"
misbehave = "empty-list"
"""


def write_host(folder: Path, routes: str, host: str = HOST) -> Path:
    (folder / host).mkdir(parents=True)
    (folder / host / "routes.toml").write_text(routes, encoding="utf-8")
    (folder / host / "page.html").write_bytes(PAGE)
    return folder


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Replica]:
    write_host(tmp_path, ROUTES)
    with Replica(tmp_path) as replica:
        yield replica


def ask(
    web: Replica, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[http.client.HTTPResponse, bytes]:
    address, _, port = web.dial.partition(":")
    connection = http.client.HTTPConnection(address, int(port), timeout=5)
    try:
        connection.request(method, path, headers={"Host": HOST, **(headers or {})})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def raw(web: Replica, octets: bytes, timeout: float = 5) -> bytes:
    """Everything that comes back until the server hangs up."""
    address, _, port = web.dial.partition(":")
    with socket.create_connection((address, int(port)), timeout=timeout) as line:
        line.sendall(octets)
        return b"".join(iter(lambda: line.recv(65536), b""))


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()


def test_headers_go_out_in_order_with_their_repeats(web: Replica) -> None:
    head = raw(web, get("/list.html")).partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert "Server: nginx\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2" in head


def test_a_query_is_matched_first_and_then_left_out(web: Replica) -> None:
    assert ask(web, "/list.html?page=2")[1] == b"page two"
    assert ask(web, "/list.html?utm=x")[1] == b"first stage"


def test_a_later_stage_overrides_and_changes_the_validators(web: Replica) -> None:
    first, _ = ask(web, "/list.html")
    web.stage = 2
    asked = {"If-None-Match": first.headers["ETag"]}
    second, body = ask(web, "/list.html", asked)
    assert (second.status, body) == (200, b"second stage")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert ask(web, "/list.html", since)[0].status == 200


def test_unchanged_pages_answer_304_by_tag_and_by_date(web: Replica) -> None:
    first, body = ask(web, "/dated.html")
    assert body == PAGE
    assert first.headers["Last-Modified"] == "Mon, 01 Apr 2024 01:12:33 GMT"
    for name, value in (
        ("If-None-Match", f'"x", W/{first.headers["ETag"]}'),
        ("If-Modified-Since", first.headers["Last-Modified"]),
    ):
        again, nothing = ask(web, "/dated.html", {name: value})
        assert (again.status, nothing) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


def test_the_tag_decides_alone_where_both_are_asked(web: Replica) -> None:
    first, _ = ask(web, "/dated.html")
    asked = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]}
    assert ask(web, "/dated.html", asked)[0].status == 200


def test_an_unreadable_date_is_as_if_it_were_not_there(web: Replica) -> None:
    assert ask(web, "/dated.html", {"If-Modified-Since": "gestern"})[0].status == 200


def test_gzip_and_chunks_go_out_to_those_who_accept_them(web: Replica) -> None:
    coded, body = ask(web, "/chunked.html", {"Accept-Encoding": "gzip, br"})
    assert coded.headers["Content-Encoding"] == "gzip"
    assert coded.headers["Transfer-Encoding"] == "chunked"
    assert coded.headers["ETag"].startswith("W/")
    assert gzip.decompress(body) == PAGE
    plain, body = ask(web, "/chunked.html")
    assert plain.headers["Content-Encoding"] is None
    assert body == PAGE


def test_head_sends_no_body_and_the_same_length(web: Replica) -> None:
    response, body = ask(web, "/dated.html", method="HEAD")
    assert body == b""
    assert response.headers["Content-Length"] == str(len(PAGE))


def test_what_is_not_there_says_so(web: Replica) -> None:
    assert ask(web, "/nothing.html")[0].status == 404
    assert ask(web, "/robots.txt")[0].status == 404
    assert ask(web, "/gone.html")[0].reason == "Nicht da"
    assert ask(web, "/list.html", method="DELETE")[0].status == 405
    assert ask(web, "/", {"Host": "elsewhere.example"})[0].status == 421


def test_one_connection_carries_many_exchanges(web: Replica) -> None:
    address, _, port = web.dial.partition(":")
    connection = http.client.HTTPConnection(address, int(port), timeout=5)
    for path in ("/list.html", "/dated.html", "/nothing.html", "/list.html"):
        connection.request("GET", path, headers={"Host": HOST})
        connection.getresponse().read()
    line = connection.sock
    assert line is not None, "the server hung up"
    connection.close()
    assert [sent.path for sent in web.log][-1] == "/list.html"


def test_https_shows_a_certificate_for_the_name_asked(web: Replica) -> None:
    context = ssl.create_default_context(cafile=str(web.ca_file))
    address, _, port = web.dial.partition(":")
    with (
        socket.create_connection((address, int(port)), timeout=5) as line,
        context.wrap_socket(line, server_hostname=HOST) as tls,
    ):
        tls.sendall(get("/list.html"))
        answer = b"".join(iter(lambda: tls.recv(65536), b""))
    assert answer.endswith(b"first stage")
    assert web.log[-1].response_bytes == answer
    assert web.log[-1].request_bytes == get("/list.html")


def test_a_client_that_trusts_nobody_is_no_harm(web: Replica) -> None:
    address, _, port = web.dial.partition(":")
    context = ssl.create_default_context()
    with (
        socket.create_connection((address, int(port)), timeout=5) as line,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(line, server_hostname=HOST)
    assert ask(web, "/list.html")[0].status == 200


def test_it_serves_as_a_proxy_too(web: Replica) -> None:
    address, _, port = web.dial.partition(":")
    absolute = get(f"http://{HOST}:80/list.html")
    assert raw(web, absolute).endswith(b"first stage")
    context = ssl.create_default_context(cafile=str(web.ca_file))
    connection = http.client.HTTPSConnection(address, int(port), timeout=5, context=context)
    connection.set_tunnel(HOST, 443)
    connection.request("GET", "/list.html")
    assert connection.getresponse().read() == b"first stage"
    connection.close()


def test_the_log_holds_every_octet_of_a_plain_exchange(web: Replica) -> None:
    answer = raw(web, get("/dated.html"))
    sent = web.log[-1]
    assert isinstance(sent, Sent)
    assert (sent.host, sent.path, sent.method) == (HOST, "/dated.html", "GET")
    assert (sent.request_bytes, sent.response_bytes) == (get("/dated.html"), answer)
    assert sent.at.utcoffset() is not None


def test_pages_are_published_changed_and_withdrawn_between_crawls(web: Replica) -> None:
    assert ask(web, "/new.html")[0].status == 404
    web.publish(HOST, "/new.html", "新通知")
    first, body = ask(web, "/new.html")
    assert body.decode() == "新通知"
    web.change(HOST, "/new.html", "新通知（修订）")
    second, body = ask(web, "/new.html", {"If-None-Match": first.headers["ETag"]})
    assert (second.status, body.decode()) == (200, "新通知（修订）")
    web.withdraw(HOST, "/new.html")
    assert ask(web, "/new.html")[0].status == 404


def test_what_is_not_up_cannot_change(web: Replica) -> None:
    with pytest.raises(KeyError, match="publish it"):
        web.change(HOST, "/never.html", "x")


def test_publishing_keeps_the_paths_content_type(web: Replica) -> None:
    web.change(HOST, "/chunked.html", "x")
    assert ask(web, "/chunked.html")[0].headers["Content-Type"] == "text/html"


def test_a_timeout_takes_the_request_and_answers_nothing(web: Replica) -> None:
    web.misbehave(HOST, "/list.html", "timeout")
    with pytest.raises(TimeoutError):
        raw(web, get("/list.html"), timeout=0.3)
    assert web.log[-1].response_bytes == b""


def test_a_reset_is_a_reset(web: Replica) -> None:
    web.misbehave(HOST, "/list.html", "reset")
    with pytest.raises(ConnectionResetError):
        raw(web, get("/list.html"))


def test_a_cut_body_is_shorter_than_announced(web: Replica) -> None:
    web.misbehave(HOST, "/dated.html", "cut")
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(web, "/dated.html")
    assert len(caught.value.partial) == len(PAGE) // 2


def test_a_cut_chunked_body_never_ends(web: Replica) -> None:
    web.misbehave(HOST, "/chunked.html", "cut")
    with pytest.raises(http.client.IncompleteRead):
        ask(web, "/chunked.html")


def test_a_wrong_length_is_too_short(web: Replica) -> None:
    web.misbehave(HOST, "/dated.html", "wrong-length")
    head, _, body = raw(web, get("/dated.html")).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(PAGE) * 2 // 3}".encode() in head
    assert body == PAGE


def test_a_slow_drip_sends_octet_by_octet(web: Replica) -> None:
    web.misbehave(HOST, "/list.html", "slow")
    address, _, port = web.dial.partition(":")
    with socket.create_connection((address, int(port)), timeout=5) as line:
        line.sendall(get("/list.html"))
        pieces = [line.recv(65536) for _ in range(4)]
    assert all(len(piece) <= 3 for piece in pieces[1:])


def test_the_bomb_is_one_small_member_of_a_gigabyte() -> None:
    packed = packed_bomb()
    assert len(packed) < 2_000_000
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    size = 0
    rest = packed
    while rest and not unpacker.eof:
        size += len(unpacker.decompress(rest, 16 * 1024**2))
        rest = unpacker.unconsumed_tail
    assert (size, unpacker.eof) == (BOMB_SIZE, True)


def test_a_loop_leads_to_itself(web: Replica) -> None:
    web.misbehave(HOST, "/list.html", "loop")
    response, _ = ask(web, "/list.html")
    assert (response.status, response.headers["Location"]) == (302, "/list.html")


def test_a_challenge_is_412_with_its_script_and_no_chinese(web: Replica) -> None:
    web.misbehave(HOST, "*", "challenge")
    response, body = ask(web, "/list.html")
    assert response.status == 412
    assert b"$_ts" in body
    assert body.isascii()


def test_an_empty_list_is_a_200_of_the_same_type(web: Replica) -> None:
    response, body = ask(web, "/api.json")
    assert (response.status, b'"articles":[]' in body) == (200, True)
    web.misbehave(HOST, "/list.html", "empty-list")
    assert b"<li" not in ask(web, "/list.html")[1]


def test_a_misbehaviour_can_be_a_status_and_end_by_itself(web: Replica) -> None:
    web.misbehave(HOST, "/list.html", "503", times=2)
    assert [ask(web, "/list.html")[0].status for _ in range(3)] == [503, 503, 200]
    web.misbehave(HOST, "/list.html", "500")
    web.misbehave(HOST, "/list.html", None)
    assert ask(web, "/list.html")[0].status == 200


def test_every_misbehaviour_that_is_named_can_be_played(web: Replica) -> None:
    assert set(PLAYS) == set(MISBEHAVIOURS)
    with pytest.raises(ValueError, match="tiemout"):
        web.misbehave(HOST, "/", "tiemout")


@pytest.mark.parametrize(
    "octets",
    [b"\r\n\r\n", b"GET\r\n\r\n", b"GET / SPDY/9\r\n\r\n", b"\x00" * 200_000 + b"\r\n\r\n"],
)
def test_bad_requests_end_the_connection_and_nothing_else(web: Replica, octets: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # hung up on while sending is an answer too
        assert raw(web, octets)[:12] in (b"HTTP/1.1 400", b"")
    assert ask(web, "/list.html")[0].status == 200


def test_clients_that_go_away_are_no_harm(web: Replica) -> None:
    address, _, port = web.dial.partition(":")
    for octets in (b"", b"\x16", b"GET /list", get("/dated.html")):
        with socket.create_connection((address, int(port))) as line:
            line.sendall(octets)
    assert ask(web, "/list.html")[0].status == 200


def test_it_stops_by_itself_with_clients_hanging_on(tmp_path: Path) -> None:
    write_host(tmp_path, ROUTES)
    with Replica(tmp_path) as web:
        web.misbehave(HOST, "/list.html", "timeout")
        address, _, port = web.dial.partition(":")
        line = socket.create_connection((address, int(port)), timeout=5)
        line.sendall(get("/list.html"))
        idle = socket.create_connection((address, int(port)), timeout=5)
        assert web.ca_file.exists()
        ca_file = web.ca_file
    with contextlib.suppress(ConnectionResetError):  # it may not have been accepted yet
        assert line.recv(10) == b""
    line.close()
    idle.close()
    assert not ca_file.exists()


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ("[[route]]\npath = '/a'\nstats = 200", "did you mean `status`"),
        ("[[route]]\npath = '/a'\nstage = '1'", "wrong type"),
        ("[[route]]\npath = '/a'\nstage = true", "wrong type"),
        ("[[route]]\npath = 'a'", "begins with /"),
        ("[[route]]\ntext = 'a'", "begins with /"),
        ("[[route]]\npath = '/a'\nfile = 'none.html'", "does not exist"),
        ("[[route]]\npath = '/a'\nfile = '../../etc/passwd'", "leaves the host's folder"),
        ("[[route]]\npath = '/a'\ncoding = 'br'", "allowed are"),
        ("[[route]]\npath = '/a'\nmisbehave = 'sulk'", "none it knows"),
        ("[[route]]\npath = '/a'\nheaders = [['Server']]", "pairs"),
        ("[[route]]\npath = '/a'\nlast_modified = '2024-04-01T00:00:00'", "no time zone"),
        ("[[route]]\npath = '/a'\nlast_modified = 'yesterday'", "no ISO 8601"),
        ("[[route]]\npath = '/a'\n[[route]]\npath = '/a'", "two routes"),
        ("[[routes]]\npath = '/a'", "only [[route]]"),
        ("[[route]\n", "routes.toml"),
    ],
)
def test_a_wrong_routes_file_says_where_and_what(tmp_path: Path, routes: str, said: str) -> None:
    write_host(tmp_path, routes)
    with pytest.raises(BadSourceFile) as caught:
        Replica(tmp_path)
    assert said in str(caught.value)
    assert "routes.toml" in str(caught.value)


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadSourceFile, match="no folder of saved hosts"):
        Replica(tmp_path / "none")


def test_folders_of_killed_replicas_are_swept_and_no_others(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    kept = {f"{PREFIX}{os.getpid()}-abc", f"{PREFIX}mine", "other"}
    for name in {*kept, f"{PREFIX}{ended}-abc"}:
        (tmp_path / name).mkdir()
    (tmp_path / f"{PREFIX}{ended}-link").symlink_to(tmp_path / "other")
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*kept, f"{PREFIX}{ended}-link"}


def test_a_replica_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Replica():
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []
