"""What a request record posted, and the words by which replay tools find its answer."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote_plus, urlencode

from archive.notice.posting import FORM, Posting
from archive.storage.chunked import dechunk
from archive.storage.http_message import HEADER_LINES_LIMIT, header_fields

#: Characters of the words; pywb and cdxj-indexer cut them here too.
WORDS_LIMIT = 4096
_HEAD_LIMIT = 1 << 16
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,100}/[a-z0-9.+-]{1,100}")
_PART_NAME = re.compile(rb'\bname="([^"\r\n]{1,500})"')
_PARTS_LIMIT = 1_000


def read_posting(request: bytes | None) -> Posting | None:
    """The body of a POST as it went over the wire, chunks undone; None of any other request."""
    if request is None or not request.startswith(b"POST "):
        return None
    end = _HEAD_END.search(request, 0, _HEAD_LIMIT)
    if end is None:
        return Posting(body=b"", media_type="")
    lines = request[: end.start()].split(b"\n", HEADER_LINES_LIMIT + 1)[1 : HEADER_LINES_LIMIT + 1]
    headers = {name.lower(): value for name, value in header_fields(lines)[0]}
    body = request[end.end() :]
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = dechunk(body)[0]
    said = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Posting(body=body, media_type=said if _MEDIA_TYPE.fullmatch(said) else "")


def indexed_words(posting: Posting) -> str:
    """What pywb and cdxj-indexer put behind ``__wb_method=POST&`` for a body; "" for none.

    A form's fields as they read, JSON as the names and values of its leaves, the fields of a
    multipart form, and anything else in base64.
    """
    body, kind = posting.body, posting.media_type
    if not body:
        return ""
    try:
        if kind == FORM:
            words = unquote_plus(body.decode("utf-8"))
        elif kind == "application/json":
            words = _json_words(body) or ""
        elif kind == "text/plain":
            words = _json_words(body) or _binary(body)
        elif kind.startswith("multipart/"):
            words = urlencode(list(_parts(body)))
        else:
            words = _binary(body)
    except UnicodeDecodeError:
        words = _binary(body)
    return words[:WORDS_LIMIT]


def _binary(body: bytes) -> str:
    return f"__wb_post_data={base64.b64encode(body).decode('ascii')}"


def _json_words(body: bytes) -> str | None:
    """The leaves of a JSON text, as a query; None where it is none."""
    try:
        return urlencode(_named(_leaves(json.loads(body), "")))
    except (ValueError, RecursionError):  # also of half a surrogate pair, which no query holds
        return None


def _named(leaves: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Values by their names, those of a name that came before as ``name.2_``."""
    named: dict[str, str] = {}
    repeats: dict[str, int] = {}
    for name, value in leaves:
        if name in named:
            repeats[name] = repeats.get(name, 1) + 1
            name = f"{name}.{repeats[name]}_"
        named[name] = value
    return named


def _leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    elif name:
        yield name, _leaf_text(value)


def _leaf_text(value: Any) -> str:
    """As JavaScript writes it, which is what a replaying browser sends."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _parts(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The fields of a multipart form, told apart by the line that it begins with."""
    border = body.partition(b"\r\n")[0]
    for part in body.split(border, _PARTS_LIMIT)[1:]:
        head, blank, value = part.partition(b"\r\n\r\n")
        name = _PART_NAME.search(head[:2_000])
        if blank and name:
            yield name[1].decode("utf-8", "replace"), value.removesuffix(b"\r\n")
