"""Ways of listing and paging: one module a publishing system.

A dialect is a module here with ``read_listing(page, column) -> Listing``, a pure function,
and ``OPTIONS``, the names and types of the options a column may give it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from archive.errors import UnknownDialect


def dialect_names() -> tuple[str, ...]:
    """The names of all dialects, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def find_dialect(name: str) -> ModuleType:
    """The module of a dialect.

    Raises:
        UnknownDialect: There is none of that name.
    """
    names = dialect_names()
    if name not in names:
        raise UnknownDialect(f"There is no dialect {name!r}; there are {', '.join(names)}.")
    return import_module(f"{__name__}.{name}")


def dialect_options(name: str) -> dict[str, type]:
    """The options a dialect takes, each with its type."""
    options: dict[str, type] = find_dialect(name).OPTIONS
    return options
