"""Why a file is not read, and the limits that all formats share."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

MOST_UNPACKED = 200_000_000  #: octets of a ZIP's members in all; more is a bomb
_MOST_MEMBERS = 20_000


class Refusal(Exception):
    """The file is not read, for the reason that the message names: a flag such as ``locked``."""


def refuse_bomb(file: Path) -> None:
    """Refuse a ZIP that says of itself that it is huge; `read_member` minds those that lie."""
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
    except BadZipFile as error:
        raise Refusal("broken") from error
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise Refusal("too-big")


def read_member(archive: ZipFile, name: str) -> bytes:
    """One member of a ZIP, as long as it is no bomb."""
    try:
        with archive.open(name) as member:
            body = member.read(MOST_UNPACKED + 1)
    except (KeyError, BadZipFile) as error:
        raise Refusal("broken") from error
    except RuntimeError as error:  # zipfile's word for a member that wants a password
        raise Refusal("locked") from error
    if len(body) > MOST_UNPACKED:
        raise Refusal("too-big")
    return body
