"""What the pages say, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]
HTML_LANGUAGE: Mapping[str, str] = {"zh": "zh-CN", "en": "en"}

WORDS: Mapping[str, tuple[str, str]] = {
    "skip": ("跳到正文", "Skip to the content"),
    "nav": ("主导航", "Main"),
    "home": ("首页", "Home"),
    "search": ("检索", "Search"),
    "sources": ("来源", "Sources"),
    "about": ("订阅与接口", "Feeds & API"),
    "other_language": ("English", "中文"),
    "tagline": (
        "留存政府公文：何处见到、何时见到、原文如何，皆有据可查。",
        "Government notices, kept with the proof of where, when and in what words they were seen.",
    ),
    "search_label": ("检索公文", "Search notices"),
    "search_hint": (
        "标题、正文、文号或发文机关；两字以上逐字精确匹配，多个词用空格分开",
        "Title, text, number or issuing body; exact, several words parted by spaces",
    ),
    "search_button": ("检索", "Search"),
    "fresh": ("最新收录", "Fresh notices"),
    "fresh_note": ("按收到的先后排列，不按发布日期", "In order of arrival, not of publication"),
    "nothing_yet": (
        "还没有公文。运行 hongtou crawl 开始收录。",
        "No notices yet. Run hongtou crawl to begin.",
    ),
    "notices_count": ("件公文", "notices"),
    "sources_count": ("个来源", "sources"),
    "changes_count": ("条变更", "changes"),
    "alarms_count": ("条警报", "alarms"),
    "all_notices": ("全部公文", "All notices"),
    "new": ("新收", "new"),
    "revised": ("修订", "revised"),
    "arrived": ("收录", "arrived"),
    "filters": ("筛选条件", "Filters"),
    "filter_region": ("地区", "Region"),
    "filter_source": ("来源", "Source"),
    "filter_kind": ("文种", "Kind"),
    "filter_body": ("发文机关", "Issuing body"),
    "filter_topic": ("主题", "Topic"),
    "filter_written": ("成文日期", "Written"),
    "filter_published": ("发布日期", "Published"),
    "from": ("从", "from"),
    "to": ("至", "to"),
    "any": ("不限", "any"),
    "order": ("排序", "Order"),
    "order_arrival": ("收录先后", "arrival"),
    "order_relevance": ("相关程度", "relevance"),
    "results": ("检索结果", "Results"),
    "found": ("共 {count} 件", "{count} found"),
    "none_found": (
        "没有找到。词语须逐字相符：试试短一些的词，或去掉筛选条件。",
        "Nothing found. Words match exactly: try shorter ones, or fewer filters.",
    ),
    "behind": (
        "索引还有 {count} 条变更未收入，结果可能不全。",
        "The index has {count} changes yet to take in; results may be incomplete.",
    ),
    "next_page": ("下一页", "Next page"),
    "first_page": ("回到第一页", "Back to the first page"),
    "pages": ("分页", "Pages"),
    "subscribe": ("订阅此检索", "Subscribe to this search"),
    "subscribe_fresh": ("订阅", "Subscribe"),
    "document_number": ("发文字号", "Document number"),
    "index_number": ("索引号", "Index number"),
    "issuing_bodies": ("发文机关", "Issuing body"),
    "jurisdiction": ("地区", "Jurisdiction"),
    "kind": ("文种", "Kind"),
    "addressees": ("主送机关", "Addressees"),
    "written_on": ("成文日期", "Written on"),
    "published_on": ("发布日期", "Published on"),
    "effective_on": ("施行日期", "Effective on"),
    "validity": ("有效性", "Validity"),
    "topics": ("主题", "Topics"),
    "first_seen_at": ("首次见到", "First seen"),
    "changed_at": ("最近变更", "Last changed"),
    "metadata": ("公文信息", "About this notice"),
    "text": ("正文", "Text"),
    "no_text": ("没有读到正文。", "No text was read."),
    "versions": ("版本", "Versions"),
    "version": ("第 {number} 版", "Version {number}"),
    "version_shown": ("此处所示", "shown here"),
    "version_other": ("您正在看的不是现行版本。", "This is not the wording that stands now."),
    "version_current": ("看现行版本", "Read the one that does"),
    "sightings": ("见于", "Seen at"),
    "original": ("原发", "original"),
    "reprint": ("转载", "reprint"),
    "trust": ("可信度", "Trust"),
    "trust_issuer": ("发文机关网站", "the issuing body's own site"),
    "trust_government": ("其他政府网站", "another government site"),
    "trust_aggregator": ("转载网站", "a reprinting site"),
    "trust_unknown": ("不明网站", "an unknown site"),
    "trust_hacked": ("被篡改的网站", "a hacked site"),
    "state": ("状态", "State"),
    "state_present": ("在", "present"),
    "state_gone": ("已撤", "gone"),
    "state_moved": ("已移", "moved"),
    "last_seen": ("最近见到", "Last seen"),
    "evidence": ("证据", "Evidence"),
    "evidence_note": (
        "每次采集按网上收到的原样字节存入 WARC；下列记录可下载核对。",
        "Each capture is kept in WARC byte for byte as it came; the records can be downloaded.",
    ),
    "captured_at": ("采集时间", "Captured"),
    "status": ("状态码", "Status"),
    "digest": ("摘要值", "Digest"),
    "record": ("WARC 记录", "WARC record"),
    "download": ("下载", "Download"),
    "revisit": ("内容未变", "unchanged"),
    "attachments": ("附件", "Attachments"),
    "file": ("文件", "File"),
    "not_fetched": ("未采集", "not fetched"),
    "cites": ("引用", "Cites"),
    "cited_by": ("被引用", "Cited by"),
    "decisions": ("判定", "Decisions"),
    "reasons": ("理由", "Reasons"),
    "repairs": ("修复", "Repairs"),
    "repairs_note": (
        "原页面有损坏之处，读取时已修复 {count} 处。",
        "The page was damaged; {count} places were repaired in reading.",
    ),
    "url": ("网址", "URL"),
    "source": ("来源", "Source"),
    "sources_intro": (
        "“没有新公文”与“看不到网站”是两回事：下面写明每个来源上次成功查看的时间。",
        "No news is not the same as nobody could look: when each source was last seen, and how.",
    ),
    "no_sources": ("还没有查看过任何来源。", "No source has been looked at yet."),
    "alarms": ("警报", "Alarms"),
    "no_alarms": ("没有待处理的警报。", "No alarms are open."),
    "expected": ("应有", "Expected"),
    "came": ("实得", "Came"),
    "to_do": ("该做", "To do"),
    "times": ("次数", "Times"),
    "last_good": ("上次成功查看", "Last good look"),
    "never": ("从未", "never"),
    "health_ok": ("正常", "fine"),
    "health_alarm": ("有警报", "alarm"),
    "health_never": ("没有查看记录", "no looks recorded"),
    "column": ("栏目", "Column"),
    "every": ("每隔", "Every"),
    "due": ("下次查看", "Due"),
    "last_run": ("上次查看", "Last look"),
    "leads": ("线索", "leads"),
    "running": ("正在查看", "running"),
    "feeds_title": ("订阅", "Feeds"),
    "feeds_intro": (
        "新收公文与修订，按收到的先后排列，迟到的也不会漏掉。任何检索都可以订阅。",
        "New notices and revisions in order of arrival. Any search can be followed, too.",
    ),
    "feeds_history": (
        "Atom 依 RFC 5005 存档：顺着 prev-archive 可以回到第一条。",
        "The Atom feed is archived (RFC 5005): prev-archive leads back to the first entry.",
    ),
    "api_title": ("接口", "API"),
    "api_intro": (
        "全部只读；错误以 problem JSON 说明。",
        "Everything is read-only; errors are problem JSON.",
    ),
    "api_search": ("检索公文", "search notices"),
    "api_changes": (
        "变更日志：记住 seq，不会遗漏",
        "the change log: remember seq and miss nothing",
    ),
    "api_health": ("来源状况", "health of the sources"),
    "api_number": ("按文号查找", "look up a document number"),
    "api_set_asides": ("未收录者及其理由", "what was not taken in, and why"),
    "api_openapi": ("接口说明（OpenAPI）", "description of the API (OpenAPI)"),
    "error_404": ("没有这一页", "Not found"),
    "error_400": ("无法理解这个请求", "That request cannot be understood"),
    "error_503": ("暂时无法回答", "Not available for the moment"),
    "error_500": ("出错了", "Something went wrong"),
    "error_other": ("无法回答", "That cannot be answered"),
    "error_back": ("回到首页", "Back to the home page"),
    "footer": (
        "本站只读。所示文本由程序读取，以发文机关公布的原文为准。",
        "Read-only. Texts were read by a program; what the issuing body published holds.",
    ),
    "time_note": ("时间为北京时间", "Times are Beijing time"),
}


def choose_language(asked: str | None, accepted: str) -> Language:
    """The language of a page: as asked by its address, else by the reader's browser."""
    if asked in ("zh", "en"):
        return "zh" if asked == "zh" else "en"
    best, weight = "zh", 0.0
    for part in accepted[:500].split(","):
        match = re.fullmatch(r"\s*(zh|en)\b[\w-]{0,20}\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", part)
        if match is not None and float(match[2] or 1) > weight:
            best, weight = match[1], float(match[2] or 1)
    return "en" if best == "en" else "zh"


def say(language: Language, key: str, **facts: object) -> str:
    """A phrase in a language."""
    chinese, english = WORDS[key]
    return (chinese if language == "zh" else english).format(**facts)
