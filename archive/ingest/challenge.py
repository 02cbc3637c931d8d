"""Tell a challenge from a page: what a guard in front of a site answers instead of it.

A challenge is recognised, kept as evidence and backed off from; it is never solved. The marks
of each product are those its answers were seen with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEAD = 65_536  #: octets looked at; a challenge says what it is at its beginning
_SMALL = 5_000  #: octets; a script-only answer below this may be a challenge of unknown make
_CJK_TEXT = 12  #: characters of Chinese in sight: a page that says this much is a page
_CHALLENGE_STATUS = frozenset({202, 403, 405, 412, 429, 468, 503, 521, 567})


@dataclass(frozen=True, kw_only=True)
class _Guard:
    """What one product's challenge looks like."""

    name: str
    body: re.Pattern[bytes]  #: decisive where a person would see next to no text
    cookie: re.Pattern[str] | None = None  #: counts only together with a challenge status


def _guard(name: str, body: bytes, cookie: str | None = None) -> _Guard:
    return _Guard(
        name=name,
        body=re.compile(body, re.IGNORECASE),
        cookie=re.compile(cookie, re.IGNORECASE) if cookie else None,
    )


_GUARDS = (
    _guard(
        "riversec",
        rb"\$_ts\s{0,4}(?:=|\.|\[|\|\|)|window\[['\"]\$_ts['\"]\]|\bFSSBB[A-Za-z0-9]{2,12}",
        r"^(?:FSSBB\w{2,12}|\w{8,20}[SOPT])=",
    ),
    _guard("jiasule", rb"__jsl_clearance|\$\.cookie\('__jsl", r"^__jsl(?:_clearance|uid)"),
    _guard("wangzhanweishi", rb"wzws-waf-cgi|wzwschallenge|wzwstemplate|WZWS-CONFIRM", r"^wzws_"),
    _guard("aliyun", rb"acw_sc__v2|aliyun_waf_(?:aa|bb)|punish-component|_waf_bd8ce2ce37"),
    _guard("yunsuo", rb"yunsuo_session_verify|security_verify_(?:data|img)", r"^yunsuo_session"),
    _guard("safeline", rb"safeline_bot_challenge|/\.safeline/|sl-challenge", r"^sl-challenge"),
    _guard("cloudflare", rb"/cdn-cgi/challenge-platform/[^\"']{1,80}orchestrate|_cf_chl_opt"),
    _guard("edgeone", rb"__tst_status|EO_Bot_Ssid|TencentEdgeOne", r"^EO_Bot_Ssid"),
    _guard("incapsula", rb"_Incapsula_Resource"),
    _guard("yunaq", rb"cdn\.365cyd\.cn|yunaq\.com/(?:misinformation|faq)|\bkswebadmin\b"),
)
#: One of these stands in whatever a guard's pattern finds, in lower case.
_TRACES = (
    *(b"$_ts", b"fssbb", b"__jsl", b"wzws", b"acw_sc", b"_waf_", b"punish-component", b"yunsuo"),
    *(b"security_verify", b"safeline", b"sl-challenge", b"challenge-platform", b"_cf_chl"),
    *(b"__tst_status", b"eo_bot", b"edgeone", b"_incapsula", b"365cyd", b"yunaq", b"kswebadmin"),
)
_HIDDEN = re.compile(
    r"<(script|style|noscript|template)\b[^>]{0,4000}>.{0,65536}?(?:</\1\s{0,9}>|\Z)|<!--.{0,65536}?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^<>]{0,8000}>")
_CJK = re.compile(r"[㐀-鿿]")
_COOKIE_SCRIPT = re.compile(
    rb"document\s{0,4}\.\s{0,4}cookie|document\[['\"]cookie['\"]\]", re.IGNORECASE
)
_TURN_ROUND = re.compile(
    rb"location\s{0,4}(?:\.\s{0,4}(?:reload|replace|href|assign)|=|\[)|\beval\s{0,4}\(",
    re.IGNORECASE,
)


def find_challenge(status: int, headers: Sequence[tuple[str, str]], body: bytes) -> str | None:
    """Name the guard whose challenge this answer is, or None when it is no challenge.

    ``unknown`` is a challenge of no known make. A page with Chinese text in sight is never one,
    unless its status says so: products leave their scripts and cookies on real pages as well.
    """
    head = body[:_HEAD]
    if _is_json(headers, head) or _is_plainly_a_page(status, headers, body, head):
        return None
    says_little = _visible_cjk(head) < _CJK_TEXT
    by_status = status in _CHALLENGE_STATUS
    if _is_cloudflare(headers):
        return "cloudflare"
    for guard in _GUARDS:
        if (says_little or by_status) and guard.body.search(head):
            return guard.name
        if says_little and by_status and status != 503 and _sets_cookie(headers, guard):
            return guard.name
    return _unknown_make(status, headers, head, says_little=says_little)


def _is_plainly_a_page(
    status: int, headers: Sequence[tuple[str, str]], body: bytes, head: bytes
) -> bool:
    """Whether nothing at all speaks for a challenge: so it is with most pages, at little cost."""
    if status in _CHALLENGE_STATUS or len(body) < _SMALL or _is_cloudflare(headers):
        return False
    lowered = head.lower()
    return not any(trace in lowered for trace in _TRACES)


def _unknown_make(
    status: int, headers: Sequence[tuple[str, str]], head: bytes, *, says_little: bool
) -> str | None:
    if not says_little:
        return None
    if status == 412 or (status == 521 and not _server(headers).startswith("cloudflare")):
        return "unknown"
    is_script = len(head) < _SMALL and b"<script" in head.lower()
    turns_round = _COOKIE_SCRIPT.search(head) and _TURN_ROUND.search(head)
    return "unknown" if is_script and turns_round else None


def _sets_cookie(headers: Sequence[tuple[str, str]], guard: _Guard) -> bool:
    return guard.cookie is not None and any(
        name.lower() == "set-cookie" and guard.cookie.search(value) for name, value in headers
    )


def _is_cloudflare(headers: Sequence[tuple[str, str]]) -> bool:
    """Cloudflare says so itself (developers.cloudflare.com, "Detect a Challenge Page response")."""
    return any(
        name.lower() == "cf-mitigated" and value.strip().lower() == "challenge"
        for name, value in headers
    )


def _server(headers: Sequence[tuple[str, str]]) -> str:
    return next((value.strip().lower() for name, value in headers if name.lower() == "server"), "")


def _is_json(headers: Sequence[tuple[str, str]], head: bytes) -> bool:
    media_type = next((v.lower() for n, v in headers if n.lower() == "content-type"), "")
    return "json" in media_type and head.lstrip()[:1] in {b"{", b"["}


def _visible_cjk(head: bytes) -> int:
    """How many Chinese characters a person would see, under the likeliest of two encodings."""
    counts = []
    for charset in ("utf-8", "gb18030"):
        text = _TAG.sub("", _HIDDEN.sub("", head.decode(charset, "ignore")))
        counts.append(len(_CJK.findall(text)))
    return counts[0] or counts[1]
