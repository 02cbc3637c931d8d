"""Pages nobody wishes for: each is set aside with its reason; the run goes on with the others."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator

import pytest
from walking import Walked, notices_of, walk

from archive.catalogue import Catalogue

pytestmark = pytest.mark.journey

HOST = "wjw.xizang.gov.cn"
LIST = "/zwgk/zcwj/"
HTML = "text/html; charset=utf-8"
TITLE = "关于深化医药卫生体制改革的通知"
BODY = (
    "<div class='c_text'><p>各市地人民政府：</p><p>现就深化医药卫生体制改革有关事项通知如下，请认真"
    "贯彻执行。</p><p>一、推进公立医院综合改革，完善分级诊疗制度，健全医保支付方式，加强基层医疗卫生服务。</p>"
    "<p>自治区人民政府</p><p>2024年5月6日</p></div>"
)
WELL = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><h1>{TITLE}</h1>{BODY}"
PAGES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", HTML),
    "blank": (b"   \n\n  ", HTML),
    "binary": (bytes(range(256)) * 64, "application/octet-stream"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(4000), HTML),
    "huge": (b"<p>" + "改革".encode() * 1_200_000, HTML),
    "deep": (b"<div>" * 20_000 + BODY.encode(), HTML),
    "not-html": (b"{broken json", "application/json"),
    "untitled": (f"<html><body>{BODY}".encode(), HTML),
    "wrong-charset": (WELL.encode("gb18030"), HTML),
    "lone-gzip": (gzip.compress(WELL.encode()), HTML),
    "nul": (WELL.replace("通知如下", "通知\x00如下").encode(), HTML),
}
MISBEHAVING = {
    "bomb": "bomb",
    "cut": "cut",
    "long": "wrong-length",
    "loop": "loop",
    "reset": "reset",
}


def _list_page() -> bytes:
    names = [*PAGES, *MISBEHAVING]
    urls = {name: f"./202405/t20240506_{number}.html" for number, name in enumerate(names)}
    urls |= {"内网": "http://127.0.0.1:9/x.html", "内网六": "http://[::1]/x.html"}
    rows = [
        f'<li><a href="{url}">{TITLE}（{name}）</a><span>2024-05-06</span></li>'
        for name, url in urls.items()
    ]
    page = f"<html><head><meta charset=utf-8></head><div class='wrap2_mid'><ul>{''.join(rows)}</ul>"
    return page.encode()


def _path(name: str) -> str:
    return f"{LIST}202405/t20240506_{[*PAGES, *MISBEHAVING].index(name)}.html"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """One look at a list that names them all."""

    def put(path: str, body: bytes, kind: str) -> list[str]:
        return [HOST, path, base64.b64encode(body).decode(), kind]

    publish = [put(LIST, _list_page(), HTML)]
    publish += [put(_path(name), body, kind) for name, (body, kind) in PAGES.items()]
    publish += [put(_path(name), WELL.encode(), HTML) for name in MISBEHAVING]
    misbehave = [[HOST, _path(name), how] for name, how in MISBEHAVING.items()]
    settings = {"timeout_seconds": 10.0, "max_body_megabytes": 5}
    step = {
        "stage": 1,
        "sources": ["xizang-wjw"],
        "publish": publish,
        "misbehave": misbehave,
        "settings": settings,
    }
    return walk(tmp_path_factory.mktemp("bad"), step)


@pytest.fixture
def catalogue(walked: Walked) -> Iterator[Catalogue]:
    """The catalogue after the look."""
    with Catalogue.open(walked.home.catalogue_url, read_only=True) as opened:
        yield opened


def test_the_look_went_on_to_its_end(walked: Walked) -> None:
    assert walked.look(0, "xizang-wjw")["outcome"] == "partial"


@pytest.mark.parametrize(
    "name", ["empty", "blank", "binary", "picture", "not-html", "huge", "bomb", "cut", "long"]
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(catalogue: Catalogue, name: str) -> None:
    reasons = {row.url.partition(HOST)[2]: row.reason for row in catalogue.set_asides(limit=100)}
    assert reasons.get(_path(name)), reasons


@pytest.mark.parametrize("name", ["wrong-charset", "nul"])
def test_what_can_be_read_all_the_same_is_read(catalogue: Catalogue, name: str) -> None:
    notice = catalogue.by_url(f"http://{HOST}{_path(name)}")
    assert notice is not None
    assert notice.title.startswith(TITLE)


def test_no_notice_is_made_of_rubbish(catalogue: Catalogue) -> None:
    for notice in notices_of(catalogue):
        assert "改革" in notice.text
        assert "\x00" not in notice.text
        assert "\ufffd" not in notice.text


def test_a_private_address_on_a_page_is_not_followed(walked: Walked, catalogue: Catalogue) -> None:
    assert not [one for one in walked.sent if one.host in ("127.0.0.1", "::1")]
    assert {row.alarm.url for row in catalogue.alarms()}
