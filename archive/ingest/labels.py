"""The labels of the information-disclosure table, and what may stand behind each."""

from __future__ import annotations

import re
from functools import lru_cache

#: Labels of the information-disclosure table (政府信息公开目录) as met on pages, without blanks.
#: Those of field "" are known only so that an empty value does not swallow them.
LABELS: dict[str, str] = {
    "index_number": "索引号 索取号 索引编号 信息索引号 信息索引 信息索取号 索引码",
    "document_number": (
        "发文字号 文号 文件编号 发文号 文件号 文件字号 发文编号 公文编号 文件文号 "
        "发文文号 公文文号 公文号 公文字号 发布文号 公布文号"
    ),
    "issuing_bodies": (
        "发文机关 发布机构 发文机构 公开主体 制发机关 发文单位 发布单位 公开机构 制定机关 "
        "发布机关 制发单位 成文机关 公布机关 发文部门 发布部门 制定单位 公开责任部门 "
        "信息公开责任部门 公开部门 制文机关 公开机关 制定部门 颁布机关 颁布单位 颁发单位 "
        "印发机关 印发单位"
    ),
    "title": "标题 名称 信息名称 文件名称 公文标题 文件标题 公文名称 信息标题 政策名称 文件名",
    "written_on": (
        "成文日期 成文时间 生成日期 生成时间 印发日期 发文日期 发文时间 制发日期 签发日期 "
        "印发时间 制定日期 落款日期 产生日期 签署日期 制文日期 公文日期 文件日期"
    ),
    "published_on": (
        "发布日期 公开日期 公开时间 发布时间 公布日期 上网日期 信息公开日期 发表时间 "
        "公布时间 发布于 信息时间 上传时间 时间 日期 更新时间 更新日期 信息发布日期 "
        "网站发布日期 网上发布日期 登载日期 发稿时间 发稿日期"
    ),
    "validity": "有效性 时效性 效力状态 时效状态 文件状态 是否有效 效力 信息有效性 文件有效性",
    "effective_on": "施行日期 实施日期 生效日期 生效时间 实施时间 施行时间 执行日期",
    "source_name": "来源 来源于 信息来源 文章来源 稿件来源 来源单位 新闻来源 本文来源 出处",
    "": (
        "主题分类 信息分类 组配分类 体裁分类 公文种类 主题词 关键词 内容概述 内容概况 "
        "公开方式 公开范围 公开形式 备注 体裁 分类 文件类型 浏览次数 浏览量 点击数 点击量 "
        "访问次数 访问量 作者 字号 字体 责任编辑 编辑 公开分类 公开属性 主办单位 统一编号 "
        "统一登记号 有效期 服务对象 关联文件 阅读次数 审核 信息类别 废止日期 失效日期 "
        "失效时间 公开程序 公开时限 所属分类 文件分类 载体类型 公文类别 信息来源部门 "
        "规范性文件登记号 附件 打印 浏览 点击 阅读 语种 摘要 主题 类别 类型 栏目 频道 "
        "记录形式 标签 记者 分享 分享到 公开内容 专题 审核人 服务 行业 有效期限 "
        "信息格式 相关信息 文种 密级 紧急程度 信息主题 联合发文单位 起草单位 行业分类 "
        "文章类型 文章类别 文章分类 信息类型 稿件类型 所属栏目 信息状态"
    ),
}
FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels.split()}
#: Characters with which a label may begin, its bracket among them: most lines begin otherwise.
LABEL_BEGINNINGS = frozenset("[【〔（(<") | {label[0] for label in FIELD_OF}
_WORDS = "|".join(
    r"[\s\u3000]{0,6}".join(map(re.escape, label))
    for label in sorted(FIELD_OF, key=len, reverse=True)
)
#: Lets a search pass by all other characters at once.
_FIRST = "[" + "".join(sorted({label[0] for label in FIELD_OF})) + r"\[【]"
#: Within a line a label needs its colon, or brackets around it.
WITHIN = re.compile(
    rf"(?<![一-鿿])(?={_FIRST})(?:({_WORDS})[\s\u3000]{{0,4}}[:：∶]"
    rf"|[\[【][\s\u3000]{{0,4}}({_WORDS})[\s\u3000]{{0,4}}[\]】][\s\u3000]{{0,4}}[:：∶]?)"
)
GLUED = re.compile(
    rf"(?={_FIRST})(?:({_WORDS})[\s\u3000]{{0,4}}[:：∶]"
    rf"|[\[【][\s\u3000]{{0,4}}({_WORDS})[\s\u3000]{{0,4}}[\]】][\s\u3000]{{0,4}}[:：∶]?)"
)
_LAST = re.compile(rf"(?:{_WORDS})[\s\u3000\]】]{{0,4}}[:：∶]?$")
MARKED = re.compile("[:：∶\\]】]")
_BLANKS = re.compile(r"[\s\u3000]+")
#: A label with its value right behind it and nothing between.
GLUED_LABEL = re.compile(rf"({_WORDS})(?=[^\s:：∶\]】])")
_DAY = r"(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s.{1,8})?"
_PROMISED = {
    "index_number": re.compile(
        r"(?!(?:19|20)\d\d[-/]\d\d?[-/]\d\d?$)[0-9A-Za-z][0-9A-Za-z/-]{5,60}"
    ),
    "document_number": re.compile(
        r"[一-鿿]{2,16}\s?[〔\[（(【［﹝]\s?\d{4}\s?[〕\]）)】］﹞]\s?\d{1,5}\s?号"
    ),
    "written_on": re.compile(_DAY),
    "published_on": re.compile(_DAY),
    "issuing_bodies": re.compile(r"[一-鿿、 \u3000]{2,40}(?:府|厅|局|委|部|院|会|办公室|署|办)"),
    "validity": re.compile("有效|失效|废止|已失效|已废止"),
}


@lru_cache(maxsize=8192)
def label_of(cell: str) -> str | None:
    """The label that a cell is, without blanks, brackets and colon; None when it is none."""
    if not cell or len(cell) > 40:
        return None
    bare = unspaced(cell).removesuffix("：").removesuffix(":").removesuffix("∶")
    bare = bare[bare[:1] in set("[【〔（(<") :].rstrip("：:∶")
    bare = bare[:-1] if bare[-1:] in set("]】〕）)>") else bare
    return bare if bare in FIELD_OF else None


def unspaced(text: str) -> str:
    """A label without the blanks that spread it: 索 引 号 → 索引号."""
    return _BLANKS.sub("", text)


def holds_label(cell: str) -> bool:
    """Whether a cell is a label or begins with one and its colon."""
    return bool(label_of(cell)) or bool(WITHIN.match(cell))


def ends_in_label(text: str) -> bool:
    """Whether the last of a line is a label whose value is missing: 发布机构：… 有效性："""
    return bool(_LAST.search(text[-30:]))


def is_promised(field: str, value: str) -> bool:
    """Whether a value is plainly what a label of this field promises: a date, a number."""
    promise = _PROMISED.get(field)
    return promise is not None and bool(promise.fullmatch(value))


def promises(field: str) -> bool:
    """Whether values of this field can be told by how they look."""
    return field in _PROMISED
