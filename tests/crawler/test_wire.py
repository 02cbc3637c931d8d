"""The wire: what the server sent and received is what the exchange holds, octet for octet."""

import gzip
import json
import os
import pickle
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from archive.notice import CaptureFacts, Home, Truncation
from archive.storage import Fixity, WarcWriter, iter_records, warc_files

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


def crawl(requests, **settings):
    """Crawl in a process of its own; what came of each request, in their order."""
    order = json.dumps({"requests": requests, "settings": settings})
    inherited = os.environ.get("PYTHONPATH", "")  # holds the network guard
    done = subprocess.run(
        [sys.executable, str(HERE / "wire_crawl.py")],
        input=order.encode(),
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent.parent), inherited])},
        check=True,
    )
    return pickle.loads(done.stdout)


@pytest.fixture(scope="module")
def server():
    with RawServer({**WHOLE, **BROKEN}) as running:
        yield running


@pytest.fixture(scope="module")
def outcomes(server):
    """Every script asked for once, in one crawl."""
    base = f"http://127.0.0.1:{server.port}"
    requests = [{"url": base + path, "meta": {"dont_redirect": True}} for path in (*WHOLE, *BROKEN)]
    found = crawl(requests, DOWNLOAD_TIMEOUT=3, CONCURRENT_REQUESTS_PER_DOMAIN=30)
    return dict(zip((*WHOLE, *BROKEN), found, strict=True))


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
    records = [record for path in warc_files(home.warc) for record in iter_records(path)]
    blocks = {(record.type, urlsplit(record.target).path): record.block for record in records}
    for path in (*WHOLE, *BROKEN):
        if path not in ("/silent", "/garbage", "/continue", "/query?id=1&p=2"):
            assert blocks["response", path] == server.sent(path).response
            assert blocks["request", path] == server.sent(path).request
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    assert interim + blocks["response", "/continue"] == server.sent("/continue").response
    faults = []
    fixity = Fixity(home, faults.append)
    fixity.check_files(warc_files(home.warc))
    assert faults == []


def test_an_exchange_knows_its_peer_and_its_moment(outcomes):
    exchange = outcomes["/plain"]["exchange"]
    assert exchange.ip_address == "127.0.0.1"
    assert datetime.now(UTC) - exchange.started_at < timedelta(minutes=5)
    assert outcomes["/in-pieces"]["exchange"].duration_ms >= 40


def test_three_requests_on_one_connection_are_three_exchanges():
    paths = ["/plain", "/chunked", "/empty"]
    with RawServer(WHOLE) as server:
        base = f"http://127.0.0.1:{server.port}"
        found = crawl([{"url": base + path} for path in paths], DOWNLOAD_DELAY=0.1)
        assert {one.connection for one in server.log} == {1}
        for path, one in zip(paths, found, strict=True):
            assert one["exchange"].request == server.sent(path).request
            assert one["exchange"].response == server.sent(path).response


def test_a_connection_with_surplus_octets_is_not_used_again():
    scripts = {"/long": Script(BROKEN["/long"].parts), "/plain": WHOLE["/plain"]}
    with RawServer(scripts) as server:
        base = f"http://127.0.0.1:{server.port}"
        requests = [{"url": base + "/long"}, {"url": base + "/plain"}]
        found = crawl(requests, CONCURRENT_REQUESTS_PER_DOMAIN=1)
        assert [one["outcome"] for one in found] == [200, 200]
        assert [one.connection for one in server.log] == [1, 2]
        assert found[1]["exchange"].response == server.sent("/plain").response


