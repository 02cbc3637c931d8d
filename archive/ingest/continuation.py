"""Articles that a site splits over several pages: which pages, and how they join."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin

from archive.ingest.citations import find_cited_numbers, find_cited_titles
from archive.notice import Attachment, DocumentNumber, Reading

#: ``createPageHTML(3, 0, "t20240401_123", "shtml")`` of TRS; Hunan names the pager first. The
#: name of a list's pages is ``index``; that of an article's begins with t and its day.
_PAGER = re.compile(
    r"createPage(?:HTML)?\(\s{0,4}(?:[\"'][\w-]{0,30}[\"']\s{0,4},\s{0,4})?"
    r"(\d{1,4})\s{0,4},\s{0,4}(\d{1,4})\s{0,4},\s{0,4}[\"'](t\d{8}_\d{1,12})[\"']\s{0,4},"
    r"\s{0,4}[\"'](s?html?)[\"']"
)
_MOST_PAGES = 100
#: The name of an article's later page: ``t20240401_123_2.shtml`` is the third.
_LATER_NAME = re.compile(r"/(t\d{8}_\d{1,12})_([1-9]\d{0,2})\.s?html?$")


def find_continuations(source: str, url: str | None) -> tuple[str, ...]:
    """Addresses of the pages that continue an article, in order; empty where none does.

    Args:
        source: The article's first page as markup.
        url: Its address; without one the addresses are relative.
    """
    match = _PAGER.search(source) if "createPage" in source else None
    if match is None or int(match[2]) != 0:
        return ()
    total, name, ending = min(int(match[1]), _MOST_PAGES), match[3], match[4]
    pages = (f"{name}_{number}.{ending}" for number in range(1, total))
    return tuple(urljoin(url or "", page) for page in pages)


def find_first_page(body: bytes, url: str) -> str | None:
    """The address of the article that a page goes on with; None where it is no later page.

    Its own pager must say which page of the article this is, and its address must say the same.

    Args:
        body: The page, of which only markup in ASCII is looked at.
        url: Its address.
    """
    named = _LATER_NAME.search(url) if b"createPage" in body else None
    if named is None:
        return None
    for match in _PAGER.finditer(body.decode("latin-1")):
        if match[3] == named[1] and int(match[2]) == int(named[2]) < int(match[1]):
            return urljoin(url, f"{match[3]}.{match[4]}")
    return None


def join_readings(first: Reading, continuations: Sequence[Reading]) -> Reading:
    """One reading of an article over several pages.

    Number, title and dates of publication are the first page's; the signature stands on the
    last, so that what only later pages know (成文, 施行, issuing bodies) is theirs. The flag
    ``continues:N`` stays while pages are missing and becomes ``joined:N`` when all are there.

    Args:
        first: The reading of the first page.
        continuations: Those of the following pages, in order; some may be missing at the end.
    """
    if not continuations:
        return first
    pages = (first, *continuations)
    text = "\n".join(page.text for page in pages if page.text)
    own = DocumentNumber.parse(first.document_number or "", labelled=True)
    missing = first.continued_at[len(continuations) :]
    return replace(
        first,
        text=text,
        issuing_bodies=next((page.issuing_bodies for page in pages if page.issuing_bodies), ()),
        attachments=_joined_attachments(pages),
        cited_numbers=find_cited_numbers(f"{first.title or ''}\n{text}", own),
        cited_titles=find_cited_titles(text, first.title),
        removed=tuple(one for page in pages for one in page.removed),
        repairs=tuple(one for page in pages for one in page.repairs),
        flags=_joined_flags(pages, bool(missing)),
        continued_at=missing,
        written_on=next((page.written_on for page in pages if page.written_on), None),
        effective_on=next((page.effective_on for page in pages if page.effective_on), None),
        validity=next((page.validity for page in pages if page.validity), None),
    )


def _joined_attachments(pages: Sequence[Reading]) -> tuple[Attachment, ...]:
    return tuple({one.url: one for page in pages for one in page.attachments}.values())


def _joined_flags(pages: Sequence[Reading], some_missing: bool) -> tuple[str, ...]:
    flags = dict.fromkeys(flag for page in pages for flag in page.flags)
    if some_missing:
        return tuple(flags)
    kept = [flag for flag in flags if not flag.startswith("continues:")]
    return (*kept, f"joined:{len(pages)}")
