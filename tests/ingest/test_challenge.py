"""A challenge is told from a page, and a page from a challenge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ingest import challenge
from archive.ingest.challenge import find_challenge

RIVER = b'<html><head><meta content="x"><script>$_ts=window["$_ts"];</script></head></html>'
JSL = b"<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"
PAGE = "<html><body>关于印发某市深化医药卫生体制改革重点工作任务的通知，各单位认真执行。".encode()


@pytest.mark.parametrize(
    ("status", "headers", "body", "guard"),
    [
        (412, (), RIVER, "riversec"),
        (202, (), RIVER, "riversec"),
        (200, (), RIVER, "riversec"),
        (521, (("Set-Cookie", "__jsluid_h=ab; path=/"),), JSL, "jiasule"),
        (412, (), b"<html></html>", "unknown"),
        (200, (), b"<script>document.cookie='a=b';location.reload()</script>", "unknown"),
        (403, (("cf-mitigated", "challenge"),), b"", "cloudflare"),
    ],
)
def test_a_challenge_is_named(
    status: int, headers: tuple[tuple[str, str], ...], body: bytes, guard: str
) -> None:
    assert find_challenge(status, headers, body) == guard


@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_page_is_none_though_its_guard_left_cookies(status: int) -> None:
    headers = (("Set-Cookie", "__jsluid_h=ab"), ("WZWS-RAY", "117-1"))
    assert find_challenge(status, headers, PAGE) is None


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b""), (304, b""), (404, b"Not Found"), (200, b"%PDF-1.7 ..."), (200, b'{"a": "$_ts="}')],
)
def test_other_answers_are_none(status: int, body: bytes) -> None:
    kind = "application/json" if body.startswith(b"{") else "text/html"
    assert find_challenge(status, (("Content-Type", kind),), body) is None


@pytest.mark.parametrize("guard", challenge._GUARDS, ids=lambda guard: guard.name)
@given(data=st.data())
def test_what_a_guards_pattern_finds_holds_a_trace(
    guard: challenge._Guard, data: st.DataObject
) -> None:
    """A page without a trace is not looked at further, so whatever is found must hold one."""
    found = data.draw(st.from_regex(guard.body))
    assert any(trace in found.lower() for trace in challenge._TRACES)


def test_a_long_challenge_is_named_too() -> None:
    padding = b"<!--" + b"x" * 20_000 + b"-->"
    assert find_challenge(200, (), RIVER + padding) == "riversec"
