"""The wire: what the server sent and received is what the exchange holds, octet for octet."""

import contextlib
import gzip
import json
import os
import pickle
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from warc_paths import warc_paths

from archive.notice import CaptureFacts, Home, Truncation
from archive.storage import Fixity, Holdings, WarcWriter, iter_records, loose_volume
from crawler.operator_settings import LEAST_DELAY_SECONDS

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from raw_server import RawServer, Script  # noqa: E402 - it stands beside this file

PAGE = "<html><title>关于印发方案的通知</title>正文</html>".encode()
LENGTH = b"Content-Length: %d\r\n" % len(PAGE)
ODD = (
    b"HTTP/1.1 200 OK\r\nserver: X\r\nCONTENT-length: %d\r\nSet-Cookie: b=2\r\n"
    b"X-Odd:  two  blanks \r\nSet-Cookie: a=1\r\nset-cookie: c=3\r\n\r\n" % len(PAGE)
)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

WHOLE = {
    "/plain": Script([b"HTTP/1.1 200 OK\r\n" + LENGTH + b"\r\n" + PAGE]),
    "/in-pieces": Script([b"HTTP/1.", 0.02, b"1 200 OK\r\n" + LENGTH, 0.02, b"\r\n" + PAGE]),
    "/odd": Script([ODD + PAGE]),
    "/query?id=1&p=2": Script([b"HTTP/1.1 200 OK\r\n" + LENGTH + b"\r\n" + PAGE]),
    "/reason": Script(["HTTP/1.1 404 找不到\r\n".encode("gbk") + LENGTH + b"\r\n" + PAGE]),
    "/no-reason": Script([b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + PAGE]),
    "/gbk-header": Script(
        ["HTTP/1.1 200 OK\r\nX-Dept: 卫健委\r\n".encode("gbk") + LENGTH + b"\r\n" + PAGE]
    ),
    "/folded": Script([b"HTTP/1.1 200 OK\r\nX-A: one\r\n two\r\n" + LENGTH + b"\r\n" + PAGE]),
    "/bad-line": Script([b"HTTP/1.1 200 OK\r\nno colon here\r\n" + LENGTH + b"\r\n" + PAGE]),
    "/chunked": Script([CHUNKED + b"5;x=y\r\n01234\r\n", 0.02, b"3\r\nabc\r\n0\r\n\r\n"]),
    "/trailers": Script([CHUNKED + b"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"]),
    "/gzip": Script(
        [
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
            + gzip.compress(PAGE, mtime=0)
        ],
        "close",
    ),
    "/http-1.0": Script([b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE], "close"),
    "/empty": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]),
    "/204": Script([b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"]),
    "/304": Script([b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 900\r\n\r\n']),
    "/redirect": Script([b"HTTP/1.1 302 Found\r\nLocation: /plain\r\nContent-Length: 2\r\n\r\nok"]),
    "/continue": Script(
        [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + LENGTH + b"\r\n" + PAGE]
    ),
    "/500": Script([b"HTTP/1.1 500 Oops\r\n" + LENGTH + b"\r\n" + PAGE]),
}
BROKEN = {
    "/cut": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + PAGE], "close"),
    "/cut-chunk": Script([CHUNKED + b"ff\r\nabc"], "close"),
    "/cut-head": Script([b"HTTP/1.1 200 OK\r\nContent-Le"], "close"),
    "/long": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + PAGE], "close"),
    "/timeout": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + PAGE], "hang"),
    "/silent": Script([], "hang"),
    "/reset": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + PAGE, 0.2], "reset"),
    "/garbage": Script([b"SSH-2.0-OpenSSH_9.2\r\n\r\n"], "close"),
}
BROKEN_ENDS = {
    "/cut": Truncation.DISCONNECT,
    "/cut-chunk": Truncation.DISCONNECT,
    "/cut-head": Truncation.DISCONNECT,
    "/long": Truncation.UNSPECIFIED,
    "/timeout": Truncation.TIME,
    "/silent": Truncation.TIME,
    "/reset": Truncation.DISCONNECT,
    "/garbage": Truncation.DISCONNECT,
}


ALL = (*WHOLE, *BROKEN)
KEPT = ("/plain", "/chunked", "/empty")
TLS = ("/plain", "/odd", "/gzip")

PRIVATE_HOSTS = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "[::1]",
                 "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]"]  # fmt: skip
