"""Files that belong to a notice."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from archive.ingest.lines import Anchor
from archive.notice import Attachment

_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|pptx?|csv|tiff?)(?:$|[?#&])", re.IGNORECASE
)
#: A file's name in running text.
FILE_NAME = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|pptx?)\b", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"downfile\.jsp|/download\.jsp|/_content/download|/attachment/\d|DownloadAttach", re.IGNORECASE
)
_MOST = 500


def find_attachments(
    anchors: list[Anchor], url: str | None, start: int, end: int
) -> tuple[Attachment, ...]:
    """Links to files in the body and in the lists of files right around it.

    Args:
        anchors: All links of the page.
        url: The page's own address, against which relative links are resolved.
        start: Index of the body's first line.
        end: Index after its last.
    """
    found: dict[str, Attachment] = {}
    for anchor in anchors:
        if not start - 3 <= anchor.line <= end + 25 or not _is_file(anchor):
            continue
        target = _absolute(anchor.href.strip(), url)
        if target and target not in found and len(found) < _MOST:
            title = anchor.text or anchor.title or target.rpartition("/")[2]
            found[target] = Attachment(title=title, url=target)
    return tuple(found.values())


def _is_file(anchor: Anchor) -> bool:
    href = anchor.href.strip()
    if len(href) > 2000 or href[:11].lower() == "javascript:":
        return False
    return bool(_FILE.search(href) or _DOWNLOAD.search(href))


def _absolute(href: str, url: str | None) -> str | None:
    try:
        target = urljoin(url, href) if url else href
        return target if urlsplit(target).scheme in ("http", "https", "") else None
    except ValueError:
        return None
