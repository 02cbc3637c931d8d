"""Writing a source.toml, for a person to finish."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archive.notice import Column, Source
from spiders.durations import write_span


def render_source(source: Source) -> str:
    """Write a source as TOML, in the order of docs/adding-a-source.md."""
    lines = [
        f"name = {_toml(source.name)}",
        f"hosts = {_toml(list(source.hosts))}",
        f"trust = {_toml(source.trust.name.lower())}",
    ]
    if source.jurisdiction:
        lines.append(f"jurisdiction = {_toml(source.jurisdiction)}")
    lines += [
        f"issuing_bodies = {_toml(list(source.issuing_bodies))}",
        f"delay_seconds = {source.delay.total_seconds()}",
        f"enabled = {_toml(source.enabled)}",
        f'notes = """\n{_toml_block(source.notes)}\n"""',
        "",
        "[page]",
        f"body = {_toml(list(source.page.body))}",
        f"title = {_toml(list(source.page.title))}",
        f"remove = {_toml(list(source.page.remove))}",
    ]
    for column in source.columns:
        lines += ["", *_column_lines(column)]
    return "\n".join(lines) + "\n"


def _column_lines(column: Column) -> list[str]:
    rhythm = column.rhythm
    lines = ["[[columns]]"]
    lines += _pairs({"id": column.id, "name": column.name, "url": column.url})
    lines += _pairs({"dialect": column.dialect, "topic": column.topic})
    lines += _pairs({"at_least": column.at_least, "max_pages": column.max_pages})
    if column.posting is not None:
        lines += _pairs({"post": column.posting.body.decode()})
        lines += _pairs({"post_type": column.posting.media_type})
    if not column.watched:
        lines += _pairs({"watched": False})
    spans = {"every": rhythm.every, "jitter": rhythm.jitter, "recheck": rhythm.recheck}
    lines += _pairs({name: write_span(span) for name, span in spans.items()})
    if rhythm.quiet_from and rhythm.quiet_until:
        lines += _pairs({"quiet": f"{rhythm.quiet_from:%H:%M}-{rhythm.quiet_until:%H:%M}"})
    return [*lines, "[columns.options]", *_pairs(column.options)] if column.options else lines


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_toml(value)}" for name, value in values.items()]


def _toml(value: Any) -> str:
    """A TOML value; JSON's texts, numbers, truths and flat lists are TOML too."""
    # TOML forbids U+007F where JSON does not escape it.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_block(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''").replace("\x7f", "")
