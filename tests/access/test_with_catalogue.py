"""Access over a real catalogue and real WARCs: what a crawl keeps can be found, followed, shown."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from archive.access.commands import commands
from archive.catalogue import Catalogue
from archive.catalogue.arrival import Arrival, SourceFacts
from archive.errors import NoHome, PortInUse, UnknownNotice, UsageError
from archive.notice import CaptureFacts, Exchange, Fingerprint, Home, Purpose, Reading, Trust
from archive.storage import WarcWriter

START = datetime(2024, 4, 1, 1, 12, 33, tzinfo=UTC)
BANAN = SourceFacts(
    id="banan", name="重庆市巴南区人民政府", trust=Trust.ISSUER, jurisdiction="500113"
)


def fingerprint(text: str) -> Fingerprint:
    digest = hashlib.sha256(text.encode())
    seed = int.from_bytes(digest.digest()[:4], "big")
    return Fingerprint(
        text_digest=digest.hexdigest(),
        title_core=text[:10],
        length=len(text),
        minhash=tuple((seed + number * 7919) % 2**32 for number in range(128)),
        sample=(seed,),
        figures=digest.hexdigest()[:8],
    )


def take_in(home: Home, catalogue: Catalogue, number: int, text: str, minutes: int) -> str:
    """Write a page to WARC and record what was read from it; return the outcome."""
    url = f"http://www.cqbn.gov.cn/t{number}.html"
    page = text.encode()
    exchange = Exchange(
        url=url,
        started_at=START + timedelta(minutes=minutes),
        request=f"GET /t{number}.html HTTP/1.1\r\nHost: www.cqbn.gov.cn\r\n\r\n".encode(),
        response=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page,
    )
    facts = CaptureFacts(purpose=Purpose.NOTICE, source="banan", column="zfwj")
    with WarcWriter(home, software="test", operator="", user_agent="test") as warc:
        capture = warc.write(exchange, facts)
    reading = Reading(
        reader_version="1",
        url=url,
        title=f"关于第{number}件事的通知",
        document_number=f"巴南府办〔2024〕{number}号",
        issuing_bodies=("重庆市巴南区人民政府办公室",),
        jurisdiction="500113",
        kind="通知",
        published_on=date(2024, 4, 1),
        text=text,
    )
    arrival = Arrival(capture=capture, source=BANAN, reading=reading, fingerprint=fingerprint(text))
    return str(catalogue.record(arrival).outcome)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An archive home of three notices, the first of which was revised."""
    made = Home(tmp_path / "home")
    for folder in (made.path, made.warc):
        folder.mkdir(parents=True, exist_ok=True)
    made.settings_file.write_text("", encoding="utf-8")
    with Catalogue.open(made.catalogue_url, create=True) as catalogue:
        for number in (1, 2, 3):
            text = f"关于第{number}件事的通知\n推进医共体改革，第{number}条。"
            assert take_in(made, catalogue, number, text, number) == "new"
        revised = "关于第1件事的通知\n推进医共体改革，第1条，改为医联体。"
        assert take_in(made, catalogue, 1, revised, 9) == "revised"
    return made


@pytest.fixture
def client(home: Home) -> Iterator[Any]:
    """A client of the server of that home."""
    from fastapi.testclient import TestClient

    from archive.access.app import make_app

    with TestClient(make_app(home, home.catalogue_url), raise_server_exceptions=False) as made:
        yield made


def run(*arguments: str) -> Any:
    return CliRunner().invoke(commands, list(arguments))


def test_what_was_crawled_is_found_and_its_bytes_can_be_had(client: Any) -> None:
    found = client.get("/api/v1/notices?q=医联体").json()
    assert found["total"] == 1
    notice = client.get(f"/api/v1/notices/{found['notices'][0]['id']}").json()
    assert len(notice["versions"]) == 2
    assert len(notice["captures"]) == 2
    record = notice["captures"][0]["record_id"].removeprefix("urn:uuid:")
    kept = gzip.decompress(client.get(f"/api/v1/captures/{record}.warc.gz").content)
    assert kept.startswith(b"WARC/1.1\r\n")
    assert "医共体".encode() in kept