BIG = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n",
    "no-length": b"HTTP/1.1 200 OK\r\n\r\n",
}
SCRIPTS = {
    "all": {**WHOLE, **BROKEN},
    "kept": WHOLE,
    "surplus": {"/long": Script(BROKEN["/long"].parts), "/plain": WHOLE["/plain"]},
    "methods": {
        "/head": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"]),
        "/post": WHOLE["/plain"],
    },
    "redirect": WHOLE,
    "twice": WHOLE,
    "length": {"/big": Script([BIG["length"] + b"x" * 3_000_000], "close")},
    "no-length": {"/big": Script([BIG["no-length"] + b"x" * 3_000_000], "close")},
    "headers": {"/headers": Script([b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 500_000], "hang")},
    "private": WHOLE,
}


def order(urls, **settings):
    """One crawl to be run."""
    requests = [url if isinstance(url, dict) else {"url": url} for url in urls]
    return {"requests": requests, "settings": settings}


def run(orders):
    """Run crawls side by side in a process of their own; what came of each, by its name."""
    inherited = os.environ.get("PYTHONPATH", "")  # holds the network guard
    done = subprocess.run(
        [sys.executable, str(HERE / "wire_crawl.py")],
        input=json.dumps(list(orders.values())).encode(),
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent.parent), inherited])},
        check=True,
    )
    return dict(zip(orders, pickle.loads(done.stdout), strict=True))


@pytest.fixture(scope="module")
def servers():
    """A server for each crawl."""
    with contextlib.ExitStack() as stack:
        running = {
            name: stack.enter_context(RawServer(scripts)) for name, scripts in SCRIPTS.items()
        }
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority = trustme.CA()
        authority.issue_cert("www.cqbn.gov.cn").configure_cert(context)
        running["tls"] = stack.enter_context(RawServer(WHOLE, context))
        running["tls"].ca_file = stack.enter_context(authority.cert_pem.tempfile())
        yield running


