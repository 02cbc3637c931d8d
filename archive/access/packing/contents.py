"""What of an archive goes into a package: notices, the captures that prove them, their pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archive.access.packing.packing_list import FindPlace, PackingList
from archive.catalogue.views import NoticeView
from archive.notice import utc_text


def list_captures(view: NoticeView, packing: PackingList, find_place: FindPlace) -> None:
    """Put on the list what proves a notice: its pages, its files, and what became of it."""
    for capture in view.captures:
        packing.add(capture.record_id, capture.place)
    others = [capture.revisit_of for capture in view.captures]
    others += [file.record_id for file in view.attachments]
    others += [status.evidence for status in view.statuses]
    for record_id in filter(None, others):
        if (place := find_place(record_id)) is not None:
            packing.add(record_id, place)


def page_lines(view: NoticeView) -> Iterator[dict[str, Any]]:
    """The pages of a notice as WACZ lists them: each wording at each URL, with its moment.

    The text goes with the captures from which the notice's versions were read, so that a search
    within the package finds each wording once.
    """
    wordings = {version.record_id: version for version in view.versions}
    files = {file.attachment.url for file in view.attachments}
    seen: dict[str, str] = {}
    for capture in view.captures:
        is_page = capture.status == 200 and capture.url not in files
        if not is_page or seen.get(capture.url) == capture.payload_digest:
            continue
        seen[capture.url] = capture.payload_digest
        wording = wordings.get(capture.record_id)
        page = {
            "id": capture.record_id.removeprefix("urn:uuid:"),
            "url": capture.url,
            "ts": utc_text(capture.captured_at),
            "title": _title(view, wording.title if wording else view.summary.title),
        }
        yield page | ({"text": wording.text} if wording else {})


def _title(view: NoticeView, title: str) -> str:
    number = view.summary.document_number
    return f"{title}（{number}）" if number else title


def json_line(value: Any) -> bytes:
    """A value as one line of JSON; half a character, which UTF-8 cannot hold, becomes ``?``."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "replace")
