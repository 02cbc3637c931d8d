"""Data management: what is known of every notice, decided, numbered and kept in a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.catalogue.arrival import Arrival, SourceFacts

if TYPE_CHECKING:
    from archive.catalogue.catalogue import Catalogue

__all__ = ["Arrival", "Catalogue", "SourceFacts"]


def __getattr__(name: str) -> Any:
    """`Catalogue` brings SQLAlchemy with it, so it is imported by those who open one."""
    if name == "Catalogue":
        from archive.catalogue.catalogue import Catalogue

        return Catalogue
    raise AttributeError(name)
