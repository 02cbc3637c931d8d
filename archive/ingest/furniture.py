"""What stands on a page beside the notice: bars, buttons, credits, footers."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.ingest.chrome_script import in_plain_script

_BUTTONS = (
    r"首\s?页 打印此?(?:本?页|页面|文档|文章)? 关闭(?:此?窗口|本页|当前页面|页面)? "
    r"返回(?:顶部|首页|上一?级|列表|页首)? 纠错 我要纠错 收藏 加入收藏 收藏本页 设为首页 "
    r"字号 字体 字体大小 字体显示 大 中 小 特大 默认 超大 放大字体 缩小字体 放大 缩小 "
    r"分享 分享至 分享到 推荐 朗读 播报 语音播报 语言播报 听新闻 "
    r"下载(?:图片版|文字版|本页|WORD版?|PDF版?|文档)? 导出 复制链接 微信 微博 新浪微博 QQ空间 QQ "
    r"视力保护色 背景色 杏仁黄 秋叶褐 胭脂红 芥末绿 天蓝 雪青 灰 银河白 双击滚屏 保存 a A T "
    r"转发 点赞 评论 无障碍(?:阅读|浏览|通道)? 长者模式 关怀版 适老版 繁体版? 简体版? 繁體版 "
    r"图集 \+1 更多 En English 登录 注册 搜索 手机版 退出 不能读取工具条 学习强国 PC版"
)
#: Longest first and atomic, so that no line can be split in two ways and none takes long.
_BUTTON = "|".join(sorted(_BUTTONS.split(), key=len, reverse=True))
_MARKS = r"[\s:：【】\[\]（）()|｜/、,，+＋\-—·<>＜＞»◆=“”\"。]"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("buttons", rf"(?>{_MARKS}{{0,6}}+(?>{_BUTTON})){{1,24}}+{_MARKS}{{0,6}}"),
    (
        "breadcrumb",
        (
            r"(?:您|你)?(?:现在|目前)?(?:所在|所处)?的?(?:当前)?(?:位置|栏目)(?:是|为|"
            r"在)?\s{0,2}[:：].{0,200}"
        ),
    ),
    (
        "breadcrumb",
        (
            r"(?:网站)?(?:首\s?页|主页)?(?:\s{0,3}(?:[>＞»›/|\\]|>>|->|"
            r"&gt;)\s{0,3}[^>＞»›/|\\。；]{1,40}){1,9}[>＞»›]?"
        ),
    ),
    ("breadcrumb", r"(?:网站)?(?:首页|主页)\s{0,2}[-—–·]\s{0,2}[^，。；]{2,16}"),
    ("greeting", r"(?:您好|你好|歡迎|欢迎(?:您|来到|访问|光临|使用)).{0,40}|今天是.{0,40}"),
    (
        "qr",
        (
            r".{0,8}(?:扫一扫|扫码|扫描|二维码|用?手机(?:扫描|扫码|打开|浏览|"
            r"看)).{0,12}(?:手机|当前页|关注|分享|打开|查看|页面|浏览|公众号|微信|本文|"
            r"本页).{0,20}|.{0,6}扫一扫|二维码|手机扫一?扫.{0,12}"
        ),
    ),
    ("neighbour", r"[【\[<《]?(?:上|下|前|后)一(?:篇|条|则|页)[】\]>]?\s{0,3}(?:[:：].{0,120}|)"),
    (
        "counter",
        (
            r"[（(【]?(?:您是第|本文|本页|已有|累计)?(?:浏览|访问|点击|阅读|被阅读|人气|"
            r"浏览量?)(?:次数|量|数|人次)?\s{0,3}[:：]?\s{0,3}\d{0,9}\s{0,2}(?:次|人次|"
            r"位)?(?:访客|访问者)?[）)】]?"
        ),
    ),
    (
        "related",
        (
            r"[【\[]?(?:(?:相关|推荐|延伸|热门|最新|关联|友情)(?:文档|附件|阅读|链接|新闻|"
            r"文章|政策|解读|稿件|报道|资讯|信息|文件|内容|推荐|专题|评论|政策与解读|"
            r"政策解读|标签|话题|搜索|视频)|智能推荐|猜你喜欢|为[您你]推荐|排行榜|网站导航|"
            r"(?:新闻|点击|阅读|本周|热点|热门)排行榜?|热点(?:推荐|新闻)|热新闻|"
            r"(?:大家都?在[看搜]|(?:您|你)可能(?:也|还|会)?(?:感兴趣|喜欢).{0,8})|"
            r"(?:精彩|编辑|今日|更多|头条|图片)(?:推荐|评论|图集|图片|热点|文章|视频|资讯)|"
            r"(?:我要|网友|发表|查看|全部|用户|最新)(?:评论|跟帖|留言|热评)|(?:特别|版权|免责)声明|"
            r"评论\s{0,2}[（(]?\s{0,2}\d{0,9}\s{0,2}条?[)）]?|\d{0,9}\s{0,2}条评论|"
            r"\d{1,9}\s?条评论.{0,6}\d{1,9}人参与.{0,24}|我要反馈|网友评论仅供.{0,40}|"
            r"导航链接|站点地图|网站地图|打印附件|附件下载)[】\]]?\s{0,2}[:：>＞»]{0,3}"
        ),
    ),
    (
        "credit",
        (
            r".{0,20}(?:Produced\s?By|Powered\s?By|技术支持|大汉网络|大汉版通|拓尔思|"
            r"开普云).{0,80}"
        ),
    ),
    (
        "credit",
        (
            r"[（(【\[]?\s{0,3}(?:责任编辑|责编|编辑|审核|初审|复审|终审|校对|供稿|撰稿|"
            r"编辑人|录入|网络编辑|信息提供|作者|发布人|一审|二审|三审|值班编辑|"
            r"本文编辑)\s{0,3}[:：].{0,50}"
        ),
    ),
    (
        "credit",
        r"[【\[]?(?:本[站网]|网站)?(?:特别|免责|版权|郑重)?声明(?:[】\]]\s?[:：]?|\s?[:：]).{0,200}(?:平台|转载|观点|版权|网站|仅供参考).{0,200}",
    ),
    (
        "origin",
        (
            r"[（(【\[]?\s{0,3}(?:文章|信息|稿件|本文|资料|新闻)?(?:来源(?:于|自)?|出处|"
            r"转自)\s{0,3}[:：].{0,60}"
        ),
    ),
    (
        "dateline",
        (
            r"[（(【\[]?\s{0,3}(?:信息)?(?:发布|发文|更新|公开|发表|上传|成文|录入|"
            r"上网)?(?:时间|日期)\s{0,3}[:：].{0,160}"
        ),
    ),
    (
        "dateline",
        r"20\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}\s?日?\s{0,4}(?:\d{1,2}\s?[:：∶]\s?\d\d(?:[:：∶]\d\d)?).{0,80}",
    ),
    (
        "dateline",
        r"[^，。；：:]{0,16}20\d\d-\d\d?-\d\d?\s{1,3}\d{1,2}[:：∶]\d\d(?:[:：∶]\d\d)?[^，。；]{0,16}",
    ),
    (
        "footer",
        (
            r".{0,200}(?:ICP备|ICP证|公网安备|公安备案|网站标识码|版权所有|Copyright|©|"
            r"All Rights Reserved|经营许可证编号|網站標識碼|版權所有|ICP備|公網安備).{0,300}"
        ),
    ),
    (
        "footer",
        (
            r"(?:主办|承办|主管|协办|制作|维护)(?:单位|部门)?\s{0,3}[:：].{0,80}|(?:联系我们|"
            r"关于我们|网站声明|隐私声明|帮助|站点地图|法律声明|免责声明|邮件系统|使用帮助|"
            r"网站地图|违法和不良信息举报(?:电话|中心|邮箱|热线)?(?:[:：][^。；]{0,160})?|意见建议)(?:\s{0,3}[|｜].{0,80})?"
        ),
    ),
    (
        "dialog",
        (
            r".{0,30}(?:您访问的链接即将离开|是否继续|即将离开|我在听，?请说话|请说话|"
            r"点击展开|点击收起|展开全文|收起全文).{0,60}"
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
    r"扫|二维码|手机|produced|powered|技术支持|大汉|拓尔思|开普云|备|公网|网站标识码|版权所有|copyright"
    r"|©|reserved|icp|经营许可|網站|版權|離開|离开|是否继续|请说话|点击|全文"
)
_FIXED = _any_of(tuple("(?!)" if p.startswith(".{") else p for _, p in _PATTERNS))
#: Nothing of the notice follows a line of these kinds, when only links and scraps do.
TAIL_MARKS = frozenset({"neighbour", "related", "qr", "footer", "dialog"})
_LONGEST = 560
_CLAUSE = re.compile(r"[一-鿿][，。；]")


@lru_cache(maxsize=8192)
def furniture_kind(line: str) -> str | None:
    """What kind of furniture a line is; None when it may be part of the notice.

    Only whole lines are judged, so that a sentence which mentions 打印 or 二维码 stays.
    """
    if len(line) > _LONGEST:
        return None
    line = in_plain_script(line.strip()).lower()
    if not line or not any(char.isalnum() for char in line):
        return "scrap"
    if len(line) > 120 and len(_CLAUSE.findall(line)) > 3:
        return None
    match = (_ALL if _ELSEWHERE.search(line) else _FIXED).fullmatch(line)
    if match is None:
        return None
    kind = _KINDS[(match.lastindex or 1) - 1]
    return None if kind in _SAID_IN_PROSE and _CLAUSE.search(line) else kind


def is_furniture_within(line: str) -> bool:
    """Whether a line is furniture even between paragraphs of a notice.

    There 时间：, 来源： and 主办单位： are its own words (a meeting's hour, an organiser), and a
    footer's words may be its subject.
    """
    kind = furniture_kind(line)
    if kind == "footer":
        return not line.endswith(("。", "；", "：", "，")) and "单位" not in line[:6]
    return kind in _ANYWHERE or (kind == "buttons" and len(line) >= 4)


_ANYWHERE = frozenset({"qr", "neighbour", "related", "dialog", "scrap"})
_SAID_IN_PROSE = frozenset({"qr", "dialog", "greeting", "dateline"})
