"""A request with a body, and the address that tells it from others to the same URL.

Replay tools (pywb, cdxj-indexer) index such a request under its URL with its method and its form
appended: ``/search.jsp?__wb_method=POST&infotypeId=A01&currpage=2``. The archive names what
answered it in the same way, so that a URL asked with two bodies is two pages, each with its own
history, and what pages a list by its address pages a form too.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

FORM = "application/x-www-form-urlencoded"
#: In a link of a page it would be mistaken for a posting; no site writes it.
MARK = "__wb_method="
#: Octets of a body that stands in an address in full; of a longer one only its digest does.
BODY_LIMIT = 4_000
_POSTED = re.compile(r"[?&]__wb_method=POST(?:&|$)")
_TYPED = re.compile(r"__wb_post_type=([^&]{1,300})&__wb_post_data=([^&]*)")
_PLAIN_FORM = re.compile(rb"[!-~]*")


@dataclass(frozen=True, kw_only=True)
class Posting:
    """The body of a POST, and what it says it is."""

    body: bytes
    media_type: str = FORM  #: lower case, without parameters


def posting_address(url: str, posting: Posting | None) -> str:
    """The address of what answers a posting to a URL; without one, the URL itself."""
    if posting is None:
        return url
    words = "&".join(filter(None, ("__wb_method=POST", _body_words(posting))))
    return f"{url}{'&' if '?' in url else '?'}{words}"


def split_address(address: str) -> tuple[str, Posting | None]:
    """The URL of an address, and what is posted to it: nothing where it is a plain URL.

    Nothing either where the address has no more than a digest of the body: nobody posts it again.
    """
    found = _POSTED.search(address)
    if found is None:
        return address, None
    url, words = address[: found.start()], address[found.end() :]
    if words.startswith("__wb_post_sha256="):
        return url, None
    typed = _TYPED.fullmatch(words)
    if typed is None:
        return url, Posting(body=words.encode("ascii", "replace"))
    media_type = unquote_to_bytes(typed[1]).decode("ascii", "replace")
    return url, Posting(body=unquote_to_bytes(typed[2]), media_type=media_type)


def _body_words(posting: Posting) -> str:
    body = posting.body
    if posting.media_type == FORM and len(body) <= BODY_LIMIT and _is_plain_form(body):
        return body.decode("ascii")
    data = quote(body, safe="")
    if len(body) > BODY_LIMIT or len(data) > 3 * BODY_LIMIT:
        return f"__wb_post_sha256={hashlib.sha256(body).hexdigest()}"
    return f"__wb_post_type={quote(posting.media_type, safe='')}&__wb_post_data={data}"


def _is_plain_form(body: bytes) -> bool:
    """Whether it can stand in an address as it is, and is told apart from what is typed."""
    is_ours = body.startswith((b"__wb_post_type=", b"__wb_post_sha256="))
    return _PLAIN_FORM.fullmatch(body) is not None and b"#" not in body and not is_ours
