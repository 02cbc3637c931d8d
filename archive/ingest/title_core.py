"""What a title says once the ceremony around it is gone."""

from __future__ import annotations

import re
import unicodedata

_MAX_TITLE = 500  #: characters; what is longer is no title, and is only cut
_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_NUMBER_TAIL = re.compile(r"\([^()]{0,16}[\[(〔]?(?:19|20)\d\d[\])〕]?[^()]{0,8}号\)$")
_STATUS_TAG = re.compile(r"[\[【(](?:已?失效|已?废止|已修改|有效|部分失效)[\]】)]")
_TRIAL = re.compile(
    r"\((?:试行|暂行|修订|修订版|修订稿|修正|修正版|第[一二三四五六七八九十]次修订)\)"
)
#: 关于印发/发布/公布 … 的通知: the notice is the cover, what stands inside is the work.
_COVER = re.compile(
    r"^(?P<body>[^《》]{0,120}?)(?:关于)?(?:重新)?"
    r"(?:修订印发|联合印发|印发|发布|公布|颁布|下发|颁发|印送)"
    r"(?P<core>.{2,400}?)(?:的)?(?:通知|公告|通告|函|决定|命令)$"
)
#: What a reprinter puts before a title, 【转载】 or 【广东省东莞市】, and its name behind it. In
#: brackets may also stand what makes another document: 【征求意见稿】.
_TAG = re.compile(r"^(?:[【\[]([^【】\[\]]{1,16})[】\]])+")
_SITE_BEHIND = re.compile(r"(?:_[^_]{2,20}){1,3}$|\|[^|]{2,20}$")
_TELLS = re.compile(r"转发|征求|草案|解读|修订|修正|废止|失效|\d|第.{1,4}[号批次]")
_LEAST_TITLE = 8
_OTHER_DOCUMENT = re.compile(r"转发|批转|贯彻|落实|解读|征求意见|公开征集|修改|废止")
_BODY_END = re.compile(r"(?:[部厅局委院署会办室府省市县区州盟旗司处组站所队团党]|公司|中心|集团)$")
_ISSUER = re.compile(
    r"^[^《》,。:;]{2,80}?(?:[部厅局委院署会办室府组]|办公厅|办公室|领导小组)(?=关于)"
)


def title_core(title: str) -> str:
    """The title without issuing body, 关于印发…的通知, 《》 and （试行）, folded in width.

    So that 某市卫生健康委关于印发《某方案（试行）》的通知 meets a page with only 某方案 on it.
    What makes another document is left standing: （2024年版）, 征求意见稿, 转发, 贯彻落实, 解读.
    """
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", title[:_MAX_TITLE])).casefold()
    plain = _without_dressing(_STATUS_TAG.sub("", _NUMBER_TAIL.sub("", plain)))
    core = _without_cover(plain) or _ISSUER.sub("", plain)
    return _without_marks(core) or plain


def _without_dressing(plain: str) -> str:
    """The title without a reprinter's tags before it and its name behind it."""
    tag = _TAG.match(plain)
    if tag and not _TELLS.search(tag.group()) and len(plain) - tag.end() >= _LEAST_TITLE:
        plain = plain[tag.end() :]
    site = _SITE_BEHIND.search(plain)
    if site and site.start() >= _LEAST_TITLE and not _TELLS.search(site.group()):
        plain = plain[: site.start()]
    return plain


def _without_cover(plain: str) -> str | None:
    """What 关于印发 … 的通知 wraps, or None when the title is no such cover."""
    found = _COVER.match(plain)
    if found is None:
        return None
    body = found["body"]
    if _OTHER_DOCUMENT.search(body) or (body and not _BODY_END.search(body)):
        return None
    return found["core"]


def _without_marks(core: str) -> str:
    without_trial = _TRIAL.sub("", core)
    return re.sub(r"[《》〈〉<>\"“”]", "", without_trial)
