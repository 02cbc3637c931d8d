"""Bytes for good: WARC writing and reading, recovery, fixity, CDXJ, the home's lock.

Modules are loaded when something of theirs is asked for, so that `hongtou --help` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archive.storage.adoption import adopt, is_adopted
    from archive.storage.capture_reader import iter_captures, read_capture, read_record
    from archive.storage.cdxj import index_lines
    from archive.storage.content_coding import undo_codings
    from archive.storage.damage import Damage
    from archive.storage.fixity import Fixity
    from archive.storage.holdings import Holdings
    from archive.storage.home_lock import HomeLock
    from archive.storage.http_message import ResponseMessage, parse_response
    from archive.storage.putting_away import PutAway, put_away
    from archive.storage.record import WarcRecord
    from archive.storage.record_reader import iter_records
    from archive.storage.recovery import Recovery, recover
    from archive.storage.volume import Volume, loose_volume
    from archive.storage.writer import WarcWriter, settings_digest

__all__ = [
    "Damage",
    "Fixity",
    "Holdings",
    "HomeLock",
    "PutAway",
    "Recovery",
    "ResponseMessage",
    "Volume",
    "WarcRecord",
    "WarcWriter",
    "adopt",
    "index_lines",
    "is_adopted",
    "iter_captures",
    "iter_records",
    "loose_volume",
    "parse_response",
    "put_away",
    "read_capture",
    "read_record",
    "recover",
    "settings_digest",
    "undo_codings",
]

_MODULES = {
    "Damage": "damage",
    "Fixity": "fixity",
    "Holdings": "holdings",
    "HomeLock": "home_lock",
    "PutAway": "putting_away",
    "Recovery": "recovery",
    "ResponseMessage": "http_message",
    "Volume": "volume",
    "WarcRecord": "record",
    "WarcWriter": "writer",
    "adopt": "adoption",
    "index_lines": "cdxj",
    "is_adopted": "adoption",
    "iter_captures": "capture_reader",
    "iter_records": "record_reader",
    "loose_volume": "volume",
    "parse_response": "http_message",
    "put_away": "putting_away",
    "read_capture": "capture_reader",
    "read_record": "capture_reader",
    "recover": "recovery",
    "settings_digest": "writer",
    "undo_codings": "content_coding",
}


def __getattr__(name: str) -> Any:
    """Load the module that has a public name."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
