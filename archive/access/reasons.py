"""The catalogue's and the crawler's reasons in Chinese, for the pages.

A reason is kept once, in English, as it was given: in decisions, statuses, alarms, set-asides.
Here stands the Chinese of each, by its pattern. A ``{slot}`` is handed on as it is (a number, a
date, a person's own words); a ``{said…}`` slot holds a reason again. What has no pattern, such as
a network's own error, stays as it was given.

`tests/test_documentation.py` reads the reasons out of the code that gives them and fails when one
has no Chinese.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.access.words import Language

#: Longer ones are no reasons of ours.
LONGEST = 2_000
_DEEPEST = 6

#: English pattern → Chinese; the first that fits counts, so what is composed stands last.
CHINESE: dict[str, str] = {
    # decide: the same address again
    "the page is byte for byte the one read before": "网页与上次读到的逐字节相同",
    "the wording is the one last seen there": "文字与此处上次所见相同",
    "a copy's wording changed ({said}); the original stands": (
        "转载处文字有变（{said}），以原发为准"
    ),
    "a hacked site's changes are not the notice's": "被篡改网站上的改动不算公文的改动",
    "another wording at the original's URL ({said})": "原发网址上的文字变了（{said}）",
    "the earlier capture was read by another reader version": "上一次采集是由另一版读取程序读的",
    "nothing like it is known": "没有与之相似的公文",
    "a page of it that was missing has come": "先前缺的分页已补上",
    # judge: what speaks for one notice
    "number equal ({number})": "文号相同（{number}）",
    "titles alike": "标题相近",
    "texts alike ({said})": "正文相近（{said}）",
    "titles and texts alike ({said})": "标题与正文都相近（{said}）",
    "texts alike under another title ({said})": "标题不同而正文相近（{said}）",
    "title, issuing body and date equal": "标题、发文机关和日期都相同",
    "wording equal": "文字相同",
    "resemblance {degree}, containment {share}": "相似度 {degree}，包含度 {share}",
    # judge: what speaks against it
    "one is about a notice, the other is one": "一个是解读或新闻，一个是公文本身",
    "only one title says {marks}": "只有一个标题带有“{marks}”",
    "neither title nor text agree ({said})": "标题和正文都对不上（{said}）",
    "orders are numbered anew and the dates are years apart": "令号会重新编起，而日期相隔数年",
    "the figures differ ({share} agree)": "数字不同（只有 {share} 一致）",
    "the figures differ (only {share} agree)": "数字不同（只有 {share} 一致）",
    "numbers differ ({numbers})": "文号不同（{numbers}）",
    "the titles name other years": "标题所说的年份不同",
    "the texts name other years": "正文所说的年份不同",
    "the titles name different things": "标题所说的事物不同",
    "one text names a year after the other was published": "一方正文提到另一方发布之后的年份",
    "written on {day} and {other}": "成文日期分别为 {day} 和 {other}",
    "published about a year or more apart": "发布日期相隔约一年或更久",
    "the issuing bodies are others": "发文机关不同",
    "the jurisdictions are others ({codes})": "行政区划不同（{codes}）",
    "the places are others": "所说的地方不同",
    # ledger, settling: what came of it
    "put in order anew": "重新归并",
    "put in order by likeness": "按相似程度归并",
    "the site says not modified": "网站答复没有改动",
    "gone since {day} (status {status})": "自 {day} 起已不在（状态码 {status}）",
    "kept as evidence ({purpose}, status {status})": "留作证据（{purpose}，状态码 {status}）",
    "merged into {id}: {said}": "并入 {id}：{said}",
    "{said}; it went to {id}": "{said}；移到 {id}",
    "{said}; it came from {id}": "{said}；来自 {id}",
    "merge by {who}: {why}": "由 {who} 合并：{why}",
    "split by {who}: {why}": "由 {who} 拆分：{why}",
    "correct by {who}: {why}": "由 {who} 更正：{why}",
    # statuses
    "{who} says so of {named}": "{who}对{named}如此规定",
    "several notices bear the title": "同名公文不止一件",
    "the title alone is too short to tell": "标题太短，不足为凭",
    "it is not the issuing body's own word, nor that of one above": "不是发文机关自己或上级所说",
    "{said}, and said {before} before": "{said}，此前为{before}",
    "the page says {status}": "网页写明{status}",
    "its own site shows it again": "原网站又有了",
    "its own site has denied it for {days} days, whenever it was asked": (
        "原网站已有 {days} 天每次都答复没有此文"
    ),
    "its own site has denied it for {days} days": "原网站已有 {days} 天答复没有此文",
    # what was not taken in
    "waits for the others of its {count} pages": "全文共 {count} 页，其余分页尚未取到",
    "a page of it is missing": "缺一个分页",
    "status-{status}": "状态码 {status}",
    "no-answer": "没有答复",
    "no title could be read": "没有读到标题",
    "no body could be read": "没有读到正文",
    "off topic": "与专题无关",
    "off topic by its title": "从标题看与专题无关",
    "off topic: it speaks of none": "与各专题无关",
    "off topic: nothing in it speaks of {topic}": "与专题 {topic} 无关",
    "a challenge page of {product} instead of the page": "得到的是 {product} 的验证页，不是公文页",
    "reading it failed: {error}": "读取失败：{error}",
    "Reading it took too long.": "读取用时过长。",
    "Reading it ended its process.": "读取时进程中止。",
    "robots.txt is out of reach, so nothing is fetched (RFC 9309)": (
        "取不到 robots.txt，因此什么都不取（RFC 9309）"
    ),
    "robots.txt does not allow it": "robots.txt 不允许",
    "the answer was cut ({why})": "答复不完整（{why}）",
    "no answer ({why})": "没有答复（{why}）",
    # alarms
    "at least {count} leads": "至少 {count} 条线索",
    "{count} leads, status {status}, {size} bytes {flags}": (
        "{count} 条线索，状态码 {status}，{size} 字节 {flags}"
    ),
    "{count} leads, status {status}, {size} bytes": "{count} 条线索，状态码 {status}，{size} 字节",
    "Open the page in a browser. If it looks as ever, the list's markup has changed: run "
    "`{command}` and mend its source.toml.": (
        "用浏览器打开这一页。若与往常一样，则是列表的结构变了：运行 `{command}`，再改 source.toml。"
    ),
    "the whole list": "完整的列表",
    "{said}, {size} bytes": "{said}，{size} 字节",
    "The next look asks again. If it stays so, open the page in a browser.": (
        "下次查看会再取一次。若仍如此，用浏览器打开这一页。"
    ),
    "a page that can be read": "可以读取的网页",
    "The page is kept. Its reading is a bug of Hongtou or of the source's pages.py: report it "
    "with the record id, then run `hongtou rebuild`.": (
        "网页已留存。读取失败是 Hongtou 或该来源 pages.py 的缺陷：请附记录编号报告，"
        "改好后运行 `hongtou rebuild`。"
    ),
    "the page": "原网页",
    "a challenge of {product}, status {status}": "{product} 的验证页，状态码 {status}",
    "Nothing is solved or evaded. The source rests for hours. Ask the site for access, or watch "
    "an open copy of the column instead.": (
        "不破解、不绕过，该来源停看数小时。可向网站申请访问，或改看同一栏目的公开副本。"
    ),
    "an answer with status 200 or 304": "状态码为 200 或 304 的答复",
    "Open the page in a browser. If it is there, it may be closed to this network; if it has "
    "moved, put the new address into the source.toml.": (
        "用浏览器打开这一页。若打得开，可能是不对本网络开放；若已搬走，把新网址写进 source.toml。"
    ),
    "one notice under one number: {id}": "一个文号只有一件公文：{id}",
    "Compare the two with `{command}`; both were kept.": "用 `{command}` 比较两者；两者都已保留。",
    # learnt codes
    "used by another body, too: {said}": "另有机关也用：{said}",
    "used by {said}": "见用于：{said}",
    "{body} for {count} numbers": "{body}，{count} 个文号",
    "only {count} of {least} numbers say so": "只有 {count} 个文号为证，至少要 {least} 个",
    "only one site says so, and it is not the body's own": (
        "只有一个网站为证，且不是该机关自己的网站"
    ),
    "the body's name does not say where it is": "机关名称未写明地方",
    "it names no place": "代字未含地方，各地都可能使用",
    "the vocabulary has it in {code}, notices in {place}": "词表记为 {code}，公文见于 {place}",
    # which of a page's dates was believed
    "not {date} ({said}): the day of publication is filled in there": (
        "不取 {date}（{said}），该处填的是发布日期"
    ),
    "not {date} ({said}): that may be of a forwarded document or an annex": (
        "不取 {date}（{said}），那可能是所转发文件或附件的落款"
    ),
    "not {date} ({said}): the page itself shows another day": (
        "不取 {date}（{said}），网页上显示的是另一天"
    ),
    "not {date} ({said}): a day printed below the title is the notice's own": (
        "不取 {date}（{said}），标题下所印的是公文自身的日期"
    ),
    "date under the signature": "落款日期",
    "date beside the signature": "落款旁的日期",
    "line of enactment": "标题下的公布说明",
    "dateline": "标题下的日期",
    "label {field}": "“{field}”一项",
    "table {field}": "表中“{field}”一项",
    "meta {field}": "网页标记 {field}",
    "below {said}": "正文之后的{said}",
    # what is composed
    "{id}: {said}": "{id}：{said}",
    "not {id}: {said}": "不是 {id}：{said}",
    "{said}, whose place is not known": "{said}，不知属于何地",
    "{said}, but {said_too}": "{said}，但{said_too}",
    "{said}, {said_too}": "{said}，{said_too}",
    "{said}: {id}": "{said}：{id}",
}

_SLOT = re.compile(r"\{(\w+)\}")


_IN_BRACKETS, _ID, _ANY = r"[^()]*", r"[0-9a-f]{8,64}", r".+?"
#: A reason holds its brackets whole, so that none is cut at a comma within them.
_REASON = r"(?:[^()]|\([^()]*\))+?"


def _pattern(english: str) -> re.Pattern[str]:
    parts = _SLOT.split(english)
    written = re.escape(parts[0])
    for name, before, after in zip(parts[1::2], parts[:-1:2], parts[2::2], strict=True):
        is_bracketed = before.endswith("(") and after.startswith(")")
        any_other = _REASON if name.startswith("said") else _ANY
        slot = _IN_BRACKETS if is_bracketed else _ID if name == "id" else any_other
        written += f"(?P<{name}>{slot})" + re.escape(after)
    return re.compile(written, re.DOTALL)


_PATTERNS = tuple((_pattern(english), chinese) for english, chinese in CHINESE.items())


def tell(language: Language, reason: str) -> str:
    """A reason in the reader's language; as it was given where it is no reason of ours.

    >>> tell("zh", "number equal (国发〔2023〕5号), titles alike")
    '文号相同（国发〔2023〕5号），标题相近'
    """
    return reason if language == "en" or len(reason) > LONGEST else _chinese(reason, _DEEPEST)


@lru_cache(maxsize=4096)
def _chinese(reason: str, depth: int) -> str:
    if not depth:
        return reason
    for pattern, chinese in _PATTERNS:
        match = pattern.fullmatch(reason)
        if match is None:
            continue
        told = {
            name: _chinese(value, depth - 1) if name.startswith("said") else value
            for name, value in match.groupdict().items()
        }
        is_composed = set(told) == {"said", "said_too"}
        if is_composed and told["said"] == match["said"] and told["said_too"] == match["said_too"]:
            continue  # two strange words with a comma between them
        return chinese.format(**told)
    return reason
