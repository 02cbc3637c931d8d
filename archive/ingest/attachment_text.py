"""The text of a file that belongs to a notice: first form, see `read_attachment`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AttachmentText:
    """What could be read of an attachment."""

    text: str = ""
    kind: str = "unknown"
    flags: tuple[str, ...] = ()


def read_attachment(
    body: bytes, name: str, *, seconds: int = 20, megabytes: int = 512
) -> AttachmentText:
    """First form."""
    return AttachmentText(kind=name.rpartition(".")[2].lower(), flags=("not-read-yet",))
