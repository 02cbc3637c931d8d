"""A CDXJ index in compressed blocks (ZipNum), as replay tools read it without having all of it.

``index.cdx.gz`` holds gzip members of some hundred sorted lines each; ``index.idx`` holds the
first key of each and where it stands. This is what py-wacz and Browsertrix write into a WACZ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice

from archive.access.packing.container import Container
from archive.storage.gzip_member import gzip_member

BLOCKS = "index.cdx.gz"
KEYS = "index.idx"

#: Lines of one block: one range request brings them, and little else.
BLOCK_LINES = 300


def write_index(container: Container, folder: str, lines: Iterable[str]) -> None:
    """Write sorted CDXJ lines as blocks, and their keys."""
    about = {"format": "cdxj-gzip-1.0", "filename": BLOCKS}
    keys = [f"!meta 0 {json.dumps(about)}"]
    at = 0
    with container.file(folder + BLOCKS, stored=True) as file:
        for block in _blocks(lines):
            member = gzip_member("".join(f"{line}\n" for line in block).encode())
            place = {
                "offset": at,
                "length": len(member),
                "digest": f"sha256:{hashlib.sha256(member).hexdigest()}",
            }
            key = block[0].partition(" {")[0]
            keys.append(f"{key} {json.dumps(place)}")
            file.write(member)
            at += len(member)
    container.put(folder + KEYS, "".join(f"{key}\n" for key in keys).encode())


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(lines)
    while block := list(islice(remaining, BLOCK_LINES)):
        yield block
