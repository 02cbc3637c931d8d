"""What a page itself says of the notice, field by field, before anyone judges it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from archive.ingest.chrome_script import in_plain_script
from archive.ingest.lines import Line


class Claim(NamedTuple):
    """A value for a field of `Reading`, and where it stood."""

    field: str
    value: str
    how: str


#: Labels of the information-disclosure table (政府信息公开目录) as met on pages, without blanks.
#: Those of field "" are known only so that an empty value does not swallow them.
LABELS: dict[str, str] = {
    "index_number": "索引号 索取号 索引编号 信息索引号 信息索引",
    "document_number": (
        "发文字号 文号 文件编号 发文号 文件号 文件字号 发文编号 公文编号 文件文号 "
        "发文文号 公文文号 公文号"
    ),
    "issuing_bodies": (
        "发文机关 发布机构 发文机构 公开主体 制发机关 发文单位 发布单位 公开机构 制定机关 "
        "发布机关 制发单位 成文机关 公布机关 发文部门 发布部门 制定单位 公开责任部门 "
        "信息公开责任部门 公开部门 制文机关"
    ),
    "title": "标题 名称 信息名称 文件名称 公文标题 文件标题 公文名称",
    "written_on": (
        "成文日期 成文时间 生成日期 生成时间 印发日期 发文日期 发文时间 制发日期 签发日期 "
        "印发时间 制定日期 落款日期 产生日期"
    ),
    "published_on": (
        "发布日期 公开日期 公开时间 发布时间 公布日期 上网日期 信息公开日期 发表时间 "
        "公布时间 发布于 信息时间 上传时间 时间 日期 更新时间 更新日期"
    ),
    "validity": "有效性 时效性 效力状态 时效状态 文件状态 是否有效 效力 信息有效性 文件有效性",
    "effective_on": "施行日期 实施日期 生效日期 生效时间 实施时间 施行时间 执行日期",
    "source_name": "来源 信息来源 文章来源 稿件来源 来源单位 新闻来源 本文来源 出处",
    "": (
        "主题分类 信息分类 组配分类 体裁分类 公文种类 主题词 关键词 内容概述 内容概况 "
        "公开方式 公开范围 公开形式 备注 体裁 分类 文件类型 浏览次数 浏览量 点击数 点击量 "
        "访问次数 访问量 作者 字号 字体 责任编辑 编辑 公开分类 公开属性 主办单位 统一编号 "
        "统一登记号 有效期 服务对象 关联文件 阅读次数 审核 信息类别 废止日期 失效日期 "
        "失效时间 公开程序 公开时限 所属分类 文件分类 载体类型 公文类别 信息来源部门 "
        "规范性文件登记号 附件 打印 浏览 点击 阅读 语种 摘要 主题 类别 类型 栏目 频道 "
        "记录形式 标签 记者 分享 分享到 公开内容 专题 审核人 服务 行业 有效期限"
    ),
}
_FIELD = {label: field for field, labels in LABELS.items() for label in labels.split()}
_OPEN, _CLOSE = r"[\[【〔（(<]?[\s\u3000]{0,4}", r"[\s\u3000]{0,4}[\]】〕）)>]?[\s\u3000]{0,4}"
_WORDS = "|".join(
    r"[\s\u3000]{0,6}".join(map(re.escape, label))
    for label in sorted(_FIELD, key=len, reverse=True)
)
_ALONE = re.compile(rf"{_OPEN}({_WORDS}){_CLOSE}[:：∶]?")
#: Within a line a label needs its colon, or brackets around it.
_WITHIN = re.compile(
    rf"(?<![一-鿿])(?:({_WORDS})[\s\u3000]{{0,4}}[:：∶]"
    rf"|[\[【][\s\u3000]{{0,4}}({_WORDS})[\s\u3000]{{0,4}}[\]】][\s\u3000]{{0,4}}[:：∶]?)"
)
_GLUED = re.compile(
    rf"(?:({_WORDS})[\s\u3000]{{0,4}}[:：∶]"
    rf"|[\[【][\s\u3000]{{0,4}}({_WORDS})[\s\u3000]{{0,4}}[\]】][\s\u3000]{{0,4}}[:：∶]?)"
)
_LAST = re.compile(rf"(?:{_WORDS})[\s\u3000\]】]{{0,4}}[:：∶]?$")
_MARKED = re.compile("[:：∶\\]】]")
_BLANKS = re.compile(r"[\s\u3000]+")
_NOTHING = re.compile(
    r"[\s\u3000]*(?:无|暂无|无文号|空|[-—–－/.·]{1,4}|查看(?:原文)?|详见正文|null|none|undefined|无期限)?[\s\u3000]*",
    re.IGNORECASE,
)
_LONGEST_VALUE = 300


def table_claims(lines: Sequence[Line]) -> tuple[Claim, ...]:
    """Read the disclosure table out of lines, in whichever markup it came.

    Pairs of cells, a header row over a value row, a label alone on its line with the value on
    the next, and 标签：值 within a line all end up as claims. An empty value claims nothing
    and never takes the following label for its own.
    """
    return tuple(_without_nothing(claim for claim, _ in _placed_claims(lines)))


def table_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Indexes of the lines that are labels and values of the disclosure table."""
    return frozenset(index for _, places in _placed_claims(lines) for index in places)


