"""A look in words: a line for a person, a value for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.look import Look


def look_json(look: Look) -> dict[str, Any]:
    """A look as a JSON value."""
    return {
        "source": look.source,
        "run": look.run,
        "outcome": look.outcome,
        "blocked_by": look.blocked_by,
        **look.counts,
    }


def look_line(look: Look) -> str:
    """A look in one line for a person."""
    said = [f"{count} {name}" for name, count in look.counts.items() if count]
    blocked = f" by {look.blocked_by}" if look.blocked_by else ""
    return f"{look.source}: {look.outcome}{blocked}; {', '.join(said) or 'nothing new'}"
