"""List pages are decoded by what is declared, when that is true."""

from __future__ import annotations

import pytest

from spiders.decoding import decode

TEXT = "<html><title>深化医药卫生体制改革</title>䶮㎡</html>"


@pytest.mark.parametrize(
    ("octets", "content_type"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "text/html; charset=gb2312"),
        (TEXT.encode(), "text/html; charset=ISO-8859-1"),
        (TEXT.encode("gb18030"), ""),
        (TEXT.encode("gb18030"), "text/html;charset=GBK"),
        (TEXT.encode("gb18030"), "text/html; charset=UTF-8"),
        (TEXT.encode("gb18030"), "text/html; charset=no-such"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=gbk"),
        (TEXT.encode("utf-16"), "text/html"),
    ],
)
def test_the_text_comes_out_whole(octets: bytes, content_type: str) -> None:
    assert decode(octets, content_type)[0] == TEXT


def test_a_broken_octet_costs_one_character_not_the_page() -> None:
    octets = b'<meta charset="gb2312">' + ("医改通知" * 50).encode("gb18030") + b"\xff tail"
    text, encoding = decode(octets)
    assert encoding == "gb18030"
    assert text.count("医改通知") == 50


def test_nothing_is_text_too() -> None:
    assert decode(b"")[0] == ""
