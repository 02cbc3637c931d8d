"""A page with its damage undone, in every text that the reader looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.ingest.lines import Lines
from archive.ingest.page import Page
from archive.ingest.repair import mend
from archive.notice import Repair


@dataclass(frozen=True, kw_only=True)
class MendedPage:
    """A page as it must have read, and each place where it did not."""

    page: Page
    repairs: tuple[Repair, ...] = ()
    flags: tuple[str, ...] = ()


def mend_page(page: Page) -> MendedPage:
    """Undo damage in a page's lines, its title tag and its meta tags.

    The text is mended, not the markup: no byte of ``<``, ``>`` or ``&`` can be the second
    byte of a GBK character, so damage never reaches into a tag, while scripts are full of
    what looks like its traces.
    """
    before = [line.text for line in page.lines]
    text = "\n".join(before)
    mended = mend(text)
    if mended.text == text:
        return MendedPage(page=page, flags=mended.flags)
    content = _with_texts(page.content, _lines_of(mended.text, before))
    values = [page.title_tag or "", page.hinted_title or "", *(value for _, value in page.metas)]
    title, hinted, *metas = _lines_of(mend("\n".join(map(_one_line, values))).text, values)
    names = [name for name, _ in page.metas]
    whole = replace(
        page,
        content=content,
        title_tag=title or None,
        hinted_title=hinted or None,
        metas=tuple(zip(names, metas, strict=True)),
    )
    return MendedPage(page=whole, repairs=mended.repairs, flags=mended.flags)


def _lines_of(mended: str, before: Sequence[str]) -> list[str]:
    """The mended lines; mended one by one where a repair joined or split any."""
    after = mended.split("\n")
    return after if len(after) == len(before) else [mend(_one_line(line)).text for line in before]


def _with_texts(content: Lines, texts: Sequence[str]) -> Lines:
    lines = [
        line if text == line.text else line._replace(text=text, pieces=())
        for line, text in zip(content.lines, texts, strict=True)
    ]
    return replace(content, lines=lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
