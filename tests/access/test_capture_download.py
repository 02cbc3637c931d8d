"""Each capture alone, as a WARC file that any tool takes; and the link to its replay."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from kept_notices import Made
from warcio.archiveiterator import ArchiveIterator

from archive.access.app import make_app
from archive.notice import Home
from archive.storage import read_record


@pytest.fixture
def server(kept_home: Home) -> Iterator[TestClient]:
    app = make_app(kept_home, kept_home.catalogue_url, replay_url="http://127.0.0.1:8080/hongtou/")
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def address(made: Made, which: str) -> str:
    return f"/api/v1/captures/{made[which].record_id.removeprefix('urn:uuid:')}.warc.gz"


def kinds(octets: bytes) -> list[str]:
    return [record.rec_type for record in ArchiveIterator(io.BytesIO(octets))]


def test_a_capture_comes_with_its_request_its_metadata_and_its_crawl(
    server: TestClient, kept_home: Home, made: Made
) -> None:
    answer = server.get(address(made, "first"))
    assert answer.status_code == 200
    assert kinds(answer.content) == ["warcinfo", "response", "request", "metadata"]
    assert read_record(kept_home, made["first"].place) in answer.content
    assert answer.headers["content-type"] == "application/warc"
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)
    name = address(made, "first").rpartition("/")[2]
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_a_revisit_brings_what_it_refers_to(server: TestClient, made: Made) -> None:
    same_crawl = server.get(address(made, "copy")).content
    exchange = ["request", "metadata"]
    assert kinds(same_crawl) == ["warcinfo", "response", *exchange, "revisit", *exchange]
    another = server.get(address(made, "unchanged")).content
    assert kinds(another) == [
        "warcinfo", "response", *exchange, "warcinfo", "revisit", *exchange,
    ]  # fmt: skip


def test_the_same_capture_is_the_same_file_each_time(server: TestClient, made: Made) -> None:
    assert (
        server.get(address(made, "revised")).content == server.get(address(made, "revised")).content
    )


def test_head_says_the_same_without_the_file(server: TestClient, made: Made) -> None:
    answer = server.head(address(made, "first"))
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 500


@pytest.mark.parametrize(
    "record",
    ["00000000-0000-4000-8000-000000000000", "%00", "x", "..%2f..%2fetc%2fpasswd", "a" * 65],
)
def test_what_is_no_capture_is_not_found(server: TestClient, record: str) -> None:
    assert server.get(f"/api/v1/captures/{record}.warc.gz").status_code in (404, 400)


def test_a_lost_file_is_told_without_its_whereabouts(
    server: TestClient, kept_home: Home, made: Made
) -> None:
    (kept_home.warc / made["first"].place.file).unlink()
    answer = server.get(address(made, "first"))
    assert answer.status_code == 500
    assert str(kept_home.path) not in answer.text


def test_a_silent_depot_is_told_without_its_whereabouts(
    kept_home: Home, made: Made, tmp_path: Path
) -> None:
    (kept_home.warc / made["first"].place.file).unlink()
    home = replace(kept_home, warc_depot=str(tmp_path / "not-mounted"))
    app = make_app(home, home.catalogue_url)
    with TestClient(app, raise_server_exceptions=False) as client:
        answers = [client.get(address(made, "first")), client.get("/api/v1/notices.wacz")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert not any("not-mounted" in answer.text for answer in answers)


def _notice(server: TestClient) -> str:
    found = server.get("/api/v1/notices?q=第1件事").json()
    return f"/notices/{found['notices'][0]['id']}"


def test_the_page_of_a_notice_links_to_its_captures_as_they_were(
    server: TestClient, made: Made
) -> None:
    shown = server.get(_notice(server), headers={"Accept-Language": "en"}).text
    assert f'"http://127.0.0.1:8080/hongtou/20240401011233/{made["first"].url}"' in shown
    assert "20240401011633" not in shown  # the 304, which would be an empty page
    for which in ("first", "copy", "unchanged", "revised"):
        assert address(made, which) in shown


def test_without_a_replay_there_is_no_link(kept_home: Home, tmp_path: Path) -> None:
    with TestClient(make_app(kept_home, kept_home.catalogue_url)) as client:
        assert "当时的页面" not in client.get(_notice(client)).text


def test_the_api_says_where_captures_are(server: TestClient) -> None:
    listed = server.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/captures/{record}.warc.gz" in listed
