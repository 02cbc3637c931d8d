"""The saved web of the replica is what its builder writes, and holds the seeds as they stand."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from crawler.replica.site import SavedWeb

ROOT = Path(__file__).parents[2]
WEB = ROOT / "crawler" / "replica" / "web"
SEEDS = ROOT / "script" / "replica" / "seeds"
MIRRORED = ("www.szmargarita.com", "/govNews/Show_31877.html")
#: Marks a clean-up made half-width, beside Chinese: no official page has them.
HALF_WIDTH = re.compile(r"[\u3000-\u9fff][,:;()?!]|[,:;()?!][\u3000-\u9fff]")
PAGES = {
    "000": ("www.ylqxzb.com", "/govNews/Show_48779.html"),
    "001": ("www.cqbn.gov.cn", "/zwgk_252/zfxxgkml/zcwjk/202404/t20240401_13091264.html"),
    "002": ("wjw.xizang.gov.cn", "/zwgk/zcwj/202109/t20210930_262134.html"),
    "004": ("www.harbin.gov.cn", "/art/2017/10/25/art_13790_3641.html"),
}


@pytest.fixture(scope="module", params=[1, 2])
def web(request: pytest.FixtureRequest) -> SavedWeb:
    return SavedWeb(WEB, stage=request.param)


def body_of(web: SavedWeb, host: str, path: str) -> bytes:
    route = web.find(host, path)
    assert route is not None, f"{host} does not answer {path}"
    return route.body


def text_of(body: bytes | str) -> str:
    return str(html.fromstring(body).text_content())


def bare(text: str) -> str:
    """Without white space and punctuation, whose width the pages restore."""
    return re.sub(r"[\W_]", "", text)


def test_the_builder_writes_what_is_committed() -> None:
    check = subprocess.run(
        [ROOT / "script" / "build-replica-web", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("seed", PAGES)
def test_an_official_page_holds_every_line_of_its_seed(web: SavedWeb, seed: str) -> None:
    page = bare(text_of(body_of(web, *PAGES[seed])))
    lines = (SEEDS / f"{seed}.txt").read_text(encoding="utf-8").split("\n")
    long = [line for line in lines if len(line.strip()) > 30]
    missing = [line for line in long if bare(line) not in page]
    assert len(long) > 15
    assert not missing


@pytest.mark.parametrize("seed", PAGES)
def test_an_official_page_has_full_width_punctuation(web: SavedWeb, seed: str) -> None:
    assert not HALF_WIDTH.findall(text_of(body_of(web, *PAGES[seed])))


def test_the_mirror_says_gb2312_and_decodes_to_the_seed_as_it_stands(web: SavedWeb) -> None:
    body = body_of(web, *MIRRORED)
    assert b"charset=gb2312" in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")
    page = text_of(body.decode("gb18030"))
    lines = (SEEDS / "003.txt").read_text(encoding="utf-8").split("\n")
    found = [line.strip() for line in lines if line.strip() and "信息來源" not in line]
    assert [line for line in found if line not in page] == []


def test_every_link_of_a_list_is_answered(web: SavedWeb) -> None:
    lists = {
        "http://www.harbin.gov.cn/col/col13790/index.html": r'href="(/art/[^"]+)"',
        "https://www.cqbn.gov.cn/zwgk_252/zfxxgkml/zcwjk/": r'href="\./([^"]+\.html)"',
        "http://wjw.xizang.gov.cn/zwgk/zcwj/": r'href="\./([^"]+\.html)"',
        "https://www.ylqxzb.com/govNews/Index_n1.html": r'href="(/(?:govNews|vip)/Show[^"]+)"',
        "http://www.szmargarita.com/govNews/Index_n1.html": r'href="(/govNews/Show[^"]+)"',
    }
    for url, link in lists.items():
        parts = urlsplit(url)
        page = body_of(web, str(parts.hostname), parts.path).decode("gb18030", errors="replace")
        found = re.findall(link, page)
        assert 15 <= len(found) <= 60, url
        for href in found:
            path = href if href.startswith("/") else parts.path + href
            assert web.find(str(parts.hostname), path), f"{url} leads to {path}"


def test_what_changes_between_the_crawls() -> None:
    first, second = SavedWeb(WEB, stage=1), SavedWeb(WEB, stage=2)
    notices = {
        (host, path)
        for host in second.hosts
        for path in second._routes[host]
        if re.search(r"/(t\d{8}_|art_|Show_|post_)\d+", path)
    }
    new = {key for key in notices if first.find(*key) is None}
    changed = {key for key in notices - new if body_of(first, *key) != body_of(second, *key)}
    assert {host for host, _ in new} == {"www.cqbn.gov.cn", "wjw.xizang.gov.cn"}
    assert len(new) == 2
    assert {host for host, _ in changed} == {"www.cqbn.gov.cn", "www.harbin.gov.cn"}
    assert len(changed) == 2