@pytest.fixture(scope="module")
def crawls(servers):
    """Every crawl of this file, run once."""
    base = {name: f"http://127.0.0.1:{server.port}" for name, server in servers.items()}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base["gone"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
    plain = [{"url": base["all"] + path, "meta": {"dont_redirect": True}} for path in ALL]
    post = {"url": base["methods"] + "/post", "method": "POST", "body": "page=2&col=通知"}
    one = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    tls = {
        "HONGTOU_DIAL": f"127.0.0.1:{servers['tls'].port}",
        "HONGTOU_CA_FILE": servers["tls"].ca_file,
        "HONGTOU_ALLOW_PRIVATE": False,
    }
    untrusting = {"HONGTOU_DIAL": tls["HONGTOU_DIAL"]}
    private = [f"http://{host}:{servers['private'].port}/plain" for host in PRIVATE_HOSTS]
    orders = {
        "all": order(plain, DOWNLOAD_TIMEOUT=4, CONCURRENT_REQUESTS_PER_DOMAIN=40),
        # As an operator's crawl without a pause: one connection a host all the same.
        "kept": order(
            [base["kept"] + path for path in KEPT], DOWNLOAD_DELAY=LEAST_DELAY_SECONDS, **one
        ),
        "surplus": order([base["surplus"] + path for path in ("/long", "/plain")], **one),
        "methods": order([{"url": base["methods"] + "/head", "method": "HEAD"}, post]),
        "redirect": order([base["redirect"] + "/redirect"]),
        "twice": order([base["twice"] + "/plain"] * 2, **one),
        "length": order([base["length"] + "/big"], DOWNLOAD_MAXSIZE=100_000),
        "no-length": order([base["no-length"] + "/big"], DOWNLOAD_MAXSIZE=100_000),
        "headers": order([base["headers"] + "/headers"], DOWNLOAD_MAXSIZE=1000),
        "tls": order([f"https://www.cqbn.gov.cn{path}" for path in TLS], **tls),
        "untrusted": order(["https://www.cqbn.gov.cn/plain"], **untrusting),
        "other-host": order(["https://www.harbin.gov.cn/plain"], **tls),
        "private": order(private, HONGTOU_ALLOW_PRIVATE=False, DOWNLOAD_TIMEOUT=5),
        "gone": order([base["gone"] + "/gone"]),
    }
    return run(orders)


@pytest.fixture(scope="module")
def server(servers):
    return servers["all"]


@pytest.fixture(scope="module")
def outcomes(crawls):
    """What came of every script, by its path."""
    return dict(zip(ALL, crawls["all"], strict=True))


@pytest.mark.parametrize("path", [*WHOLE, *BROKEN])
def test_an_exchange_holds_what_the_server_sent_and_received(server, outcomes, path):
    exchange = outcomes[path]["exchange"]
    assert exchange.request == server.sent(path).request
    assert exchange.response == server.sent(path).response


@pytest.mark.parametrize("path", WHOLE)
def test_a_whole_response_is_not_truncated(outcomes, path):
    assert outcomes[path]["exchange"].truncated is None


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_response_says_what_ended_it(outcomes, path):
    assert outcomes[path]["exchange"].truncated is BROKEN_ENDS[path]


def test_every_block_of_the_warc_is_what_the_server_sent_and_received(server, outcomes, tmp_path):
    home = Home(tmp_path)
    for one in outcomes.values():
        # A writer each: one would make revisits of the pages that several scripts share.
        with WarcWriter(home, software="x", operator="x", user_agent="x") as writer:
            writer.write(one["exchange"], CaptureFacts())
    records = [record for path in warc_paths(home) for record in iter_records(loose_volume(path))]
    blocks = {(record.type, urlsplit(record.target).path): record.block for record in records}
    for path in (*WHOLE, *BROKEN):
        if path not in ("/silent", "/garbage", "/continue", "/query?id=1&p=2"):
            assert blocks["response", path] == server.sent(path).response
            assert blocks["request", path] == server.sent(path).request
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    assert interim + blocks["response", "/continue"] == server.sent("/continue").response
    faults = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(Holdings(home).volumes())
    assert faults == []


def test_an_exchange_knows_its_peer_and_its_moment(outcomes):
    exchange = outcomes["/plain"]["exchange"]
    assert exchange.ip_address == "127.0.0.1"
    assert datetime.now(UTC) - exchange.started_at < timedelta(minutes=5)
    assert outcomes["/in-pieces"]["exchange"].duration_ms >= 40


def assert_equal(server, path, found):
    assert found["exchange"].request == server.sent(path).request
    assert found["exchange"].response == server.sent(path).response


def test_three_requests_on_one_connection_are_three_exchanges(servers, crawls):
    assert {one.connection for one in servers["kept"].log} == {1}
    for path, found in zip(KEPT, crawls["kept"], strict=True):
        assert_equal(servers["kept"], path, found)


def test_a_connection_with_surplus_octets_is_not_used_again(servers, crawls):
    assert [found["outcome"] for found in crawls["surplus"]] == [200, 200]
    assert len({one.connection for one in servers["surplus"].log}) == 2
    assert_equal(servers["surplus"], "/plain", crawls["surplus"][1])


def test_head_and_post_are_kept_with_their_methods_and_bodies(servers, crawls):
    for path, found in zip(("/head", "/post"), crawls["methods"], strict=True):
        assert_equal(servers["methods"], path, found)
        assert found["exchange"].truncated is None


def test_each_hop_of_a_redirect_is_its_own_exchange_and_the_last_one_is_delivered(servers, crawls):
    (found,) = crawls["redirect"]
    assert found["exchange"].url.endswith("/plain")
    assert_equal(servers["redirect"], "/plain", found)


def test_the_same_url_twice_falls_into_two_seconds(crawls):
    moments = [found["exchange"].started_at.replace(microsecond=0) for found in crawls["twice"]]
    assert moments[0] != moments[1]


@pytest.mark.parametrize("name", BIG)
def test_a_body_beyond_the_limit_is_cut_and_kept_as_far_as_it_came(crawls, name):
    exchange = crawls[name][0]["exchange"]
    assert exchange.truncated is Truncation.LENGTH
    assert exchange.response.startswith(BIG[name])
    assert len(exchange.response) < 1_500_000


def test_headers_without_end_are_hung_up_on(crawls):
    exchange = crawls["headers"][0]["exchange"]
    assert exchange.truncated is Truncation.LENGTH
    assert len(exchange.response) == 2000 + (1 << 20)


def test_tls_is_taped_above_the_encryption_and_dialled_elsewhere(servers, crawls):
    for path, found in zip(TLS, crawls["tls"], strict=True):
        assert_equal(servers["tls"], path, found)
        assert b"Host: www.cqbn.gov.cn\r\n" in found["exchange"].request
        assert found["exchange"].truncated is None


@pytest.mark.parametrize("name", ["untrusted", "other-host"])
def test_a_certificate_of_nobody_we_trust_or_for_another_host_is_refused(crawls, name):
    assert isinstance(crawls[name][0]["outcome"], str)
    assert crawls[name][0]["exchange"].response == b""


def test_private_addresses_are_refused_however_they_are_written(servers, crawls):
    assert {found["outcome"] for found in crawls["private"]} == {"PrivateAddress"}
    assert servers["private"].log == []


def test_a_host_that_refuses_leaves_an_exchange_without_octets(crawls):
    exchange = crawls["gone"][0]["exchange"]
    assert (exchange.request, exchange.response) == (b"", b"")
