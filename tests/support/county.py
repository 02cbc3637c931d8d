"""A county that never was, on the replica web: its list and its notices are what a test says."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from walking import ROOT

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import Home
from crawler.replica import Replica

HOST = "www.qinghexian.gov.cn"
FOLDER = "/zwgk/zfwj/"
LIST = FOLDER
SOURCE = f"""
name = "清河县人民政府"
hosts = ["{HOST}"]
trust = "issuer"
jurisdiction = "130534"
issuing_bodies = ["清河县人民政府", "清河县人民政府办公室"]
delay_seconds = 0.0
enabled = true
notes = "No site of this name and place; for tests."

[page]
body = [".TRS_Editor"]
title = ["h1"]
remove = []

[[columns]]
id = "zfwj"
name = "政府文件"
url = "http://{HOST}{LIST}"
dialect = "trs"
topic = "health-care-reform"
at_least = 1
max_pages = 1
every = "6h"
jitter = "0m"
recheck = "7d"
"""


def path_of(name: str) -> str:
    """The path of a page beside the notices."""
    return f"{FOLDER}202404/{name}"


def url_of(name: str) -> str:
    """Its whole address."""
    return f"http://{HOST}{path_of(name)}"


def list_page(titles: Mapping[str, str]) -> str:
    """A list that names these: titles by the names of their pages."""
    rows = "".join(
        f'<li><a href="./202404/{name}" title="{title}">{title}</a><span>2024-04-01</span></li>'
        for name, title in titles.items()
    )
    return f'<title>政府文件</title><div class="list"><ul>{rows}</ul></div>'


def published(pages: Mapping[str, str | bytes], media_type: str = "text/html") -> list[list[str]]:
    """A step of a walk that puts up pages or files, by their names; ``""`` is the list."""
    return [
        [HOST, path_of(name) if name else LIST, _as_base64(page), media_type]
        for name, page in pages.items()
    ]


def lay_out(folder: Path) -> Path:
    """An empty site, and a home that watches it, in a folder; the home's path."""
    web, home = folder / "web", folder / "home"
    (web / HOST).mkdir(parents=True)
    (web / HOST / "routes.toml").write_text("", encoding="utf-8")
    make_home(Home(home))
    watch(home)
    return home


def watch(home: Path) -> None:
    """Have a home watch the county."""
    place = home / "sources" / "county" / "qinghe"
    place.mkdir(parents=True)
    (place / "source.toml").write_text(SOURCE, encoding="utf-8")


def hongtou(
    home: Path, *words: str, also: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line on a home."""
    return subprocess.run(
        [sys.executable, "-m", "hongtou", *words, "--home", str(home)],
        cwd=ROOT,
        env={**os.environ, **(also or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )


def catalogue_of(home: Path) -> Catalogue:
    """A home's catalogue, to read."""
    return Catalogue.open(Home(home).catalogue_url, read_only=True)


def dialling(replica: Replica) -> dict[str, str]:
    """The environment in which a crawl dials a replica web."""
    return {
        "HONGTOU_DIAL": replica.dial,
        "HONGTOU_CA_FILE": str(replica.ca_file),
        "HONGTOU_HOST_DELAY_SECONDS": "0",
    }


def _as_base64(page: str | bytes) -> str:
    return base64.b64encode(page.encode() if isinstance(page, str) else page).decode()
