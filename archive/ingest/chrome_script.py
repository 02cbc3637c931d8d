"""The words of labels and buttons in simplified characters, whichever a page has them in."""

from __future__ import annotations

import re

_TRADITIONAL = (
    "發號機關來時間稱標題佈開單狀態實瀏覽點擊閱讀體類數訪問編輯責頁閉個簡繁轉載連結顯選擇隱護"
    "權網無對應聯繫電話檔檢歡當錄導產區條圖資圍報廳處長審記掃維碼內溫佔"
)
_SIMPLIFIED = (
    "发号机关来时间称标题布开单状态实浏览点击阅读体类数访问编辑责页闭个简繁转载连结显选择隐护"
    "权网无对应联系电话档检欢当录导产区条图资围报厅处长审记扫维码内温占"
)
_PLAIN = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_MARK = re.compile("[發號機關來時間標開單瀏覽點閱頁網]")


def in_plain_script(line: str) -> str:
    """A line of page chrome with its characters simplified, one for one.

    Only for recognising 發布日期 and 關閉窗口; the text of a notice keeps its script.
    """
    return line.translate(_PLAIN) if _MARK.search(line) else line
