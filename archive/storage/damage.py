"""What is wrong with a WARC file, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.errors import DamagedWarc


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One fault of a file of the archive."""

    file: str
    offset: int
    what: str
    to_do: str
    record_id: str | None = None

    def __str__(self) -> str:
        record = f" {self.record_id}" if self.record_id else ""
        return f"{self.file} at {self.offset}{record}: {self.what}. {self.to_do}"

    def as_error(self) -> DamagedWarc:
        """The same as an error, for those who cannot go on."""
        return DamagedWarc(
            f"{self.file} at {self.offset}: {self.what}.",
            next_step=self.to_do,
            file=self.file,
            offset=self.offset,
            record_id=self.record_id,
        )


OnDamage = Callable[[Damage], None]

RESTORE = "Restore the file from a copy."


def raise_damage(damage: Damage) -> None:
    """Stop at the first fault.

    Raises:
        DamagedWarc: Always.
    """
    raise damage.as_error()
