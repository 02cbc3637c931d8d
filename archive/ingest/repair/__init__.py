"""Undo what a mirror's engine did to a text."""

from archive.ingest.repair.mend import Mended, mend

__all__ = ["Mended", "mend"]
