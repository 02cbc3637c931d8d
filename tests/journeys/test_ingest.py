"""What other tools captured or people saved comes in through the same door, once."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from county import HOST, url_of, watch
from docx import Document
from walking import ROOT, notices_of
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.catalogue import Catalogue
from archive.commands import make_home
from archive.notice import Home
from crawler.replica import Replica

pytestmark = pytest.mark.journey

NOTICE = "http://www.harbin.gov.cn/art/2017/10/18/art_13790_3596.html"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A new home."""
    home = Home(tmp_path / "home")
    make_home(home)
    return home


def _hongtou(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hongtou", *words, "--home", str(home.path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    """The replica web."""
    with Replica() as replica:
        yield replica


def _a_notice(replica: Replica) -> tuple[str, bytes]:
    """The URL and body of a notice of the replica web, fetched by nobody in particular."""
    import http.client

    host, _, port = replica.dial.partition(":")
    asked = http.client.HTTPConnection(host, int(port))
    path = NOTICE.partition("harbin.gov.cn")[2]
    asked.request("GET", path, headers={"Host": "www.harbin.gov.cn"})
    answer = asked.getresponse()
    body = answer.read()
    assert answer.status == 200, NOTICE
    return NOTICE, body


def _titles(home: Home) -> list[str]:
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        return [notice.summary.title for notice in notices_of(catalogue)]


def test_a_warc_of_wget_comes_in_once_and_is_rebuilt_the_same(
    home: Home, replica: Replica, tmp_path: Path
) -> None:
    if not shutil.which("wget"):
        pytest.skip("wget is not installed")
    proxy = f"http_proxy=http://{replica.dial}"
    command = ["wget", "-q", "-e", "use_proxy=yes", "-e", proxy, "--warc-file=page", "-O", "page"]
    subprocess.run([*command, NOTICE], cwd=tmp_path, check=True)
    warc = str(tmp_path / "page.warc.gz")
    first = _hongtou(home, "ingest", warc)
    assert first.returncode == 0, first.stderr
    assert len(_titles(home)) == 1
    assert _hongtou(home, "ingest", warc).returncode == 0
    assert len(_titles(home)) == 1
    assert _hongtou(home, "verify").returncode == 0
    done = _hongtou(home, "rebuild", "--check")
    assert done.returncode == 0, done.stdout


def test_a_saved_page_comes_in_once_under_the_url_it_was_saved_from(
    home: Home, replica: Replica, tmp_path: Path
) -> None:
    url, body = _a_notice(replica)
    page = tmp_path / "notice.html"
    page.write_bytes(f"<!-- saved from url=({len(url):04d}){url} -->\n".encode() + body)
    for _ in range(2):
        done = _hongtou(home, "ingest", str(page))
        assert done.returncode == 0, done.stderr
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        (notice,) = notices_of(catalogue)
    assert [(s.url, s.source) for s in notice.sightings] == [(url, "harbin")]
    assert _hongtou(home, "verify").returncode == 0
    assert _hongtou(home, "rebuild", "--check").returncode == 0


def test_a_page_that_does_not_say_its_url_asks_for_it(
    home: Home, replica: Replica, tmp_path: Path
) -> None:
    url, body = _a_notice(replica)
    page = tmp_path / "notice.html"
    page.write_bytes(body.replace(b"canonical", b"x").replace(b"og:url", b"x"))
    done = _hongtou(home, "ingest", str(page))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--url" in done.stderr
    assert _hongtou(home, "ingest", str(page), "--url", url).returncode == 0
    assert len(_titles(home)) == 1


def test_what_comes_in_between_two_crawls_keeps_its_place_in_a_rebuild(
    home: Home, replica: Replica, tmp_path: Path
) -> None:
    url, body = _a_notice(replica)
    for number in range(2):
        page = tmp_path / f"{number}.html"
        page.write_bytes(body.replace(b"</body>", f"<!-- {number} --></body>".encode()))
        assert _hongtou(home, "ingest", str(page), "--url", url).returncode == 0
    assert len(_titles(home)) == 1
    assert _hongtou(home, "rebuild", "--check").returncode == 0


def test_a_file_that_is_no_warc_leaves_nothing_behind(home: Home, tmp_path: Path) -> None:
    paper = tmp_path / "paper.warc.gz"
    paper.write_bytes(b"%PDF-1.7 renamed")
    done = _hongtou(home, "ingest", str(paper))
    assert (done.returncode, done.stdout) == (1, "nothing\n")
    assert "no WARC record in it can be read" in done.stderr
    assert not list(home.warc.rglob("*adopted*"))
    assert _hongtou(home, "verify").returncode == 0


@pytest.mark.parametrize("is_file_first", [False, True])
def test_a_file_in_another_tools_warc_joins_the_notice_that_names_it(
    home: Home, tmp_path: Path, is_file_first: bool
) -> None:
    watch(home.path)
    title = "清河县人民政府关于印发深化医药卫生体制改革重点任务的通知"
    page = (
        f'<meta charset="utf-8"><title>{title}</title><h1>{title}</h1><div class="TRS_Editor">'
        "<p>各乡镇人民政府：</p><p>现将深化医药卫生体制改革重点任务印发给你们，请认真贯彻执行。</p>"
        '<p><a href="/module/download/downfile.jsp?id=7">附件1：任务分工表.docx</a></p>'
        "<p>2024年3月28日</p></div>"
    )
    document = Document()
    document.add_paragraph("推进紧密型县域医共体建设")
    octets = io.BytesIO()
    document.save(octets)
    answers = [
        (url_of("t20240401_44001.html"), "text/html", page.encode()),
        (
            f"http://{HOST}/module/download/downfile.jsp?id=7",
            "application/octet-stream",
            octets.getvalue(),
        ),
        (f"http://{HOST}/banner.bin", "application/octet-stream", b"no document"),
    ]
    warc = tmp_path / "foreign.warc.gz"
    with warc.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, kind, body in reversed(answers) if is_file_first else answers:
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=io.BytesIO(body), http_headers=headers
                )
            )
    done = _hongtou(home, "ingest", str(warc))
    assert done.returncode == 0, done.stderr
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        (notice,) = notices_of(catalogue)
        texts = catalogue.attachment_texts([notice.summary.id])[notice.summary.id]
    assert [file.kind for file in notice.attachments] == ["docx"]
    assert notice.attachments[0].record_id
    assert [file.text for file in texts] == ["推进紧密型县域医共体建设"]
    found = _hongtou(home, "search", "紧密型县域医共体")
    assert found.returncode == 0, found.stdout
    assert _hongtou(home, "rebuild", "--check").returncode == 0
