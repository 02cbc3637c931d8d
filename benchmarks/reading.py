"""How well and how fast pages are read: ``python benchmarks/reading.py [PAGES] [-v]``.

PAGES is a folder of third-party pages with their gold (``detail/``, ``numbers/``, ``news/``),
by default ``../shared/pages``. They are not part of the project; without them this prints so
and ends. Prints hits per field, body F1 on news, and milliseconds a page, beside what other
readers find: trafilatura, and GNE and readability where these are installed
(``pip install gne readability-lxml``; the project does not need them).

Thresholds of ``archive/ingest`` are calibrated on this table as a whole: run all of it after
changing one. What is reached is pinned in ``tests/ingest/floors.toml``.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archive.ingest import read_bytes
from archive.ingest.furniture import furniture_kind
from archive.notice import DocumentNumber, Reading

_BLANK = re.compile(r"[\s\u3000\u200b\ufeff\xa0]+")


def bare(text: str | None) -> str:
    return _BLANK.sub("", text or "")


def same_number(got: str | None, gold: str | None) -> bool:
    if not got or not gold:
        return not got and not gold
    a, b = DocumentNumber.parse(got, labelled=True), DocumentNumber.parse(gold, labelled=True)
    return a == b if a and b else bare(got) == bare(gold)


def judge_detail(reading: Reading, gold: dict[str, Any]) -> dict[str, bool | None]:
    text = bare(reading.text)
    first, last = bare(gold.get("body_first")), bare(gold.get("body_last"))
    lines = [bare(line) for line in reading.text.split("\n")]
    head, tail = "".join(lines[:2]), "".join(lines[-3:])
    return {
        "own number": same_number(reading.document_number, gold["document_number"]),
        "title": bare(reading.title) == bare(gold["title"]),
        "published": str(reading.published_on or None) == str(gold["published_date"] or None),
        "written": str(reading.written_on or None) == str(gold["written_date"] or None),
        "body begins": first[:12] in head if first else None,
        "body ends": last[-8:] in tail if last else None,
        "body whole": (first in text and last in text) if first else None,
        "furniture gone": not any(bare(piece) in text for piece in gold["must_not_contain"]),
        "cited": set(gold["cited_numbers"]) <= set(reading.cited_numbers)
        if gold["cited_numbers"] and "pattern" not in gold["gold_method"]
        else None,
        "issuing body": bare(gold["issuing_body"]) in bare("、".join(reading.issuing_bodies))
        if gold["issuing_body"]
        else None,
    }


def detail(folder: Path, verbose: bool) -> None:
    hits: dict[str, list[bool]] = defaultdict(list)
    for page in sorted(folder.glob("*.html")):
        gold = json.loads(page.with_suffix(".json").read_text("utf-8"))
        reading = read_bytes(page.read_bytes(), url=gold["url"])
        for field, hit in judge_detail(reading, gold).items():
            if hit is None:
                continue
            hits[field].append(hit)
            if verbose and not hit:
                key = {
                    "own number": "document_number",
                    "published": "published_date",
                    "written": "written_date",
                    "issuing body": "issuing_body",
                    "cited": "cited_numbers",
                }.get(field, field)
                got = {
                    "own number": reading.document_number,
                    "title": reading.title,
                    "published": reading.published_on,
                    "written": reading.written_on,
                    "issuing body": reading.issuing_bodies,
                    "cited": reading.cited_numbers,
                    "body begins": reading.text[:60],
                    "body ends": reading.text[-80:],
                }.get(field)
                want = gold.get(key) or (gold["body_first"], gold["body_last"])
                print(f"  {page.stem} {field}: got {got!r}, want {want!r}")
    print_table("detail pages", hits)


def numbers(folder: Path, verbose: bool) -> None:
    hits: dict[str, list[bool]] = defaultdict(list)
    for line in (folder / "nhc.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        page = f"{gold['title']}\n\n{gold['text']}"
        reading = read_bytes(page.encode(), media_type="text/plain")
        hit = same_number(reading.document_number, gold["document_number"])
        hits["own number" if gold["document_number"] else "none where none"].append(hit)
        hits["title"].append(bare(reading.title) == bare(gold["title"]))
        if verbose and not hit:
            print("  nhc", gold["id"], reading.document_number, gold["document_number"])
        if verbose and not hits["title"][-1]:
            print("  nhc", gold["id"], "title", reading.title, "|", gold["title"])
    print_table("NHC texts", hits)


def f1(got: str, gold: str) -> float:
    a, b = Counter(bare(got)), Counter(bare(gold))
    common = sum((a & b).values())
    return 2 * common / (sum(a.values()) + sum(b.values())) if common else 0.0


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What a general reader finds on a page."""

    title: str
    text: str


def by_trafilatura(page: str) -> Extract:
    import trafilatura

    text = trafilatura.extract(page, include_comments=False) or ""
    facts = trafilatura.extract_metadata(page)
    return Extract(title=(facts.title if facts else None) or "", text=text)


def by_gne(page: str) -> Extract:
    from gne import GeneralNewsExtractor

    found = GeneralNewsExtractor().extract(page)
    return Extract(title=found["title"], text=found["content"])


