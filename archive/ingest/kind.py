"""文种: what kind of document a notice is."""

from __future__ import annotations

import re

#: Longer names before their tails: 批复 and 复函 before 函, 答记者问 before 问.
_NAMES = (
    "通知 公告 通告 公示 意见 决定 决议 命令 公报 通报 报告 请示 批复 复函 答复 函 纪要 "
    "议案 条例 办法 规定 实施细则 细则 方案 规划 纲要 计划 规则 规程 规范 指南 指引 标准 "
    "措施 预案 目录 清单 要点 任务 章程 令"
)
_KINDS = _NAMES.split()
_EXPLAINS = re.compile(
    r"解读|图解|一图读懂|一图看懂|答记者问|政策问答|问答|热点问答|政策解析|起草说明|编制说明|答问|[一十百]问[一十百]答|明白纸|有关负责人就|新闻发布会|文字实录|专家(?:谈|解)"
)
_EXPLAINS_AT_END = re.compile(
    rf"(?:{_EXPLAINS.pattern})(?:材料|文稿|稿|[一二三四五六七八九十\d]{{1,3}})?$"
)
_TAGS = re.compile(
    r"(?:\s{0,3}(?:[（(](?:[^（()）]|[（(]\d{4}[)）]){1,40}[)）]|[【\[〔][^（()）】\]〕]{1,40}[】\]〕])){1,4}\s{0,3}$"
)
_END = re.compile(rf"({'|'.join(_KINDS)})[》”]?$")
_ORDER = re.compile(r"令(?:\s*第|$)|第\s*\d{1,5}\s*号\s*令")
_NEWS_LEAD = re.compile(
    r"(?:近日|日前|昨日|今日|今天|\d{1,2}月\d{1,2}日(?:至\d{1,2}日)?(?:上午|下午|晚|，|,)|本报讯|新华社|.{0,12}讯[（(\s])"
)


def _is_explainer(title: str) -> bool:
    """解读《…》, 《…》政策解读, 就《…》答记者问; not 关于做好政策解读工作的通知."""
    head = _EXPLAINS.match(title.lstrip("【[（(“ "))
    behind = title.rpartition("》")[2] if "》" in title else ""
    tail = _EXPLAINS.search(behind) or _EXPLAINS_AT_END.search(title)
    return bool(head or (tail and not _END.search(behind)))


def find_kind(title: str | None, text: str) -> str | None:
    """The 文种 by the title's end; 解读 and 新闻 by title and lead; None when it shows none."""
    if not title:
        return None
    bare = _TAGS.sub("", title).replace("覆", "复")  # 批覆 and 覆函 in Traditional
    if _is_explainer(bare):
        return "解读"
    if _ORDER.search(bare):
        return "令"
    if match := _END.search(bare):
        return {"命令": "令", "实施细则": "细则"}.get(match[1], match[1])
    lead = next((line for line in text.split("\n", 8) if len(line) > 30), "")
    return "新闻" if _NEWS_LEAD.match(lead.lstrip("　 ")) else None
