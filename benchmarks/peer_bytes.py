"""Which byte-level cases do wget, warcio's capture_http and Hongtou keep as they went by?

Run: ``python benchmarks/peer_bytes.py``. A server on 127.0.0.1 sends exactly the octets it is told
to and remembers them; each client asks for every case once and writes its WARC. Prints the table
of docs/captures.md: *kept* when the record's block is what was sent, octet for octet.
"""

from __future__ import annotations

import gzip
import http.client
import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests" / "crawler"
sys.path.insert(0, str(TESTS))

from raw_server import RawServer, Script  # noqa: E402 - it stands with the tests of the wire
from warcio.capture_http import capture_http  # noqa: E402

from archive.notice import CaptureFacts, Home  # noqa: E402 - after the path above, too
from archive.storage import Holdings, WarcWriter, iter_records, loose_volume, parse_response  # noqa: E402
from archive.storage.digest import holds  # noqa: E402
from archive.storage.record import WarcRecord  # noqa: E402

PAGE = "<html><title>关于印发方案的通知</title>正文</html>".encode()
LENGTH = b"Content-Length: %d\r\n" % len(PAGE)
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
SECONDS = 3


@dataclass(frozen=True, kw_only=True)
class Case:
    """One way in which a server may answer."""

    path: str
    name: str
    script: Script


