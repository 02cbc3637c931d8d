"""A WACZ of ours in ReplayWeb.page: every page it lists is shown, each capture as it was then.

Needs the folder of the npm package `replaywebpage`, named by REPLAYWEBPAGE, and Chromium.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from archive.access.commands import commands
from archive.notice import Home

pytestmark = pytest.mark.browser

PLAYER = Path(os.environ.get("REPLAYWEBPAGE", "not-named"))
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
HOST_PAGE = """<!doctype html><title>host</title><script src="/ui.js"></script>
<replay-web-page source="/x.wacz" replayBase="/replay/" embed="replayonly" url="{url}" ts="{ts}">
</replay-web-page>"""
#: Below the page that hosts the player: alone in its window, a replayed page would leave it.
SHOW = """address => new Promise(shown => {
  const frame = document.createElement('iframe');
  frame.onload = () => shown(frame);
  frame.src = address;
  document.body.append(frame);
})"""


@pytest.fixture
def wacz(kept_home: Home, tmp_path: Path) -> Path:
    path = tmp_path / "x.wacz"
    words = ["export", "--home", str(kept_home.path), "--output", str(path)]
    assert CliRunner().invoke(commands, words).exit_code == 0
    return path


def listed(wacz: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(wacz) as opened:
        _, *lines = opened.read("pages/pages.jsonl").decode().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def site(wacz: Path) -> Iterator[str]:
    """A web server with the player, a page that hosts it, and the WACZ."""
    first = listed(wacz)[0]
    files = {
        "/": ("text/html", HOST_PAGE.format(**first).encode()),
        "/ui.js": ("text/javascript", (PLAYER / "ui.js").read_bytes()),
        "/replay/sw.js": ("text/javascript", (PLAYER / "sw.js").read_bytes()),
        "/x.wacz": ("application/wacz", wacz.read_bytes()),
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_HEAD(self) -> None:
            self._answer()

        def _answer(self) -> None:
            kind, octets = files.get(self.path.partition("?")[0], ("", b""))
            wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
            self.send_response(206 if wanted else 200 if kind else 404)
            if wanted:  # WACZ 1.1.1: players read the directory at the end first
                size = len(octets)
                begin = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
                octets = octets[begin : int(wanted[2] or size) + 1 if wanted[1] else size]
                self.send_header("Content-Range", f"bytes {begin}-{begin + len(octets) - 1}/{size}")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(octets)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.skipif(not (PLAYER / "sw.js").is_file(), reason="REPLAYWEBPAGE names no player")
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_player_shows_every_page_of_a_wacz_as_it_was_then(site: str, wacz: Path) -> None:
    from playwright.sync_api import sync_playwright

    pages = listed(wacz)
    assert pages
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        collection = _collection(page, site)
        shown = [_text(page, f"{site}/replay/w/{collection}", one) for one in pages]
        browser.close()
    for one, text in zip(pages, shown, strict=True):
        said = one.get("text") or one["title"].partition("（")[0]  # a copy has no text of its own
        assert _bare(said)[:200] in _bare(text), (one, text)


def _collection(page: Any, site: str) -> str:
    """What the player calls the WACZ, once it shows the first page."""
    for _ in range(3):  # its worker may have taken over only after the page had asked for it
        page.goto(site)
        for _ in range(150):
            for frame in page.frames:
                if found := re.search(r"/replay/w/([^/]+)/[^/]*mp_/", frame.url):
                    return found[1]
            page.wait_for_timeout(100)
    raise AssertionError([frame.url for frame in page.frames])


def _text(page: Any, base: str, one: dict[str, str]) -> str:
    stamp = re.sub(r"\D", "", one["ts"])[:14]
    frame = page.evaluate_handle(SHOW, f"{base}/{stamp}mp_/{one['url']}")
    text: str = frame.as_element().content_frame().evaluate("document.body.innerText")
    frame.evaluate("frame => frame.remove()")
    return text


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
