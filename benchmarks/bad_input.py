"""How long hostile and broken pages take: ``python benchmarks/bad_input.py [WORD]``.

Prints the size, CPU seconds and flags of each, or of those whose name holds WORD, and at the end
the most memory that was in use. What is reached stands in ``docs/reading.md``.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

from archive.ingest import read_bytes

SENTENCE = "第一条，为了规范管理，经市政府同意，制定本办法。"
LONG = "各地要高度重视，加强领导，认真落实，" * 30


def repeated(piece: str, times: int) -> Callable[[], str]:
    return lambda: piece * times


PAGES: dict[str, Callable[[], str]] = {
    "video only": repeated("<h1>某市召开会议</h1><video src=a.mp4></video>", 1),
    "10,000 links": repeated("<li><a href=/a>关于做好工作的通知</a></li>", 10_000),
    "5,000 nested <div>": repeated("<div>", 5_000),
    "100,000 nested <div>": repeated("<div>", 100_000),
    "100,000 nested <span>": repeated("<span>", 100_000),
    "2,000 nested tables": repeated("<table><tr><td>", 2_000),
    "20,000 fonts opened anew": lambda: "".join(f"<p><font color={i}>" for i in range(20_000)),
    "20 MB in paragraphs": lambda: f"<p>{LONG}。</p>" * 12_000,
    "20 MB in one": lambda: f"<p>{LONG * 12_000}</p>",
    "20,000 lines of broken entities": repeated(
        "<p>&#x4e0&#;&#xZZ;&notin&nbsp;&lt各地</p>", 20_000
    ),
    "50,000 years in brackets": repeated("〔2024〕", 50_000),
    "20,000 document numbers": repeated("国发〔2024〕5号、", 20_000),
    "50,000 dates": repeated("2024年1月2日", 50_000),
    "30,000 lines of dates": repeated("<p>2024年1月2日</p>", 30_000),
    "20,000 headings": repeated("<h1 class=title>关于做好工作的通知</h1>", 20_000),
    "20,000 labels": repeated("<p>发文字号：</p>", 20_000),
    "one row of 50,000 labels": lambda: f"<table><tr>{'<td>文号</td>' * 50_000}</tr></table>",
    "50,000 spans in a line": repeated("<span>发</span>", 50_000),
    "100,000 opened comments": repeated("<!--", 100_000),
    "a million angles": repeated("<", 1_000_000),
    "20,000 scripts that write": repeated('<script>document.write("来源："+a)</script>', 20_000),
    "right-to-left marks": repeated("\u202e各地\u200f", 100_000),
    "20,000 notes of pinyin": repeated("政(zheng)府(fu)", 20_000),
}


def main() -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    for name, make in PAGES.items():
        if word not in name:
            continue
        body = f"<html><body>{make()}<p>{SENTENCE}</p></body></html>".encode()
        start = time.process_time()
        reading = read_bytes(body)
        seconds = time.process_time() - start
        print(f"{name:32} {len(body) / 1e6:7.2f} MB {seconds:7.2f} s  {', '.join(reading.flags)}")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
