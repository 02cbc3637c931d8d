"""发文字号: the number an issuing body gives a notice (GB/T 9704-2012, 7.2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NumberForm(StrEnum):
    """The three ways official documents are numbered."""

    BRACKET = "bracket"  #: 国办发〔2023〕15号
    ANNOUNCEMENT = "announcement"  #: 2026年第5号, with the issuing body before it as the code
    ORDER = "order"  #: 令第818号, no year


@dataclass(frozen=True, kw_only=True)
class DocumentNumber:
    """The number an issuing body gives a notice, such as 国发〔2023〕15号.

    Two numbers are equal when they mean the same, however they were written: brackets, spaces,
    width, 號 and leading zeros are gone.
    """

    issuer_code: str  #: 机关代字, here 国发; of an order, its body and 令: 国务院令
    year: int | None  #: None for orders, which carry none
    serial: int
    form: NumberForm = NumberForm.BRACKET

    def __str__(self) -> str:
        if self.form is NumberForm.ORDER:
            return f"{self.issuer_code}第{self.serial}号"
        if self.form is NumberForm.ANNOUNCEMENT:
            return f"{self.issuer_code}{self.year}年第{self.serial}号"
        return f"{self.issuer_code}〔{self.year}〕{self.serial}号"
