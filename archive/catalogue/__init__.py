"""Data management: what is known of every notice, decided, numbered and kept in a database."""

from archive.catalogue.arrival import Arrival, SourceFacts

__all__ = ["Arrival", "SourceFacts"]