def ends_in_label(text: str) -> bool:
    """Whether the last of a line is a label whose value is missing: 发布机构：… 有效性："""
    return bool(_LAST.search(text[-30:]))


def _placed_claims(lines: Sequence[Line]) -> Iterator[tuple[Claim, tuple[int, ...]]]:
    if any(mark in line.text for line in lines[:80] for mark in "號發"):
        plain = [line._replace(text=in_plain_script(line.text)) for line in lines]
        for claim, places in _placed_in_plain_script(plain):
            yield claim._replace(value=_as_written(claim.value, plain, lines, places)), places
    else:
        yield from _placed_in_plain_script(lines)


def _as_written(
    value: str, plain: Sequence[Line], lines: Sequence[Line], places: Sequence[int]
) -> str:
    """A value in the script the page has it in: characters were exchanged one for one."""
    for index in places:
        at = plain[index].text.rfind(value)
        if at >= 0:
            return lines[index].text[at : at + len(value)]
    return value


def _placed_in_plain_script(lines: Sequence[Line]) -> Iterator[tuple[Claim, tuple[int, ...]]]:
    taken = -1
    for index, line in enumerate(lines):
        if index <= taken or len(line.text) > 1200:
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        places: tuple[int, ...] = (index,)
        label = _label(line.text)
        if line.is_cell_row:
            cells = line.text.split("\t")
            if following and _is_header_over_values(cells, following):
                claims = _zipped(cells, following.text.split("\t"))
                places, taken = (index, index + 1), index + 1
            else:
                claims = _cell_claims(cells)
        elif label and following and _is_value(following):
            claims = iter((Claim(_FIELD[label], following.text, f"label {label}"),))
            places, taken = (index, index + 1), index + 1
        elif label:
            claims = iter((Claim("", "", f"label {label}"),))
        else:
            claims = _inline_claims(line.text)
            if glued := _glued_claim(line.text):
                claims = iter((glued,))
        yield from ((claim, places) for claim in claims)


def _is_value(line: Line) -> bool:
    text = line.text
    return not line.is_cell_row and not _holds_label(text) and len(text) <= _LONGEST_VALUE


def _cell_claims(cells: Sequence[str]) -> Iterator[Claim]:
    for index, cell in enumerate(cells):
        label = _label(cell)
        value = cells[index + 1] if index + 1 < len(cells) else ""
        if label and not _holds_label(value):
            yield Claim(_FIELD[label], value, f"table {label}")
        elif not label:
            yield from _inline_claims(cell)


def _is_header_over_values(cells: Sequence[str], following: Line) -> bool:
    below = following.text.split("\t")
    filled = [cell for cell in cells if cell]
    return (
        len(filled) > 1
        and len(below) > 1
        and all(_label(cell) for cell in filled)
        and not any(_holds_label(cell) for cell in below)
    )


