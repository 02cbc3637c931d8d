"""Links become the URLs the archive keeps things under."""

from __future__ import annotations

import pytest

from spiders.link import find_url

BASE = "http://www.example.gov.cn/zwgk/zcwj/index.html?x=1"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("./202403/t1.html", "http://www.example.gov.cn/zwgk/zcwj/202403/t1.html"),
        ("../../../../up.html", "http://www.example.gov.cn/up.html"),
        ("/a.html#cat", "http://www.example.gov.cn/a.html"),
        ("//other.cn/a", "http://other.cn/a"),
        ("https://MP.weixin.qq.com:443/s?id=1", "https://mp.weixin.qq.com/s?id=1"),
        ("http://www.example.gov.cn:8080", "http://www.example.gov.cn:8080/"),
        ("/通知.html", "http://www.example.gov.cn/%E9%80%9A%E7%9F%A5.html"),
        ("/a b%20c%zz.html", "http://www.example.gov.cn/a%20b%20c%25zz.html"),
        ("\n  /a\n.docx \r\n", "http://www.example.gov.cn/a.docx"),
        ("..\\art\\1.html", "http://www.example.gov.cn/zwgk/art/1.html"),
        ("http://user:pw@www.example.gov.cn/a", "http://www.example.gov.cn/a"),
        ("http://中国.cn/a", "http://xn--fiqs8s.cn/a"),
        ("http://[::1]:99/a", "http://[::1]:99/a"),
        ("?page=2&a=[1]", "http://www.example.gov.cn/zwgk/zcwj/index.html?page=2&a=%5B1%5D"),
    ],
)
def test_a_link_is_made_whole(href: str, url: str) -> None:
    assert find_url(href, BASE) == url


@pytest.mark.parametrize(
    "href",
    [
        "", "  ", "#", "#top", "javascript:void(0)", "JavaScript:open('a.html')", "mailto:a@b.cn",
        "data:text/html,x", "tel:12345", "ftp://a.cn/x", "http://[", "http://a.cn:port/",
        "/" + "a" * 5000, "http://" + "a" * 100 + "é.cn/",
    ],
)  # fmt: skip
def test_what_leads_to_no_page_is_none(href: str) -> None:
    assert find_url(href, BASE) is None


def test_a_query_is_encoded_as_the_page_is() -> None:
    gbk = find_url("/s?q=医改", BASE, encoding="gb18030")
    assert gbk == "http://www.example.gov.cn/s?q=%D2%BD%B8%C4"
    assert find_url("/s?q=医改", BASE) == "http://www.example.gov.cn/s?q=%E5%8C%BB%E6%94%B9"
