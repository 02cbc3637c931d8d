"""One gzip member a record (WARC 1.1, Annex D)."""

from __future__ import annotations

from typing import cast

from isal import igzip_lib, isal_zlib

# ISA-L's levels on 52 kB pages: 1 and 2 cost the same 0.1 ms, 3 twice that for 2.5 % less;
# zlib at 6 costs 0.7 ms for 12 % less (benchmarks/warc_writing.py).
LEVEL = 2

#: What ISA-L raises on damaged octets. Its stubs call the class an instance.
DAMAGE_ERRORS: tuple[type[Exception], ...] = (cast("type[Exception]", isal_zlib.error),)


def gzip_member(record: bytes, level: int = LEVEL) -> bytes:
    """A record as a gzip member; the same octets for the same record, whenever it is written."""
    member: bytes = igzip_lib.compress(record, level, flag=igzip_lib.COMP_GZIP)
    return member
