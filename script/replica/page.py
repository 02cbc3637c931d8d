"""From a template and values to the bytes of a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from replica.paragraphs import Paragraph

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def render(template: str, *, charset: str = "utf-8", newline: str = "\n", **values: Any) -> bytes:
    """Render a page in its charset and with the line ends of its system."""
    return _PAGES.get_template(template).render(values).replace("\n", newline).encode(charset)


def render_body(paragraphs: list[Paragraph], one: Callable[[str, str], str], glue: str) -> str:
    """Join paragraphs, each dressed by `one(text, place)` with its text escaped."""
    return glue.join(one(str(escape(each.text)), each.place) for each in paragraphs)