def by_readability(page: str) -> Extract:
    from lxml.html import fromstring
    from readability import Document

    document = Document(page)
    return Extract(title=document.title(), text=fromstring(document.summary()).text_content())


#: Others by the module they need; those that are not installed are left out.
OTHERS: dict[str, tuple[str, Callable[[str], Extract]]] = {
    "trafilatura": ("trafilatura", by_trafilatura),
    "GNE": ("gne", by_gne),
    "readability": ("readability", by_readability),
}


def others() -> dict[str, Callable[[str], Extract]]:
    return {name: read for name, (module, read) in OTHERS.items() if find_spec(module)}


def by_hongtou(page: str) -> Extract:
    reading = read_bytes(page.encode())
    return Extract(title=reading.title or "", text=reading.text)


def first_number(text: str) -> str | None:
    """What a first match in a text would take for the notice's own number."""
    match = re.search(r"[一-鿿]{2,12}〔\d{4}〕\d+号", text)
    return match.group() if match else None


def beside_others(folder: Path) -> None:
    """Title, furniture left in, body whole and own number, reader by reader."""
    readers = {"hongtou": by_hongtou, **others()}
    hits: dict[str, dict[str, list[bool]]] = {name: defaultdict(list) for name in readers}
    for path in sorted(folder.glob("*.html")):
        gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
        page = path.read_bytes().decode("utf-8", errors="ignore")
        for name, reader in readers.items():
            try:
                found = reader(page)
            except Exception:  # noqa: BLE001 - a reader that fails on a page has found nothing
                found = Extract(title="", text="")
            each, text = hits[name], bare(found.text)
            each["title"].append(bare(found.title) == bare(gold["title"]))
            each["furniture"] += [bare(one) not in text for one in gold["must_not_contain"]]
            ends = [bare(gold[key]) for key in ("body_first", "body_last") if gold[key]]
            each["body"].append(all(end in text for end in ends))
            number = (
                read_bytes(path.read_bytes(), url=gold["url"]).document_number
                if name == "hongtou"
                else first_number(found.text)
            )
            each["number"].append(same_number(number, gold["document_number"]))
    print(f"{'detail pages':14} {'title':>8} {'number':>8} {'body':>8} {'furniture gone':>15}")
    for name, each in hits.items():
        shares = (sum(each[key]) / len(each[key]) for key in ("title", "number", "body"))
        gone = sum(each["furniture"]) / len(each["furniture"])
        print(f"{name:14} " + " ".join(f"{one:8.1%}" for one in shares) + f" {gone:15.1%}")


def news(folder: Path, verbose: bool) -> None:
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    scores: dict[str, list[float]] = defaultdict(list)
    for name, row in gold.items():
        body = (folder / f"{name}.html").read_bytes()
        scores["hongtou"].append(f1(read_bytes(body, url=row.get("url")).text, row["content"]))
        for other, reader in others().items():
            text = reader(body.decode("utf-8", errors="ignore")).text
            scores[other].append(f1(text, row["content"]))
        if verbose:
            each = " ".join(f"{who} {score[-1]:.3f}" for who, score in scores.items())
            print(f"  {name} {each} {row.get('url')}")
    means = (f"{who} {sum(each) / len(each):.3f}" for who, each in scores.items())
    print(f"news body F1: {', '.join(means)}")


def speed(folder: Path) -> None:
    """Both readers in turn on each page, the best of three: other work on the machine shows
    in single figures."""
    import trafilatura

    readers = {"hongtou": read_bytes, "trafilatura": trafilatura.extract}
    times: dict[str, list[float]] = defaultdict(list)
    for path in sorted(folder.glob("*.html")):
        page = path.read_bytes()
        best = dict.fromkeys(readers, float("inf"))
        for _ in range(3):
            furniture_kind.cache_clear()  # each page is met for the first time
            for name, reader in readers.items():
                start = time.process_time()
                reader(page)
                best[name] = min(best[name], (time.process_time() - start) * 1000)
        for name, value in best.items():
            times[name].append(value)
    for name, each in times.items():
        each.sort()
        print(f"{name}: {sum(each) / len(each):.2f} ms a page, median {each[len(each) // 2]:.2f}")


def print_table(name: str, hits: dict[str, list[bool]]) -> None:
    print(f"{name}:")
    for field, each in hits.items():
        print(f"  {field:16} {sum(each):3} of {len(each):3}  {100 * sum(each) / len(each):5.1f} %")


def main() -> None:
    arguments = [one for one in sys.argv[1:] if one != "-v"]
    root = Path(__file__).resolve().parent.parent
    pages = Path(arguments[0]) if arguments else root.parent / "shared" / "pages"
    verbose = "-v" in sys.argv
    if not pages.is_dir():
        print(f"no pages at {pages}: nothing to measure")
        return
    for name, measure in (("detail", detail), ("numbers", numbers), ("news", news)):
        if (pages / name).is_dir():
            measure(pages / name, verbose)
    if (pages / "detail").is_dir():
        beside_others(pages / "detail")
        speed(pages / "detail")


if __name__ == "__main__":
    main()
