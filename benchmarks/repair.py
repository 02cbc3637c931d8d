"""How well damaged text comes back: ``python benchmarks/repair.py [options] [TEXTS…]``.

Clean notices are damaged anew by the mirror engine's mechanism and mended. The measure is honest:
for every fold a language model is built without the texts that are measured by it, from the other
texts and what ``--background`` and ``--words`` name (see script/build-language-model). Without
TEXTS it takes ``../shared/pages/numbers/nhc.jsonl`` where it is there, else the replica's texts.

Prints, for each dialect of the engine: characters right; breaks right, wrong (something else was
put there) and left as they were; lines changed though they were whole; seconds.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from mangling import DIALECTS, Break, Dialect, can_be_mangled, folded, mangle  # noqa: E402 — found below ROOT

from archive.ingest.repair import Mended, language_model, mend  # noqa: E402 — the same
from archive.ingest.repair.gaps import GAP  # noqa: E402 — the same

NHC = ROOT.parent / "shared" / "pages" / "numbers" / "nhc.jsonl"
REPLICA = ROOT / "crawler" / "replica" / "web"


@dataclass(kw_only=True)
class Score:
    """What came of one dialect."""

    characters: int = 0
    characters_wrong: int = 0
    breaks: Counter[str] = field(default_factory=Counter)  #: right, wrong, left
    whole_lines_changed: int = 0
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = 1 - self.characters_wrong / max(1, self.characters)
        right, wrong = self.breaks["right"], self.breaks["wrong"]
        left, gaps = self.breaks["left"], self.breaks["left open"]
        return (
            f"{100 * share:8.4f} % of {self.characters} characters; of {self.breaks.total()} "
            f"breaks {right} right, {wrong} wrong, {gaps} right but for a □, {left} left; "
            f"{self.whole_lines_changed} whole lines changed; {self.seconds:.1f} s"
        )


def main() -> None:
    """Read the command line, build a model for each fold, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", nargs="*", type=Path)
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--background", nargs="*", type=Path, default=[])
    parser.add_argument("--words", type=Path)
    parser.add_argument("--shipped", action="store_true", help="the model as it is, not held out")
    parser.add_argument("--dialects", nargs="*", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("-v", "--verbose", action="store_true", help="print what is not right")
    arguments = parser.parse_args()
    texts = clean_texts(arguments.texts)
    print(f"{len(texts)} texts, {sum(map(len, texts))} characters")
    scores = {dialect: Score() for dialect in arguments.dialects}
    if arguments.shipped:
        measure(texts, scores)
    else:
        measure_held_out(texts, scores, arguments)
    for dialect, score in scores.items():
        print(f"{dialect:<11}{score}")
        if arguments.verbose:
            print(*(f"    {error}" for error in score.errors), sep="\n")


def measure_held_out(
    texts: Sequence[str], scores: dict[Dialect, Score], arguments: argparse.Namespace
) -> None:
    builder = load_builder()
    background = builder.count(arguments.background)
    words = builder.count_words(arguments.words) if arguments.words else None
    for fold in range(arguments.folds):
        others = [text for n, text in enumerate(texts) if n % arguments.folds != fold]
        packed = builder.build(builder.count_lines(others), background, words)
        with tempfile.TemporaryDirectory() as folder:
            use_model(Path(folder) / "model.xz", packed)
            measure(texts[fold :: arguments.folds], scores)


def load_builder() -> ModuleType:
    """script/build-language-model, which has no suffix."""
    loader = SourceFileLoader("build_language_model", str(ROOT / "script/build-language-model"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[loader.name] = module  # dataclasses look their module up
    loader.exec_module(module)
    return module


def use_model(file: Path, packed: bytes) -> None:
    file.write_bytes(packed)
    language_model.MODEL_FILE = file
    language_model.load_language_model.cache_clear()
    language_model.load_language_model()


def clean_texts(paths: Sequence[Path]) -> list[str]:
    """The texts to measure, without lines that cannot be damaged so that one answer is right."""
    if not paths:
        paths = [NHC] if NHC.is_file() else sorted(REPLICA.rglob("*.txt"))
    builder = load_builder()
    texts = ["\n".join(filter(can_be_mangled, text.split("\n"))) for text in builder.texts(paths)]
    return [text for text in texts if len(text) > 200]


def measure(texts: Sequence[str], scores: dict[Dialect, Score]) -> None:
    for dialect, score in scores.items():
        for seed, text in enumerate(texts):
            if mend(text).text != text:
                score.errors.append(f"a clean text was changed: {text[:40]}")
                score.whole_lines_changed += 1
            mangled = mangle(text, dialect, seed=seed)
            start = time.perf_counter()
            mended = mend(mangled.text)
            score.seconds += time.perf_counter() - start
            judge(text, mangled.text, mangled.breaks, mended, score)


def judge(text: str, shown: str, breaks: Sequence[Break], mended: Mended, score: Score) -> None:
    repaired = places_of_repairs(mended)
    by_line: dict[int, list[Break]] = {}
    for each in breaks:
        by_line.setdefault(each.line, []).append(each)
    lines = zip(text.split("\n"), shown.split("\n"), mended.text.split("\n"), strict=True)
    for number, (clean, mangled, got) in enumerate(lines):
        wanted, is_now = folded(clean), folded(got)
        faults = differences(is_now, wanted)
        score.characters += len(wanted)
        score.characters_wrong += sum(max(b - a, d - c) for a, b, c, d in faults)
        here = by_line.get(number, [])
        if faults and not here:
            score.whole_lines_changed += 1
            score.errors.append(f"whole line: {shown_faults(is_now, wanted, faults)}")
        for index, each in enumerate(here):
            ends = here[index + 1].of if index + 1 < len(here) else len(clean)
            how = judged(each, ends, clean, is_now, faults, repaired.get(number, []))
            score.breaks[how] += 1
            if how != "right":
                around = clean[max(0, each.of - 6) : each.of + 8]
                seen = mangled[max(0, each.at - 4) : each.at + 14]
                score.errors.append(
                    f"{how}: {around!r} seen {seen!r} got {shown_faults(is_now, wanted, faults)}"
                )


def judged(
    each: Break,
    ends: int,
    clean: str,
    got: str,
    faults: Sequence[tuple[int, int, int, int]],
    repaired: Sequence[tuple[int, int]],
) -> str:
    """Whether one break came back: no fault from just before it to the next one."""
    start, stop = len(folded(clean[: each.of])) - 1, len(folded(clean[:ends])) - 1
    if ends == len(clean):
        stop += 2
    if not any(start <= d and c < stop for _, _, c, d in faults):
        return "right"
    here = [(a, b) for a, b, c, d in faults if start <= d and c < stop]
    if all(set(got[a:b]) == {GAP} for a, b in here):
        return "left open"
    touched = any(first - 3 <= each.at <= last + 3 for first, last in repaired)
    return "wrong" if touched else "left"


def places_of_repairs(mended: Mended) -> dict[int, list[tuple[int, int]]]:
    """Line (from 0) to the stretches of it that were put right."""
    found: dict[int, list[tuple[int, int]]] = {}
    for repair in mended.repairs:
        place = re.fullmatch(r"line (\d+), character (\d+)", repair.where)
        if repair.kind == "byte-damage" and place:
            start = int(place[2]) - 1
            found.setdefault(int(place[1]) - 1, []).append((start, start + len(repair.before)))
    return found


def differences(got: str, wanted: str) -> list[tuple[int, int, int, int]]:
    if got == wanted:
        return []
    codes = SequenceMatcher(None, got, wanted, autojunk=False).get_opcodes()
    return [(a, b, c, d) for tag, a, b, c, d in codes if tag != "equal"]


def shown_faults(got: str, wanted: str, faults: Sequence[tuple[int, int, int, int]]) -> str:
    return " | ".join(
        f"{got[max(0, a - 3) : b + 3]!r} for {wanted[max(0, c - 3) : d + 3]!r}"
        for a, b, c, d in faults[:3]
    )


if __name__ == "__main__":
    main()