CASES = (
    Case(path="/plain", name="a plain page", script=Script([OK + LENGTH + b"\r\n" + PAGE])),
    Case(
        path="/odd?id=1&p=2",
        name="header order, case, blanks and repeats",
        script=Script(
            [
                OK + b"server: X\r\nX-Odd:  two  blanks \r\nSet-Cookie: b=2\r\nCONTENT-length: "
                b"%d\r\nset-cookie: a=1\r\n\r\n" % len(PAGE) + PAGE
            ]
        ),
    ),
    Case(
        path="/reason",
        name="a reason phrase in GBK",
        script=Script(["HTTP/1.1 200 成功\r\n".encode("gbk") + LENGTH + b"\r\n" + PAGE]),
    ),
    Case(
        path="/gbk",
        name="a header in GBK",
        script=Script([OK + "X-Dept: 卫健委\r\n".encode("gbk") + LENGTH + b"\r\n" + PAGE]),
    ),
    Case(
        path="/folded",
        name="a folded header",
        script=Script([OK + b"X-A: one\r\n two\r\n" + LENGTH + b"\r\n" + PAGE]),
    ),
    Case(
        path="/bad-line",
        name="a line that is no header",
        script=Script([OK + LENGTH + b"no colon here\r\n\r\n" + PAGE]),
    ),
    Case(
        path="/chunked",
        name="chunks, with an extension",
        script=Script([CHUNKED + b"5;x=y\r\n01234\r\n3\r\nabc\r\n0\r\n\r\n"]),
    ),
    Case(
        path="/trailers",
        name="chunks with a trailer",
        script=Script([CHUNKED + b"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"]),
    ),
    Case(
        path="/gzip",
        name="a gzip content coding",
        script=Script([OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)], "close"),
    ),
    Case(
        path="/http10",
        name="HTTP/1.0, ended by closing",
        script=Script([b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE], "close"),
    ),
    Case(
        path="/404",
        name="an error page",
        script=Script([b"HTTP/1.1 404 Not Found\r\n" + LENGTH + b"\r\n" + PAGE]),
    ),
    Case(
        path="/412",
        name="a challenge page (412)",
        script=Script([b"HTTP/1.1 412 Precondition Failed\r\n" + LENGTH + b"\r\n" + PAGE]),
    ),
    Case(
        path="/302",
        name="a redirect",
        script=Script([b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nok"]),
    ),
    Case(path="/204", name="204 No Content", script=Script([b"HTTP/1.1 204 None\r\nX: 1\r\n\r\n"])),
    Case(
        path="/cut",
        name="a body shorter than said",
        script=Script([OK + b"Content-Length: 900\r\n\r\n" + PAGE], "close"),
    ),
    Case(
        path="/cut-chunk",
        name="a chunk that breaks off",
        script=Script([CHUNKED + b"ff\r\nabc"], "close"),
    ),
    Case(
        path="/long",
        name="a body longer than said",
        script=Script([OK + b"Content-Length: 4\r\n\r\n" + PAGE], "close"),
    ),
    Case(
        path="/slow",
        name="a time-out within the body",
        script=Script([OK + b"Content-Length: 900\r\n\r\n" + PAGE], "hang"),
    ),
)

Client = Callable[[int, Path], list[Path]]


def by_wget(port: int, folder: Path) -> list[Path]:
    """Fetch every case with wget; where its WARCs are."""
    files = []
    for number, case in enumerate(CASES):
        name = folder / f"wget-{number}"
        options = ["--tries=1", "--max-redirect=0", f"--timeout={SECONDS}", "--no-proxy", "-q"]
        command = ["wget", *options, f"--warc-file={name}", "-O", "/dev/null"]
        subprocess.run([*command, _url(port, case)], cwd=folder, capture_output=True)
        files.append(name.with_name(f"{name.name}.warc.gz"))
    return [path for path in files if path.exists()]


def by_warcio(port: int, folder: Path) -> list[Path]:
    """Fetch every case with http.client inside warcio's capture_http."""
    files = []
    for number, case in enumerate(CASES):
        path = folder / f"warcio-{number}.warc.gz"
        try:
            with capture_http(str(path), warc_version="1.1"):
                asked = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
                asked.request("GET", case.path)
                asked.getresponse().read()
                asked.close()
        except (OSError, ValueError, http.client.HTTPException) as error:
            print(f"capture_http, {case.name}: {error!r}", file=sys.stderr)
        files.append(path)
    return [path for path in files if path.exists()]


def by_hongtou(port: int, folder: Path) -> list[Path]:
    """Fetch every case with the crawler's own wire, and write as the crawler does."""
    order = {
        "requests": [{"url": _url(port, case)} for case in CASES],
        "settings": {"DOWNLOAD_TIMEOUT": SECONDS, "REDIRECT_ENABLED": False},
    }
    done = subprocess.run(
        [sys.executable, str(TESTS / "wire_crawl.py")],
        input=json.dumps([order]).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    )
    (found,) = pickle.loads(done.stdout)
    # A home for each: in one, pages with the same payload would become revisits of the first.
    homes = [Home(folder / str(number)) for number in range(len(found))]
    for home, one in zip(homes, found, strict=True):
        with WarcWriter(home, software="x", operator="x", user_agent="x") as writer:
            writer.write(one["exchange"], CaptureFacts())
    return [path for home in homes for _, path, _ in Holdings(home).at_home.walk()]


def _url(port: int, case: Case) -> str:
    return f"http://127.0.0.1:{port}{case.path}"


def judge(server: RawServer, files: list[Path]) -> dict[str, str]:
    """What became of each case in a client's WARCs."""
    responses: dict[str, WarcRecord] = {}
    requests: dict[str, WarcRecord] = {}
    for path in files:
        for record in iter_records(loose_volume(path), on_damage=lambda _: None):
            asked = record.target.partition("/")[2].partition("/")[2].partition("/")[2]
            if record.type == "response":
                responses[f"/{asked}"] = record
            elif record.type == "request":
                requests[f"/{asked}"] = record
    return {case.name: _judge(server, case, requests, responses) for case in CASES}


def _judge(
    server: RawServer,
    case: Case,
    requests: dict[str, WarcRecord],
    responses: dict[str, WarcRecord],
) -> str:
    sent = [one for one in server.log if one.path == case.path]
    response = responses.get(case.path)
    if response is None:
        return "no record"
    if response.block not in [one.response for one in sent]:
        return "changed"
    request = requests.get(case.path)
    if request is None or request.block not in [one.request for one in sent]:
        return "kept, its request not"
    return "kept" if _is_digest_right(response) else "kept, payload digest wrong"


def _is_digest_right(record: WarcRecord) -> bool:
    message = parse_response(record.block)
    label = record.field("WARC-Payload-Digest")
    return message is None or label is None or holds(label, message.payload) is True


def measure(client: Client) -> dict[str, str]:
    """Run one client against a fresh server."""
    scripts = {case.path: case.script for case in CASES}
    with tempfile.TemporaryDirectory() as folder, RawServer(scripts) as server:
        return judge(server, client(server.port, Path(folder)))


def main() -> None:
    wget = subprocess.run(["wget", "--version"], capture_output=True, text=True).stdout.split()[2]
    clients: dict[str, Client] = {
        f"wget {wget}": by_wget,
        f"warcio {version('warcio')} capture_http": by_warcio,
        "Hongtou": by_hongtou,
    }
    found = {name: measure(client) for name, client in clients.items()}
    print(f"| what the server sent | {' | '.join(found)} |")
    print(f"|---|{'---|' * len(found)}")
    for case in CASES:
        print(f"| {case.name} | {' | '.join(judged[case.name] for judged in found.values())} |")
    for name, judged in found.items():
        kept = sum(one == "kept" for one in judged.values())
        print(f"{name}: {kept} of {len(CASES)} kept", file=sys.stderr)


if __name__ == "__main__":
    main()
