"""The words of identity: what makes two sightings one notice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Trust(IntEnum):
    """How far a site is believed about a notice; higher is better."""

    HACKED = 0
    UNKNOWN = 1
    AGGREGATOR = 2  #: registered reprinters
    GOVERNMENT = 3  #: another government site than the issuer's
    ISSUER = 4  #: the issuing body's own site


class Outcome(StrEnum):
    """What the catalogue decided of one arrival."""

    NEW = "new"
    UNCHANGED = "unchanged"
    REVISED = "revised"
    COPY = "copy"
    CONFLICT = "conflict"
    SET_ASIDE = "set_aside"


class ChangeKind(StrEnum):
    """What a line of the change log announces."""

    NEW = "new"
    REVISED = "revised"
    COPY = "copy"
    STATUS = "status"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SPLIT = "split"
    CORRECTED = "corrected"


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What a wording is recognised by; comparable across furniture, width and script.

    Made by `archive.ingest` from the clean Simplified text; compared by the catalogue.
    """

    text_digest: str  #: sha256 hex of the text without white space, punctuation and width
    title_core: str  #: the title without issuing body, 关于印发…的通知, 《》 and (试行)
    length: int  #: characters that went into the digest
    minhash: tuple[int, ...] = ()  #: 128 unsigned 32-bit values over character 5-grams
    sample: tuple[int, ...] = ()  #: sorted mod-k sketch of the same grams, for containment
    figures: str = ""  #: digest of the numbers in their context: tells yearly boilerplate apart


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What the catalogue decided of one arrival, and why."""

    outcome: Outcome
    url: str
    notice_id: str | None = None
    version: int | None = None
    seq: int | None = None  #: of the change log line it wrote, None when it announced nothing
    reasons: tuple[str, ...] = ()