def test_head_and_post_are_kept_with_their_methods_and_bodies():
    scripts = {
        "/head": Script([b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"]),
        "/post": WHOLE["/plain"],
    }
    with RawServer(scripts) as server:
        base = f"http://127.0.0.1:{server.port}"
        requests = [
            {"url": base + "/head", "method": "HEAD"},
            {"url": base + "/post", "method": "POST", "body": "page=2&col=通知"},
        ]
        for path, one in zip(("/head", "/post"), crawl(requests), strict=True):
            assert one["exchange"].request == server.sent(path).request
            assert one["exchange"].response == server.sent(path).response
            assert one["exchange"].truncated is None


def test_each_hop_of_a_redirect_is_its_own_exchange_and_the_last_one_is_delivered(server):
    found = crawl([{"url": f"http://127.0.0.1:{server.port}/redirect"}])
    assert found[0]["exchange"].url.endswith("/plain")
    assert found[0]["exchange"].response == server.sent("/plain").response


def test_the_same_url_twice_falls_into_two_seconds(server):
    url = f"http://127.0.0.1:{server.port}/plain"
    found = crawl([{"url": url}, {"url": url}], CONCURRENT_REQUESTS_PER_DOMAIN=1)
    moments = [one["exchange"].started_at.replace(microsecond=0) for one in found]
    assert moments[0] != moments[1]


@pytest.mark.parametrize("framing", [b"Content-Length: 3000000\r\n\r\n", b"\r\n"])
def test_a_body_beyond_the_limit_is_cut_and_kept_as_far_as_it_came(framing):
    script = Script([b"HTTP/1.1 200 OK\r\n" + framing + b"x" * 3_000_000], "close")
    with RawServer({"/big": script}) as server:
        found = crawl([{"url": f"http://127.0.0.1:{server.port}/big"}], DOWNLOAD_MAXSIZE=100_000)
        exchange = found[0]["exchange"]
        assert exchange.truncated is Truncation.LENGTH
        assert exchange.response.startswith(b"HTTP/1.1 200 OK\r\n" + framing)
        assert len(exchange.response) < 1_500_000


def test_headers_without_end_are_hung_up_on():
    script = Script([b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 500_000], "hang")
    with RawServer({"/headers": script}) as server:
        found = crawl(
            [{"url": f"http://127.0.0.1:{server.port}/headers"}],
            DOWNLOAD_MAXSIZE=1000,
            DOWNLOAD_TIMEOUT=15,
        )
        assert found[0]["exchange"].truncated is Truncation.LENGTH
        assert len(found[0]["exchange"].response) == 2000 + (1 << 20)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def tls_server(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("www.cqbn.gov.cn").configure_cert(context)
    with RawServer(WHOLE, context) as running:
        yield running


def test_tls_is_taped_above_the_encryption_and_dialled_elsewhere(authority, tls_server, tmp_path):
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    paths = ["/plain", "/odd", "/gzip"]
    found = crawl(
        [{"url": f"https://www.cqbn.gov.cn{path}"} for path in paths],
        HONGTOU_DIAL=f"127.0.0.1:{tls_server.port}",
        HONGTOU_CA_FILE=str(ca_file),
        HONGTOU_ALLOW_PRIVATE=False,
    )
    for path, one in zip(paths, found, strict=True):
        assert one["exchange"].request == tls_server.sent(path).request
        assert b"Host: www.cqbn.gov.cn\r\n" in one["exchange"].request
        assert one["exchange"].response == tls_server.sent(path).response
        assert one["exchange"].truncated is None


def test_a_certificate_of_nobody_we_trust_is_refused(tls_server):
    found = crawl(
        [{"url": "https://www.cqbn.gov.cn/plain"}], HONGTOU_DIAL=f"127.0.0.1:{tls_server.port}"
    )
    assert isinstance(found[0]["outcome"], str)
    assert found[0]["exchange"].response == b""


def test_a_certificate_for_another_host_is_refused(authority, tls_server, tmp_path):
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    found = crawl(
        [{"url": "https://www.harbin.gov.cn/plain"}],
        HONGTOU_DIAL=f"127.0.0.1:{tls_server.port}",
        HONGTOU_CA_FILE=str(ca_file),
    )
    assert isinstance(found[0]["outcome"], str)


def test_private_addresses_are_refused_however_they_are_written(server):
    hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "[::1]", "10.0.0.1",
             "169.254.169.254", "[::ffff:127.0.0.1]"]  # fmt: skip
    before = len(server.log)
    found = crawl(
        [{"url": f"http://{host}:{server.port}/plain"} for host in hosts],
        HONGTOU_ALLOW_PRIVATE=False,
        CONCURRENT_REQUESTS=1,
        DOWNLOAD_TIMEOUT=5,
    )
    assert {one["outcome"] for one in found} == {"PrivateAddress"}
    assert len(server.log) == before


def test_a_host_that_refuses_leaves_an_exchange_without_octets():
    with RawServer({}) as server:
        port = server.port
    found = crawl([{"url": f"http://127.0.0.1:{port}/gone"}])
    assert found[0]["exchange"].request == b""
    assert found[0]["exchange"].response == b""
