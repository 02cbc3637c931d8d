"""The text of spreadsheets: one line a row, cells apart by tabs, each sheet under its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

from archive.ingest.formats.refusal import Refusal, refuse_bomb

_WIDEST = 1_000  #: cells of a row
_MOST_EMPTY = 5_000  #: empty rows in a row, after which a sheet is over


def read_xlsx(file: Path) -> Iterator[str]:
    """XLSX by openpyxl, streamed; what a formula last came to, not the formula."""
    from openpyxl import load_workbook

    refuse_bomb(file)
    with file.open("rb") as octets:  # openpyxl would judge a path by its suffix
        book = load_workbook(octets, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its size may be a lie
            rows = sheet.iter_rows(values_only=True, max_col=_WIDEST)
            yield from _sheet(sheet.title, rows)


def read_xls(file: Path) -> Iterator[str]:
    """XLS (BIFF, also what WPS writes as .et) by xlrd."""
    import xlrd

    try:
        book = xlrd.open_workbook(str(file), on_demand=True, formatting_info=False)
    except xlrd.XLRDError as error:
        raise Refusal("locked" if "encrypted" in str(error).lower() else "broken") from error
    for name in book.sheet_names():
        sheet = book.sheet_by_name(name)
        rows = (
            [_xls_value(cell, book.datemode) for cell in islice(sheet.row(n), _WIDEST)]
            for n in range(sheet.nrows)
        )
        yield from _sheet(name, rows)
        book.unload_sheet(name)


def _xls_value(cell: object, datemode: int) -> object:
    import xlrd

    kind, value = getattr(cell, "ctype", 0), getattr(cell, "value", "")
    if kind == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(value, datemode)
        except (ValueError, OverflowError):
            return value
    if kind == xlrd.XL_CELL_ERROR:
        return ""
    return bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value


def _sheet(name: str, rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A sheet's name, when anything stands in it, and its rows."""
    is_named, empty = False, 0
    for row in rows:
        line = "\t".join(map(_shown, row)).rstrip("\t")
        if not line:
            empty += 1
            if empty > _MOST_EMPTY:
                return
            continue
        empty = 0
        if not is_named:
            yield name
            is_named = True
        yield line


def _shown(value: object) -> str:
    """A cell as a reader sees it: whole numbers without .0, days without midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return repr(round(value, 10))
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return " ".join(str(value).split())
