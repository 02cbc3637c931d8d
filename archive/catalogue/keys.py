"""Keys of fixed width for texts of any length, and the ids of notices and runs."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from functools import lru_cache

from archive.notice import DocumentNumber, utc_text

_NOT_WORDS = re.compile(r"[\W_]+")
#: What stands around the name of a work in the title of the notice that prints it.
_ISSUED = re.compile(r"关于(?:印发|发布|公布|下发)(.{2,200})的(?:通知|公告|通告)$")
_STATE_OF_WORK = re.compile(r"[(（](?:试行|暂行|施行)[)）]$")


def text_key(text: str) -> str:
    """32 hex digits that stand for a text: a URL, of whatever length, in an index."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def value_of(kind: str, text: str) -> int:
    """A signed 64-bit value that stands for a text, apart from other kinds of text."""
    digest = hashlib.blake2b(f"{kind}:{text}".encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)


def record_key(record_id: str) -> str:
    """The record id as it is kept: whole, unless a foreign WARC made it absurdly long."""
    return record_id if len(record_id) <= 500 else f"urn:sha256:{text_key(record_id)}"


@lru_cache(maxsize=8192)  # an order of the State Council is cited by thousands
def number_key(number: str) -> int:
    """The value a document number is looked up by, in whatever form it was written."""
    parsed = DocumentNumber.parse(number, labelled=True)
    return value_of("number", str(parsed) if parsed else number)


def title_key(title_core: str) -> int | None:
    """The value a title core is looked up by; None when it is too short to mean anything."""
    words = _NOT_WORDS.sub("", title_core)
    return value_of("title", words) if len(words) >= 6 else None  # 公告, 政策文件 name nothing


def cited_title_key(title: str) -> int | None:
    """The key of a work by the name it is cited under: with or without its covering notice."""
    name = title.strip().strip("《》")[:1000]
    issued = _ISSUED.search(name)
    core = issued.group(1).strip("《》") if issued else name
    return title_key(_STATE_OF_WORK.sub("", core))


def notice_id(url: str, captured_at: datetime, payload_digest: str) -> str:
    """The id of a notice, made from its first capture so that a rebuild gives the same."""
    return _hex16(url, utc_text(captured_at), payload_digest)


def run_id(source: str, column: str | None, started_at: datetime, attempt: int) -> str:
    """The id of a run."""
    return _hex16(source, column or "", utc_text(started_at), str(attempt))


def _hex16(*parts: str) -> str:
    joined = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]
