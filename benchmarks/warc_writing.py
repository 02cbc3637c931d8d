"""What writing one page to WARC costs, ours against warcio's writer.

Run: ``python benchmarks/warc_writing.py [PAGES]``. Prints milliseconds a page and octets kept.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.notice import CaptureFacts, Exchange, Home, Purpose
from archive.storage import Holdings, WarcWriter, iter_captures

PAGE_OCTETS = 52_000
BEGIN = datetime(2026, 11, 21, tzinfo=UTC)
WORDS = "关于印发深化医药卫生体制改革工作方案的通知各区县人民政府有关部门现将给你们请认真贯彻执行"
FACTS = CaptureFacts(purpose=Purpose.NOTICE, source="harbin", column="zfwj", lead_title=WORDS[:20])
ROUNDS = 5


def make_exchanges(count: int, octets: int = PAGE_OCTETS) -> list[Exchange]:
    """Pages of about so many octets, as different from each other as notices are."""
    return [_exchange(number, _page(random.Random(number), octets)) for number in range(count)]


def _page(dice: random.Random, octets: int) -> bytes:
    lines = []
    size = 0
    while size < octets:
        text = "".join(dice.choice(WORDS) for _ in range(dice.randint(20, 90)))
        attributes = f'class="p{dice.randint(1, 9)}" style="text-indent: 2em; line-height: 1.8"'
        line = f'<p {attributes}><span lang="zh">{text}。{dice.randint(1, 99999)}</span></p>\r\n'
        lines.append(line.encode())
        size += len(lines[-1])
    return b"<html><body>" + b"".join(lines) + b"</body></html>"


def _exchange(number: int, page: bytes) -> Exchange:
    path = f"/art/2024/3/{number % 28}/art_104_{number}.html"
    head = (
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 01 Apr 2024 01:12:33 GMT\r\n"
        f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n"
    )
    request = f"GET {path} HTTP/1.1\r\nHost: www.harbin.gov.cn\r\nUser-Agent: Hongtou\r\n\r\n"
    return Exchange(
        url=f"http://www.harbin.gov.cn{path}",
        started_at=BEGIN + timedelta(seconds=number),
        request=request.encode(),
        response=head.encode() + page,
        ip_address="203.0.113.5",
        duration_ms=40,
    )


def write_ours(folder: Path, exchanges: Sequence[Exchange], level: int) -> int:
    """Write with Hongtou; how many octets the files have."""
    home = Home(folder)
    with WarcWriter(home, software="x", operator="x", user_agent="x", level=level) as writer:
        for exchange in exchanges:
            writer.write(exchange, FACTS)
        writer.sync()
    return sum(volume.octets() for volume in Holdings(home).volumes())


def write_warcio(folder: Path, exchanges: Sequence[Exchange]) -> int:
    """Write the same request and response with warcio alone."""
    path = folder / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for exchange in exchanges:
            head, _, page = exchange.response.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            fields = [tuple(line.split(": ", 1)) for line in lines[1:]]
            http = StatusAndHeaders(lines[0].partition(" ")[2], fields, protocol="HTTP/1.1")
            said = {"WARC-IP-Address": exchange.ip_address}
            response = writer.create_warc_record(
                exchange.url, "response", io.BytesIO(page), http_headers=http,
                warc_headers_dict=dict(said),
            )  # fmt: skip
            lines = exchange.request.decode().rstrip().split("\r\n")
            fields = [tuple(line.split(": ", 1)) for line in lines[1:]]
            asked = StatusAndHeaders(lines[0], fields, is_http_request=True)
            request = writer.create_warc_record(
                exchange.url, "request", http_headers=asked, warc_headers_dict=dict(said)
            )
            writer.write_request_response_pair(request, response)
    return path.stat().st_size


def measure(name: str, write: Callable[[Path], int], pages: int) -> None:
    """Print the median of some rounds."""
    seconds, octets = [], 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.process_time()
            octets = write(Path(folder))
            seconds.append(time.process_time() - begun)
    cost = median(seconds) / pages * 1000
    print(f"{name:28} {cost:6.2f} ms CPU a page   {octets / pages / 1000:6.1f} kB a page")


def measure_reading(exchanges: Sequence[Exchange]) -> None:
    """Print how fast captures are read back."""
    with tempfile.TemporaryDirectory() as folder:
        write_ours(Path(folder), exchanges, 2)
        begun = time.process_time()
        count = sum(1 for _ in iter_captures(Home(Path(folder))))
        spent = time.process_time() - begun
    print(f"{'read back':28} {spent / count * 1000:6.2f} ms CPU a page")


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    exchanges = make_exchanges(pages)
    print(f"{pages} pages of {len(exchanges[0].response) / 1000:.0f} kB")
    for level in (0, 1, 2, 3):
        measure(
            f"Hongtou, ISA-L level {level}",
            lambda folder, level=level: write_ours(folder, exchanges, level),
            pages,
        )
    measure("warcio (zlib level 9)", lambda folder: write_warcio(folder, exchanges), pages)
    measure_reading(exchanges)


if __name__ == "__main__":
    main()
