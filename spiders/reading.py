"""Reading a source's pages: its lists by their dialect, its fields by its own code."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from archive.errors import BadSourceFile, UnreadablePage
from archive.notice import Capture, Column, Listing, PageFields, Source
from spiders.dialects import find_dialect
from spiders.list_page import ListPage, page_of

PAGES_FILE = "pages.py"


def read_listing(source: Source, column: Column, capture: Capture) -> Listing:
    """Read a list page by its column's dialect.

    A page that holds no rows gives a Listing without leads and with the flag ``no-rows``:
    whether that is an alarm is for the caller to say, who knows the page's place in the
    paging and the column's promise (`Column.at_least`).

    Raises:
        UnknownDialect: The column names a dialect that does not exist.
    """
    return read_list_page(column, page_of(capture, source.id))


def read_list_page(column: Column, page: ListPage) -> Listing:
    """The same of a page that is at hand otherwise, such as a saved one."""
    listing: Listing = find_dialect(column.dialect).read_listing(page, column)
    return listing


def read_fields(source: Source, capture: Capture) -> PageFields:
    """The fields that a source's own ``pages.py`` finds on a notice page, if it has one.

    Raises:
        BadSourceFile: The pages.py cannot be loaded.
        UnreadablePage: It stumbled over the page.
    """
    file = source.folder / PAGES_FILE if source.folder else None
    if file is None or not file.is_file():
        return PageFields()
    pages = _load_pages(file)
    try:
        fields = pages.read_fields(capture)
    except Exception as error:
        raise UnreadablePage(
            f"{file} stumbled over {capture.url}: {type(error).__name__}: {error}.",
            source=source.id,
            url=capture.url,
        ) from error
    if not isinstance(fields, PageFields):
        raise BadSourceFile(f"{file}: `read_fields` gave {type(fields).__name__}.", file=file)
    return fields


@lru_cache(maxsize=256)
def _load_pages(file: Path) -> ModuleType:
    name = f"hongtou_pages_{file.parent.name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise BadSourceFile(f"{file}: cannot be loaded: {error}.", file=file) from error
    if not callable(getattr(module, "read_fields", None)):
        raise BadSourceFile(f"{file}: has no `read_fields(capture)`.", file=file)
    return module