def test_feeds_and_pages_come_from_the_catalogue(client: Any) -> None:
    feed = client.get("/feeds/fresh.json").json()
    assert [item["_hongtou"]["change"] for item in feed["items"]] == [
        "revised",
        "new",
        "new",
        "new",
    ]
    assert len({item["id"] for item in feed["items"]}) == 4
    for path in ("/", "/search?q=医共体", "/sources", "/about", "/api/v1/health", "/api/v1/sources",
                 "/api/v1/alarms", "/api/v1/set-asides", "/api/v1/changes"):  # fmt: skip
        assert client.get(path).status_code == 200, path
    notice = feed["items"][0]["_hongtou"]["id"]
    assert "第 2 版" in client.get(f"/notices/{notice}").text


def test_a_number_in_any_brackets_is_shown(home: Home) -> None:
    shown = run("show", "巴南府办[2024]2号", "--home", str(home.path))
    assert shown.exit_code == 0
    assert "关于第2件事的通知" in shown.output
    as_json = run("show", "巴南府办（2024）2号", "--json", "--home", str(home.path))
    assert json.loads(as_json.output)["document_number"] == "巴南府办〔2024〕2号"


def test_what_is_not_there_has_a_next_step(home: Home, tmp_path: Path) -> None:
    missing = run("show", "国发〔1999〕1号", "--home", str(home.path))
    assert isinstance(missing.exception, UnknownNotice)
    assert "hongtou search" in str(missing.exception)
    assert isinstance(run("search", "医改", "--home", str(tmp_path / "no")).exception, NoHome)


def test_search_prints_a_table_or_lines_of_json(home: Home) -> None:
    table = run("search", "医共体", "--home", str(home.path))
    assert table.exit_code == 0
    assert "关于第3件事的通知" in table.output
    lines = run("search", "医共体", "--json", "--home", str(home.path)).output.splitlines()
    assert len([line for line in lines if line.startswith("{")]) == 3
    assert run("search", "没有的词", "--home", str(home.path)).exit_code == 1


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_an_export_holds_every_notice(home: Home, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    done = run("export", "--format", form, "--output", str(out), "--home", str(home.path))
    assert done.exit_code == 0, done.output
    text = out.read_text(encoding="utf-8-sig")
    assert text.count("巴南府办〔2024〕") >= 3
    if form == "jsonl":
        assert [len(json.loads(line)["versions"]) for line in text.splitlines()] == [2, 1, 1]
    assert not list(tmp_path.glob("*.part"))


def test_an_export_goes_to_standard_output(home: Home) -> None:
    lines = run("export", "医联体", "--home", str(home.path)).output.splitlines()
    assert json.loads(lines[0])["document_number"] == "巴南府办〔2024〕1号"


def test_an_export_that_cannot_be_written_says_so(home: Home, tmp_path: Path) -> None:
    done = run("export", "--output", str(tmp_path / "no" / "out"), "--home", str(home.path))
    assert isinstance(done.exception, UsageError)


def test_a_port_in_use_names_the_next_one(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, "--home", str(home.path))
    assert isinstance(done.exception, PortInUse)
    assert "--port" in str(done.exception)


def test_a_spreadsheet_gets_no_formula() -> None:
    from archive.access.exports import _harmless

    assert _harmless('=HYPERLINK("http://evil")') == '\'=HYPERLINK("http://evil")'
    assert _harmless(None) == ""


def test_an_index_made_again_is_the_same(home: Home, client: Any) -> None:
    from archive.access.index import SearchIndex
    from archive.access.query import Query

    client.get("/search?q=医共体")
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        before = SearchIndex.open(home.index)
        again = SearchIndex.open(home.path / "again")
        again.follow(catalogue)
        assert again.search(Query()) == before.search(Query())
        assert again.seq == catalogue.last_seq()


def test_serving_picks_a_free_port_says_where_and_ends_cleanly(home: Home) -> None:
    program = "from archive.access.commands import commands; commands()"
    serving = subprocess.Popen(
        [sys.executable, "-c", program, "serve", "--port", "0", "--home", str(home.path)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert serving.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/", serving.stderr.readline())
        assert address is not None
        with urllib.request.urlopen(address[0] + "api/v1/health", timeout=30) as answer:
            assert json.load(answer)["notices"] == 3
        serving.send_signal(signal.SIGINT)
        assert serving.wait(timeout=30) == 0
        assert "Traceback" not in serving.stderr.read()
    finally:
        serving.kill()
        serving.wait()
        if serving.stderr is not None:
            serving.stderr.close()
