"""No page that is whole may be touched: zero false repairs on saved real pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.ingest.challenge import find_challenge
from archive.ingest.repair import mend
from archive.ingest.spam import find_spam

PAGES = Path(__file__).resolve().parents[3] / "shared" / "pages"
FILES = sorted(
    file
    for folder in ("detail", "news", "list", "numbers")
    for file in (PAGES / folder).glob("*.*")
)


def lines(text: str) -> list[str]:
    shown = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", "\n", text)
    return [line.strip() for line in shown.splitlines() if line.strip()]


def decoded(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


@pytest.mark.skipif(not FILES, reason="the folder of saved third-party pages is not here")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_real_page_is_left_alone(file: Path) -> None:
    text = decoded(file)
    assert mend(text).text == text
    assert not find_spam(lines(text)).lines
    if file.suffix == ".html":
        assert find_challenge(200, (), file.read_bytes()) is None
        assert find_challenge(202, (), file.read_bytes()) is None
