"""The words of the domain: frozen values without I/O, which every room speaks."""

from archive.notice.alarm import Alarm, AlarmKind
from archive.notice.capture import Capture, CaptureFacts, Original, Place, Purpose
from archive.notice.document_number import DocumentNumber, NumberForm
from archive.notice.exchange import Exchange, Truncation
from archive.notice.home import Home
from archive.notice.identity import ChangeKind, Fingerprint, Outcome, Receipt, Trust
from archive.notice.lead import Lead, Listing, Order
from archive.notice.moments import aware_utc, parse_utc, utc_text
from archive.notice.one_script import in_one_script
from archive.notice.page_fields import Attachment, PageFields
from archive.notice.posting import Posting, posting_address, split_address
from archive.notice.reading import Found, Reading, Removal, Repair
from archive.notice.source import Column, PageHints, Rhythm, Source

__all__ = [
    "Alarm",
    "AlarmKind",
    "Attachment",
    "Capture",
    "CaptureFacts",
    "ChangeKind",
    "Column",
    "DocumentNumber",
    "Exchange",
    "Fingerprint",
    "Found",
    "Home",
    "Lead",
    "Listing",
    "NumberForm",
    "Order",
    "Original",
    "Outcome",
    "PageFields",
    "PageHints",
    "Place",
    "Posting",
    "Purpose",
    "Reading",
    "Receipt",
    "Removal",
    "Repair",
    "Rhythm",
    "Source",
    "Truncation",
    "Trust",
    "aware_utc",
    "in_one_script",
    "parse_utc",
    "posting_address",
    "split_address",
    "utc_text",
]
