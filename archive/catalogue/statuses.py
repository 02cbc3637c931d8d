"""What became of a notice, since when, and by what evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

Row = dict[str, Any]


def status_row(
    notice_id: str,
    status: str,
    *,
    at: datetime,
    evidence: str,
    told: str,
    since: date | None = None,
) -> Row:
    """One line of a notice's fate: 废止, 失效, withdrawn, present …"""
    return {
        "notice_id": notice_id,
        "status": status[:32],
        "since": since,
        "at": at,
        "evidence": evidence,
        "told": told[:1000],
    }
