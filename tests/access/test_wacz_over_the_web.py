"""A WACZ of a search over the web: what the command makes, within bounds."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from kept_notices import Made

from archive.access import package_routes
from archive.access.app import make_app
from archive.notice import Home

WACZ = "/api/v1/notices.wacz"


@pytest.fixture
def client(kept_home: Home) -> Iterator[Any]:
    app = make_app(kept_home, kept_home.catalogue_url)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_a_search_is_given_as_wacz_with_its_captures(client: Any, made: Made) -> None:
    answer = client.get(WACZ, params={"q": "第2件事"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/wacz")
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as wacz:
        assert wacz.testzip() is None
        package = json.loads(wacz.read("datapackage.json"))
    assert package["mainPageUrl"] == made["second"].url


def test_what_is_no_search_or_finds_nothing_is_said(client: Any) -> None:
    assert client.get(WACZ, params={"q": "没有这样的词"}).status_code == 404
    assert client.get(WACZ, params={"region": "../"}).status_code == 400


@pytest.mark.parametrize(
    ("bound", "least"), [("MOST_NOTICES", 0), ("MOST_OCTETS", 1), ("MOST_SECONDS", -1.0)]
)
def test_more_than_a_stranger_may_ask_for_is_refused_and_nothing_stays(
    client: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, bound: str, least: float
) -> None:
    monkeypatch.setattr(package_routes, bound, least)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer = client.get(WACZ)
    assert answer.status_code == 400
    assert "packed over the web" in answer.json()["detail"]
    assert not list(tmp_path.glob("hongtou-wacz-*"))


def test_one_package_is_made_at_a_time(client: Any) -> None:
    with package_routes._packing:
        answer = client.get(WACZ)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert client.get(WACZ).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "下载原貌存档"), ("en", "Download these as WACZ")]
)
def test_the_search_page_offers_it_where_it_can_be_had(
    client: Any, language: str, words: str
) -> None:
    page = client.get("/search", params={"q": "第2件事", "lang": language}).text
    assert words in page
    assert f'href="{WACZ}?q=%E7%AC%AC2%E4%BB%B6%E4%BA%8B"' in page
    assert words not in client.get("/search", params={"q": "没有这样的词", "lang": language}).text
