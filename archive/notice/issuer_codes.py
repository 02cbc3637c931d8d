"""Whose a document number is, told by its issuer code (机关代字): 渝府办发 is 重庆's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from archive.notice.document_number import DocumentNumber, NumberForm

#: A suffix shorter than this is a code of many bodies: 政发, 府办.
_LEAST_SUFFIX = 3


@dataclass(frozen=True, kw_only=True)
class IssuerCode:
    """A code of the vocabulary ``issuer_codes.tsv``, where each row says where it is from."""

    code: str  #: as written; ends in a star when departments add to it
    bodies: tuple[str, ...]  #: empty where more than one body uses it
    jurisdiction: str | None  #: GB/T 2260; None where the code alone does not tell
    origin: str = ""  #: where the row comes from

    @property
    def is_central(self) -> bool:
        """Whether it is a code of the centre. Those nobody below uses; but counties share
        provinces' (云和县 and 云南 both write 云政发), so that a body must say so as well."""
        return self.jurisdiction == "100000"


class IssuerCodes:
    """A vocabulary of issuer codes."""

    def __init__(self, codes: tuple[IssuerCode, ...]) -> None:
        self._exact = {one.code: one for one in codes if not one.code.endswith("*")}
        self._stems = {one.code[:-1]: one for one in codes if one.code.endswith("*")}

    def __iter__(self) -> Iterator[IssuerCode]:
        yield from self._exact.values()
        yield from self._stems.values()

    def find(self, code: str) -> IssuerCode | None:
        """The row of a code: its own, else that of the longest stem it begins with."""
        if row := self._exact.get(code):
            return row
        stems = (code[:length] for length in range(len(code), 1, -1))
        return next((self._stems[stem] for stem in stems if stem in self._stems), None)

    def unglue(self, number: DocumentNumber) -> DocumentNumber:
        """A number without words that stuck to its code: 本省浙政办发 → 浙政办发."""
        code = number.issuer_code
        if number.form is not NumberForm.BRACKET or self.find(code):
            return number
        for start in range(1, len(code) - _LEAST_SUFFIX + 1):
            row = self._exact.get(code[start:])
            if row and _says_its_region(row):
                return replace(number, issuer_code=row.code)
        return number


def _says_its_region(row: IssuerCode) -> bool:
    """浙政办发 and 国办发 do; 医保发 is also the end of what counties call theirs: 临医保发."""
    return bool(row.jurisdiction) and (not row.is_central or row.code[0] == "国")


def load_issuer_codes(*more: Path) -> IssuerCodes:
    """The vocabulary of the tree, and further files of the same form, which win over it."""
    built_in = files("archive.notice").joinpath("issuer_codes.tsv").read_text("utf-8")
    texts = [built_in, *(path.read_text("utf-8") for path in more)]
    return IssuerCodes(tuple(row for text in texts for row in _rows(text)))


@lru_cache(maxsize=1)
def built_in_codes() -> IssuerCodes:
    """The vocabulary of the tree, read once."""
    return load_issuer_codes()


def _rows(text: str) -> list[IssuerCode]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rows = [line.split("\t") for line in lines[1:]]
    return [
        IssuerCode(
            code=code,
            bodies=tuple(bodies.split("、")) if bodies else (),
            jurisdiction=jurisdiction or None,
            origin=origin[0] if origin else "",
        )
        for code, bodies, jurisdiction, *origin in rows
    ]
