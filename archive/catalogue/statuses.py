"""What became of a notice, since when, and by what evidence."""

from __future__ import annotations

from datetime import date, datetime

from archive.catalogue import keys
from archive.catalogue.arrival import Arrival
from archive.catalogue.shelf import Row, Shelf
from archive.catalogue.tables import StatusRow


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


def note_status(
    shelf: Shelf,
    arrival: Arrival,
    notice_id: str,
    status: str,
    told: str,
    since: date | None = None,
) -> None:
    """Note what a capture tells of a notice's fate; the capture is the evidence."""
    evidence = keys.record_key(arrival.capture.record_id)
    at = arrival.capture.captured_at
    row = status_row(notice_id, status, at=at, evidence=evidence, told=told, since=since)
    shelf.append(StatusRow, row)