def _zipped(labels: Sequence[str], values: Sequence[str]) -> Iterator[Claim]:
    for cell, value in zip(labels, values, strict=False):
        if label := _label(cell):
            yield Claim(_FIELD[label], value, f"table {label}")


def _inline_claims(text: str) -> Iterator[Claim]:
    """标签：值 标签：值 within one line; a value ends where the next label begins."""
    if len(text) > 600 or not _MARKED.search(text) or not _WITHIN.search(text):
        return
    matches = list(_GLUED.finditer(text))
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        label = _BLANKS.sub("", match[1] or match[2])
        yield Claim(_FIELD[label], text[match.end() : end], f"label {label}")


def _glued_claim(text: str) -> Claim | None:
    """标签值 without anything between, as ``<strong>索引号</strong><span>…</span>`` reads; only
    where the value is what the label promises."""
    if len(text) > 100 or not (match := _GLUED_LABEL.match(text)):
        return None
    field, value = _FIELD[_BLANKS.sub("", match[1])], text[match.end() :].strip()
    promise = _PROMISED.get(field)
    if promise is None or not promise.fullmatch(value):
        return None
    return Claim(field, value, f"label {match[1]}")


_GLUED_LABEL = re.compile(rf"({_WORDS})(?=[^\s:：∶\]】])")
_PROMISED = {
    "index_number": re.compile(r"[0-9A-Za-z][0-9A-Za-z/-]{5,60}"),
    "document_number": re.compile(
        r"[一-鿿]{2,16}\s?[〔\[（(【]\s?\d{4}\s?[〕\]）)】]\s?\d{1,5}\s?号"
    ),
    "written_on": re.compile(r"(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s.{1,8})?"),
    "published_on": re.compile(r"(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s.{1,8})?"),
    "issuing_bodies": re.compile(r"[一-鿿、]{2,40}(?:府|厅|局|委|部|院|会|办公室|署|办)"),
    "validity": re.compile("有效|失效|废止|已失效|已废止"),
}


@lru_cache(maxsize=8192)
def _label(cell: str) -> str | None:
    if not cell or len(cell) > 40:
        return None
    match = _ALONE.fullmatch(cell.strip())
    return _BLANKS.sub("", match[1]) if match else None


def _holds_label(cell: str) -> bool:
    return bool(_label(cell)) or bool(_WITHIN.match(cell))


def _without_nothing(claims: Iterable[Claim]) -> Iterator[Claim]:
    for claim in claims:
        value = _without_brackets(claim.value.strip(" \u3000\t:：∶|｜;；【["))
        if claim.field == "source_name":
            value = _BEHIND_SOURCE.split(value, maxsplit=1)[0].strip()
        if claim.field and not _NOTHING.fullmatch(value) and len(value) <= _LONGEST_VALUE:
            yield Claim(claim.field, value, claim.how)


#: What stands behind a source on its line without a label.
_BEHIND_SOURCE = re.compile(r"\s{0,3}(?:[|｜丨]|(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月])")


def _without_brackets(value: str) -> str:
    """A value without the bracket that closes its label's: 【来源：人事处】."""
    if value[-1:] in "】]" and not ("【" in value or "[" in value):
        return value[:-1].rstrip()
    return value


_META = {
    "articletitle": "title",
    "pubdate": "published_on",
    "publishdate": "published_on",
    "firstpublishedtime": "published_on",
    "contentsource": "source_name",
    "source": "source_name",
    "siteidcode": "jurisdiction",
    "og:title": "title_tag",
}


def meta_claims(metas: Iterable[tuple[str, str]]) -> tuple[Claim, ...]:
    """The standard tags of 国办发〔2017〕47号, in any case."""
    claims = (
        Claim(_META[name.lower()], " ".join(content.split()), f"meta {name}")
        for name, content in metas
        if name.lower() in _META
    )
    return tuple(claim for claim in claims if claim.value and not _NOTHING.fullmatch(claim.value))
