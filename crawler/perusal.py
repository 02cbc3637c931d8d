"""What a capture says, whatever the archive knows: the answer of a reading process."""

from __future__ import annotations

from dataclasses import dataclass

from archive.ingest.attachment_text import AttachmentText
from archive.notice import Fingerprint, Listing, Reading


@dataclass(frozen=True, kw_only=True)
class Perusal:
    """All that can be said of one capture without asking the catalogue.

    At most one of ``challenge``, ``incomplete``, ``listing``, ``reading``, ``file``,
    ``unreadable`` and ``killed`` is set; none of them, and the capture is evidence only
    (robots.txt, a 304).
    """

    is_page: bool = False  #: it is to be taken as a notice's page
    challenge: str | None = None  #: the product that stood between us and the page
    incomplete: str | None = None  #: why it is no whole answer
    listing: Listing | None = None
    reading: Reading | None = None
    fingerprint: Fingerprint | None = None
    set_aside: str | None = None  #: why what was read is no notice for this archive
    file: AttachmentText | None = None  #: of a file that a notice names
    unreadable: str | None = None  #: the error, where reading it failed: a bug of ours
    killed: str | None = None  #: what it did to the processes that tried to read it
