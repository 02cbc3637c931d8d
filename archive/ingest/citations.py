"""What a notice cites: numbers and titles of others."""

from __future__ import annotations

import re

from archive.ingest.trim import squeeze
from archive.notice import in_one_script
from archive.notice.document_number import DocumentNumber, find_numbers
from archive.notice.issuer_codes import built_in_codes

_TITLE = re.compile(r"《([^《》]{2,150}(?:《[^《》]{1,100}》[^《》]{0,60}){0,3})》")
_CITABLE = re.compile(
    r"(?:通知|公告|通告|意见|决定|决议|命令|公报|通报|报告|批复|函|纪要|条例|办法|规定|细则|方案|规划|纲要|计划|规则|规程|规范"
    r"|指南|指引|标准|措施|预案|目录|清单|要点|章程|法|制度|准则|宪法|解释|行动|建议|任务|政策)"
    r"(?:[（(〔〈][^（()）]{1,30}[)）〕〉]){0,3}$"
)
_MOST = 500


def find_cited_numbers(text: str, own: DocumentNumber | None) -> tuple[str, ...]:
    """Numbers mentioned in a text other than the notice's own, in order of first mention."""
    codes = built_in_codes()
    numbers = (codes.unglue(one.number) for one in find_numbers(text))
    return tuple(dict.fromkeys(str(one) for one in numbers if one != own))[:_MOST]


def find_cited_titles(text: str, title: str | None) -> tuple[str, ...]:
    """Titles in 《》 that name documents, without the notice's own and its annex's."""
    own = squeeze(title or "")
    found = dict.fromkeys(match[1].strip() for match in _TITLE.finditer(text))
    return tuple(
        one
        for one in found
        if _CITABLE.search(in_one_script(one)) and (not own or squeeze(one) not in own)
    )[:_MOST]
