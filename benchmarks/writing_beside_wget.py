"""What keeping a page in WARC costs: ours against `wget --warc-file`, on the same pages.

Run: ``python benchmarks/writing_beside_wget.py [PAGES]``. A server of its own process sends the
pages. Counted is the CPU time, user and system, of the whole wget process with and without
``--warc-file``, for all pages, divided by their number; and of the writing thread of ours: making
the records, compressing, writing and syncing them. The last line says what wget adds for its WARC
against all that ours is; nothing else is subtracted. The least of some rounds counts.
"""

from __future__ import annotations

import http.server
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from warc_writing import make_exchanges, write_ours

from archive.notice import Exchange
from archive.storage.gzip_member import LEVEL

ROUNDS = 3


def serve(count: int, said: Connection) -> None:
    """Send the pages until this process is ended."""
    bodies = [one.response.partition(b"\r\n\r\n")[2] for one in make_exchanges(count)]

    class Pages(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies[int(self.path.strip("/"))]
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads a log."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    said.send(server.server_port)
    server.serve_forever()


def wget_seconds(folder: Path, port: int, count: int, *options: str) -> float:
    """CPU seconds of one wget that fetches all pages."""
    listed = folder / "urls"
    listed.write_text("".join(f"http://127.0.0.1:{port}/{n}\n" for n in range(count)))
    command = ["wget", "-q", "--no-proxy", "-i", str(listed), "-O", os.devnull, *options]
    process = subprocess.Popen(command, cwd=folder)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("wget failed")
    return used.ru_utime + used.ru_stime


def our_seconds(folder: Path, exchanges: list[Exchange]) -> float:
    """CPU seconds of writing the same pages."""
    begun = time.process_time()
    write_ours(folder, exchanges, LEVEL)
    return time.process_time() - begun


def least(count: int, port: int) -> dict[str, float]:
    """The least seconds of each way."""
    exchanges = make_exchanges(count)
    found: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            plain = wget_seconds(folder, port, count)
            kept = wget_seconds(folder, port, count, f"--warc-file=pages-{number}")
            ours = our_seconds(folder / "home", exchanges)
        for name, seconds in (("wget", plain), ("wget --warc-file", kept), ("Hongtou", ours)):
            found.setdefault(name, []).append(seconds)
    return {name: min(seconds) for name, seconds in found.items()}


def main() -> None:
    if not shutil.which("wget"):
        raise SystemExit("wget is not installed.")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(count, theirs), daemon=True)
    server.start()
    try:
        seconds = least(count, ours.recv())
    finally:
        server.kill()
        server.join()
    pages = {name: one / count * 1000 for name, one in seconds.items()}
    print(f"{count} pages of 52 kB, CPU ms a page")
    print(f"wget, whole, without WARC        {pages['wget']:6.2f}")
    print(f"wget, whole, with --warc-file    {pages['wget --warc-file']:6.2f}")
    print(f"Hongtou, writing and syncing     {pages['Hongtou']:6.2f}")
    added = pages["wget --warc-file"] - pages["wget"]
    print(
        f"what --warc-file adds to wget    {added:6.2f}: {added / pages['Hongtou']:.1f} times ours"
    )


if __name__ == "__main__":
    main()
