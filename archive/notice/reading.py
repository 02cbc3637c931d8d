"""What was read from one capture."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from archive.notice.page_fields import Attachment


@dataclass(frozen=True, kw_only=True)
class Removal:
    """Something that stood on the page and is no part of the notice."""

    kind: str  #: e.g. spam, furniture, breadcrumb, credit, hidden, footer
    text: str  #: what was removed; long pieces are cut at 400 characters
    where: str  #: e.g. ``title``, ``line 1``, ``div.share``


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A place where damage was undone."""

    kind: str  #: pinyin, byte-damage, traditional
    before: str
    after: str
    where: str  #: e.g. ``line 12, character 40``


@dataclass(frozen=True, kw_only=True)
class Found:
    """How a field's value was found, and what else claimed to be it."""

    field: str  #: name of the field of `Reading`
    how: str  #: e.g. ``meta ArticleTitle``, ``table 发文字号``, ``line before addressee``
    instead_of: tuple[str, ...] = ()  #: other values met, each with where it stood
    why: str = ""  #: where two places contradict each other: which lost, and why


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read from one capture: fields, clean text, and how they were come by.

    A field that was not found is None (or empty), never guessed.
    """

    reader_version: str
    file: str | None = None  #: of `hongtou clean FILE`; None for captures
    url: str | None = None
    title: str | None = None
    document_number: str | None = None  #: the notice's own, normalised: 国发〔2023〕15号
    index_number: str | None = None  #: 索引号
    issuing_bodies: tuple[str, ...] = ()  #: 发文机关, all of a joint issue, in order
    jurisdiction: str | None = None  #: GB/T 2260 code, six digits
    kind: str | None = None  #: 文种: 通知, 公告, 意见 …; 解读 and 新闻 are kinds too
    addressees: str | None = None  #: 主送机关, the addressee line as written
    written_on: date | None = None  #: 成文
    published_on: date | None = None  #: 发布
    effective_on: date | None = None  #: 施行
    validity: str | None = None  #: 有效, 失效, 废止 as the page states it
    topics: tuple[str, ...] = ()  #: names of topics, such as 深化医药卫生体制改革
    source_name: str | None = None  #: 信息来源 of a reprint
    text: str = ""  #: paragraphs separated by a newline; cells of a table row by a tab
    attachments: tuple[Attachment, ...] = ()
    cited_numbers: tuple[str, ...] = ()  #: normalised, in order of first mention
    cited_titles: tuple[str, ...] = ()  #: without 《》
    removed: tuple[Removal, ...] = ()
    repairs: tuple[Repair, ...] = ()
    flags: tuple[str, ...] = ()  #: e.g. challenge-page, no-body, was-traditional, encoding-lied
    found: tuple[Found, ...] = ()
    continued_at: tuple[str, ...] = ()  #: addresses of the pages on which the article goes on

    def to_json(self) -> dict[str, Any]:
        """A dict of JSON values: dates as ISO 8601, tuples as lists, in the order above."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        known = {f.name for f in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        for name in ("written_on", "published_on", "effective_on"):
            if kept.get(name):
                kept[name] = date.fromisoformat(kept[name])
        for name, kind in _ROWS.items():
            kept[name] = tuple(_row(kind, row) for row in kept.get(name, ()))
        for name in _TEXTS:
            kept[name] = tuple(kept.get(name, ()))
        return cls(**kept)


_TEXTS = ("issuing_bodies", "topics", "cited_numbers", "cited_titles", "flags", "continued_at")
_ROWS: dict[str, type] = {
    "attachments": Attachment,
    "removed": Removal,
    "repairs": Repair,
    "found": Found,
}


def _row(kind: type, values: dict[str, Any]) -> Any:
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
