"""What stands on a page beside the notice: bars, buttons, credits, footers."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from archive.notice import in_one_script

_WORDS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("furniture_words.toml").read_text("utf-8")
)


def _any(name: str) -> str:
    """Any of the words of that name, the longest first."""
    return "|".join(sorted(_WORDS[name].split(), key=len, reverse=True))


_MARKS = r"[\s:：【】\[\]〖〗（）()|｜/、,，+＋\-—_·<>＜＞»›◆▲△↑=“”\"。?？×]"
_OPEN, _CLOSE = r"[\s（(【\[〖]{0,4}", r"[\s】\]〗）)]{0,3}"
#: Atomic, so that no line can be split in two ways and none takes long.
_BAR = rf"(?>{_any('buttons')})"
_CREDIT = rf"(?:{_any('credits')})\s{{0,3}}[:：丨|｜/／]"
_DAY = r"(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}\s?日?"
_HOUR = r"\d{1,2}\s?[:：∶]\s?\d\d(?:[:：∶]\d\d)?"
_NUMBER = r"[:：]?\s{0,3}[（(]?\d{0,9}\s{0,2}(?:次|人次|位|人|条|篇)?[）)]?"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "buttons",
        rf"(?>{_MARKS}{{0,6}}+{_BAR}(?:\s?[（(]?\d{{1,6}}[）)]?)?){{1,24}}+{_MARKS}{{0,6}}",
    ),
    (
        "breadcrumb",
        (
            r"◎?(?:您|你)?(?:现在|目前)?(?:所在|所处)?的?(?:当前)?(?:位置|栏目)(?:是|为|在)?\s{0"
            r",2}[:：].{0,200}"
        ),
    ),
    (
        "breadcrumb",
        (
            r"(?:网站)?(?:首\s?页|主页)?(?:\s{0,3}(?:[>＞»›/|\\]|>>|->|&gt;)\s{0,3}"
            r"[^>＞»›/|\\。；]{1,40}){1,9}[>＞»›]?"
        ),
    ),
    ("breadcrumb", r"(?:网站)?(?:首\s?页|主页)\s{0,2}[-—–·]\s{0,2}[^，。；]{2,16}"),
    ("prompt", r"(?:您好|你好)[，,！!]?我是[^。]{1,12}[，,].{0,40}"),
    ("greeting", r"(?:您好|你好|歡迎|欢迎(?:您|来到|访问|光临|使用)).{0,40}|今天是.{0,40}"),
    (
        "qr",
        (
            r".{0,8}(?:扫一扫|扫码|扫描|二维码|用?手机(?:扫描|扫码|打开|浏览|看)).{0,12}(?:手机|"
            r"当前页|关注|分享|打开|查看"
            r"|页面|浏览|公众号|微信|本文|本页).{0,20}|.{0,6}扫一扫|扫?描?二维码|手机扫一?扫.{0,"
            r"12}"
        ),
    ),
    (
        "prompt",
        (
            r"(?:微信里|打开微信|用微信|使用微信).{0,12}(?:发现|扫一扫|扫描).{0,50}|二维码(?:便|"
            r"即|就)可.{0,30}"
            r"|.{0,20}分享(?:到|至)(?:微信)?(?:好友|朋友圈).{0,12}"
        ),
    ),
    (
        "prompt",
        (
            r"请?(?:打开|下载|进入|使用|点击(?:打开|下载|进入))[^。]{0,10}(?:app|客户端|小程序)[^。]{0,24}"
        ),
    ),
    (
        "prompt",
        (
            r"请?(?:点击|戳|猛戳|轻触|点|长按)(?:上方|下方|这里的)?的?"
            r"[“\"]?(?:蓝字|蓝色字|在看|阅读原文|名片|卡片|二维码|这里)[”\"]?[^。；]{0,24}"
            r"|(?:长按|扫描|识别).{0,8}二维码[，,！! ].{0,16}"
            r"|预览时标签不可点|向[上下]滑动看[上下]一[个篇条]|收录于合集.{0,20}|喜欢此内容的人还喜欢"
            r"|本文(?:链接|地址|网址)\s?[:：]\s?(?:https?://\S{1,200})?|投稿邮箱\s?[:：].{0,60}"
        ),
    ),
    (
        "neighbour",
        (
            r"[【\[<《]?(?:[上下前后]一?(?:篇|条|则|页|个)|(?:上|下)一?(?:篇|条)?(?:文章|新闻|信"
            r"息))[】\]>]?"
            r"\s{0,3}(?:[:：].{0,120}|无|没有了?)?"
        ),
    ),
    (
        "neighbour",
        (
            r"[（(]?(?:没有[上下前后]一?[篇条页]|(?:已经是?|已是)(?:第一|最后一?)[篇条页]|已?无("
            r"?:文章|信息|内容)|没有了|"
            r"暂无(?:相关|更多)?(?:信息|内容|数据|文章|评论)?)[）)]?"
        ),
    ),
    ("neighbour", r"[【\[<《]?[上下]一[篇条][】\]>]?\s{0,3}[^。；]{0,120}"),
    (
        "pager",
        (
            r"(?=.{0,40}(?:[上下首尾末]\s?一?页|共\s?\d{1,5}\s?页|第\s?\d{1,5}\s?页))(?:[首尾末]"
            r"\s?页|[上下]一?页|共\s?\d{1,5}"
            r"\s?[页条]|第\s?\d{1,5}\s?页|转到|跳转到?|每页|条|页|go|确定|\d{1,5}|[\s/|<>«».…,，"
            r"]){1,40}+"
        ),
    ),
    (
        "counter",
        (
            rf"{_OPEN}(?:(?:{_any('counters')})\s{{0,2}}{_NUMBER}(?:访客|访问者)?[\s，,]"
            rf"{{0,3}}){{1,4}}{_CLOSE}"
            r"|您是第\s?\d{0,10}\s?位(?:访客|访问者|来访者)|次浏览|\d{1,9}\s?(?:次浏览|人点赞|人"
            r"评论|人已?阅读?)"
        ),
    ),
    (
        "related",
        (
            rf"[【\[]?(?:{_any('related')}|评论\s{{0,2}}[（(]?\s{{0,2}}\d{{0,9}}\s{{0,2}}条?["
            rf")）]?|\d{{0,9}}\s{{0,2}}条评论"
            r"|\d{1,9}\s?条评论.{0,6}\d{1,9}人参与.{0,24}|(?:已有\s?)?\d{1,9}\s?人参与评论"
            r"|网友评论\s?[:：]?\s?[（(]?(?:仅供|只显示|只代表).{0,50})[】\]]?\s{0,2}[:："
            r">＞»]{0,3}"
        ),
    ),
    (
        "aside",
        rf"[-—─=【\[]{{0,6}}(?:{_any('aside')})[-—─=】\]]{{0,6}}\s{{0,2}}[:：>＞»]{{0,3}}",
    ),
    ("aside", r"[-—─=]{2,8}\s?[^-—─=，。；\s]{2,16}\s?[-—─=]{2,8}"),
    (
        "relation",
        (
            r"[【\[]?(?:(?:相关|关联|配套)?(?:政策|文字|图文|图片|视频|专家|媒体|部门)?(?:解读|"
            r"图解)(?:材料|文件|链接)?"
            r"|(?:查看|阅读|政策|文件)?原文(?:链接|地址)?|(?:相关|关联)(?:链接|阅读|报道|新闻|文章|稿"
            r"件))[】\]]?\s?[:：].{1,120}"
        ),
    ),
    (
        "relation",
        r"[【\[](?:(?:相关|关联|配套)?(?:政策|图文)?(?:解读|图解|链接|文件|阅读))[】\]].{1,120}",
    ),
    (
        "tags",
        (
            r"(?:关键词|关键字|标签|tags?|话题)\s{0,2}[:：].{0,80}|(?:#[^#\s，。]{2,16}#?\s{0,3}"
            r"){1,8}"
        ),
    ),
    ("end", r"[-—─=\s]{0,8}(?:the\s)?end[-—─=\s.]{0,8}"),
    (
        "survey",
        (
            r"(?:您|你|请您?|本|该|这|此).{0,14}(?:本?页面?|本文|此文|文章|信息|内容|政策|解读|"
            r"网站|服务|回答|答复).{0,14}"
            r"(?:满意|帮助|有用|评价|打分|解决).{0,40}"
        ),
    ),
    (
        "credit",
        (
            r".{0,20}(?:produced\s?by|powered\s?by|技术支持|技术保障|大汉网络|大汉版通|拓尔思|开"
            r"普云).{0,80}"
        ),
    ),
    (
        "credit",
        (r"记者\s?[:：].{1,24}(?:摄影|编辑|通讯员|责编)\s?[:：].{1,40}"),
    ),
    (
        "credit",
        r"[^，。；]{2,24}(?:融媒体?中心|电视台|报社|宣传部|新闻办|工作室)(?:出品|供稿|制作|摄制)",
    ),
    ("editors", rf"{_OPEN}(?:{_any('editors')})\s{{0,3}}[:：丨|｜/／].{{0,60}}"),
    ("credit", rf"{_OPEN}(?:{_CREDIT}.{{0,50}}|(?:文|图)\s?[/／|｜丨]\s?[一-鿿].{{0,40}})"),
    (
        "disclaimer",
        (
            r"[【\[]?(?:本[站网]|网站)?(?:特别|免责|版权|郑重)?声明(?:[】\]]\s?[:：]?|\s?[:：])."
            r"{0,200}"
            r"(?:平台|转载|观点|版权|网站|仅供参考).{0,200}"
        ),
    ),
    (
        "disclaimer",
        (
            r"(?:凡(?:本网|注明)|未经.{0,12}(?:授权|许可|同意)|转载请(?:注明|标明)|如有侵权|本文"
            r"仅代表|本文(?:来源于|转自|转载自)|"
            r"(?:以上|部分)?(?:图片|图文|内容|文章)(?:来源于?|来自于?|转自|整理自)(?:网络|互联网"
            r")).{0,200}"
        ),
    ),
    ("origin", rf"{_OPEN}(?:{_any('origins')})\s{{0,3}}[:：丨|｜/／].{{0,60}}"),
    (
        "dateline",
        rf"{_OPEN}(?:{_any('dates')})\s{{0,3}}(?:[:：].{{0,160}}|{_DAY}.{{0,12}})",
    ),
    ("dateline", rf"{_DAY}\s{{0,4}}{_HOUR}.{{0,80}}"),
    (
        "dateline",
        (
            r"[^，。；：:]{0,16}20\d\d-\d\d?-\d\d?\s{1,3}\d{1,2}[:：∶]\d\d(?:[:：∶]\d\d)?[^，。"
            r"；]{0,16}"
        ),
    ),
    (
        "footer",
        (
            r".{0,200}(?:icp备|icp证|公网安备|公安备案|网站标识码|版权所有|copyright|©|all right"
            r"s reserved|经营许可证编号"
            r"|網站標識碼|版權所有|icp備|公網安備).{0,300}"
        ),
    ),
    (
        "footer",
        (
            r"(?:主办|承办|主管|协办|制作|维护|运维|运行维护|运行管理|设计制作|建设维护|开发维护"
            r")(?:单位|部门)?\s{0,3}[:：].{0,80}"
            r"|网站(?:联系|管理|维护|值班|服务)?(?:电话|热线|邮箱)\s{0,2}[:：].{0,60}|(?:网站|政"
            r"府)?(?:标识|编)码\s{0,2}[:：]?\s?\d{6,12}"
            r"|(?:建议|推荐)?(?:使用|采用).{0,60}(?:浏览器|分辨率).{0,60}|最佳(?:浏览|显示|分辨"
            r"率).{0,60}"
            r"|本?(?:网站?|站)?(?:已|全面)?支持ipv6.{0,20}"
        ),
    ),
    (
        "footer",
        (
            r"(?:联系我们|关于我们|网站声明|隐私声明|隐私政策|网站简介|帮助|站点地图|法律声明|免"
            r"责声明|邮件系统|使用帮助|"
            r"网站地图|违法和不良信息举报(?:电话|中心|邮箱|热线)?(?:[:：][^。；]{0,160})?|意见建"
            r"议)(?:\s{0,3}[|｜].{0,80})?"
        ),
    ),
    (
        "dialog",
        (
            r"您?(?:访问|点击)?的?(?:链接)?.{0,4}即将离开.{0,60}是否继续.{0,12}|(?:是否打开)?.{0"
            r",8}信息无障碍浏览.{0,8}|.{0,6}按回车键.{0,60}"
            r"|.{0,30}(?:导盲模式|我在听，?请说话).{0,60}"
        ),
    ),
    (
        "hint",
        (
            r".{0,30}(?:您访问的链接即将离开|是否继续|即将离开|请说话|点击展开|点击收起|展开全文"
            r"|收起全文).{0,60}"
        ),
    ),
)
_KINDS = tuple(kind for kind, _ in _PATTERNS)


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """All in one, each in a group of its own, in lower case, as lines are matched: patterns
    that ignore case take ten times as long."""
    return re.compile("|".join(f"({pattern.lower()})" for pattern in patterns))


_ALL = _any_of(tuple(pattern for _, pattern in _PATTERNS))
#: Patterns that begin with anything are tried only where one of their words stands.
_ELSEWHERE = re.compile(
    r"20\d\d-\d|页|出品|供稿|摄制|扫|二维码|手机|微信|分享|produced|powered|技术|大汉|拓尔思|开普云|备|公网|网站标识码|版权所有|copyright|浏览"
    r"|©|reserved|icp|经营许可|網站|版權|離開|离开|是否继续|请说话|点击|全文|无障碍|回车|导盲"
)
_FIXED = _any_of(tuple("(?!)" if p.startswith((".{", "[^", "(?=")) else p for _, p in _PATTERNS))
_ONLY_WEAK = re.compile(rf"(?:{_MARKS}|\d|{_any('weak_buttons')})+")
_COLUMN = re.compile(rf"{_MARKS}{{0,3}}(?:{_any('columns')}){_MARKS}{{0,3}}")
#: Of a notice or of a footer alike.
CONTACT = re.compile(
    r"(?:(?:联系|单位|办公|通讯|通信)?地\s{0,4}址|(?:联系|咨询|办公|监督|举报|值班)?电\s{0,4}话|邮政编码|邮\s{0,4}编"
    r"|传\s{0,4}真|(?:电子)?邮\s{0,4}箱)\s{0,3}[:：]"
)
#: Nothing of the notice follows a line of these kinds, when only links and scraps do.
TAIL_MARKS = frozenset(
    {"neighbour", "related", "aside", "relation", "qr", "footer", "dialog", "hint", "survey"}
    | {"editors", "disclaimer", "end", "tags"}
)
#: The terms of a site, however many sentences they take.
_LEGAL = re.compile(
    r"(?:\d{1,2}[.、．]\s?)?凡(?:本[网站]|在?本网站|注明).{0,40}(?:注明|转载|来源|作品|版权)"
)
#: A longer line with clauses in it is furniture only where it begins like one.
_LONG = 60
_BEGIN_LONG = frozenset(
    "◎您你现目所当位栏首网>＞»›/|\\上下前后【[〖<《（(相关配政文图视专媒部查阅原声特免版郑本凡未转如以内来出稿资新"
    "信发更公成录编创添提修最生时日主承协制维运建设开推使采违联隐法帮邮意站标话微打用二请责作审初终值供撰今欢歡好按是"
)
_LONGEST = 560
_CLAUSE = re.compile(r"[一-鿿][，。；]")


@lru_cache(maxsize=8192)
def furniture_kind(line: str) -> str | None:
    """What kind of furniture a line is; None when it may be part of the notice.

    Only whole lines are judged, so that a sentence which mentions 打印 or 二维码 stays.
    """
    if len(line) > _LONGEST:
        return None
    is_row = "\t" in line
    line = in_one_script(line.strip()).lower()
    if _LEGAL.match(line):
        return "disclaimer"
    if not line or not any(char.isalnum() for char in line):
        return "scrap"
    if len(line) > 120 and len(_CLAUSE.findall(line)) > 3:
        return None
    is_elsewhere = _ELSEWHERE.search(line)
    may_begin = len(line) <= _LONG or is_elsewhere or line[0] in _BEGIN_LONG
    if not may_begin and _CLAUSE.search(line):
        return None
    match = (_ALL if is_elsewhere else _FIXED).fullmatch(line)
    if match is None:
        return None
    kind = _KINDS[(match.lastindex or 1) - 1]
    if is_row and kind == "buttons" and _ONLY_WEAK.fullmatch(line):
        return None
    return None if kind in _SAID_IN_PROSE and _CLAUSE.search(line) else kind


def is_furniture_within(line: str) -> bool:
    """Whether a line is furniture even between paragraphs of a notice.

    There 时间：, 来源： and 主办单位： are its own words (a meeting's hour, an organiser), and a
    footer's words may be its subject.
    """
    kind = furniture_kind(line)
    if kind == "footer":
        return not line.endswith(("。", "；", "：", "，")) and "单位" not in line[:6]
    if kind == "buttons":
        return len(line) >= 4 and not _ONLY_WEAK.fullmatch(in_one_script(line).lower())
    return kind in _ANYWHERE


def is_no_title(line: str) -> bool:
    """Whether a line cannot be a title: 图文解读：… and 本市…满意度如何？ can."""
    kind = furniture_kind(line)
    return kind is not None and kind not in _MAY_BE_TITLES


def is_column_name(line: str) -> bool:
    """Whether a line is the name of a column, as stands above a title: 通知公告, 政策文件."""
    return len(line) <= 16 and bool(_COLUMN.fullmatch(line))


_ANYWHERE = frozenset({"qr", "prompt", "neighbour", "related", "dialog", "hint", "scrap"})
_MAY_BE_TITLES = frozenset({"relation", "survey", "tags", "prompt", "hint"})
_SAID_IN_PROSE = frozenset({"qr", "hint", "greeting", "dateline", "tags"})
