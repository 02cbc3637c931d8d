"""What came of a capture: the archive process's answer to the crawler."""

from __future__ import annotations

from dataclasses import dataclass

from archive.notice import Attachment, Order, Receipt


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """What came of one capture, for the crawler to go on with."""

    receipt: Receipt | None = None
    orders: tuple[Order, ...] = ()  #: leads to fetch
    next_url: str | None = None  #: the list's following page
    is_all_new: bool = False  #: every lead of the list was new, so its next page may have more
    attachments: tuple[Attachment, ...] = ()  #: of a notice that is new or revised
    continuations: tuple[str, ...] = ()  #: further pages of the article that are to be fetched
    set_aside: int = 0  #: leads of a list that were judged by their title alone
    is_short_list: bool = False  #: fewer leads than its column promises; an alarm was raised
    challenge: str | None = None  #: the product that stood between us and the page
