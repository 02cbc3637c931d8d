"""Bytes for good: WARC writing and reading, recovery, fixity, CDXJ, the home's lock."""

from archive.storage.adoption import adopt
from archive.storage.capture_reader import iter_captures, read_capture, read_record
from archive.storage.cdxj import index_line, index_lines
from archive.storage.content_coding import undo_codings
from archive.storage.damage import Damage
from archive.storage.digest import digest
from archive.storage.fixity import Fixity
from archive.storage.home_lock import HomeLock
from archive.storage.http_message import ResponseMessage, parse_response
from archive.storage.record import WarcRecord
from archive.storage.record_reader import iter_records
from archive.storage.recovery import Recovery, recover
from archive.storage.warc_name import warc_files
from archive.storage.writer import WarcWriter, settings_digest

__all__ = [
    "Damage",
    "Fixity",
    "HomeLock",
    "Recovery",
    "ResponseMessage",
    "WarcRecord",
    "WarcWriter",
    "adopt",
    "digest",
    "index_line",
    "index_lines",
    "iter_captures",
    "iter_records",
    "parse_response",
    "read_capture",
    "read_record",
    "recover",
    "settings_digest",
    "undo_codings",
    "warc_files",
]
