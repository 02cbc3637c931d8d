"""What a ZIP holds: the names of its files, which are not unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from archive.ingest.formats.refusal import Refusal

_MOST_NAMES = 2_000
_IS_UTF8 = 0x800  #: the flag that says in which encoding a name is


def read_names(file: Path) -> Iterator[str]:
    """A name a line, in the order of the archive; that only these were read is said at the end."""
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
    except BadZipFile as error:
        raise Refusal("broken") from error
    for member in members[:_MOST_NAMES]:
        if not member.is_dir():
            yield _name(member)
    raise Refusal("only-names-read")


def _name(member: ZipInfo) -> str:
    """Chinese Windows writes names in GBK and says nothing of it; zipfile takes them for cp437."""
    if member.flag_bits & _IS_UTF8:
        return member.filename
    octets = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return octets.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename
