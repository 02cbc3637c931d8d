"""The whole walk against bare Scrapy and wget: pages a second, ratios, peak memory.

    python benchmarks/walk.py [--pages 1240] [--runs 3]

Serves synthetic notices of 52 kB from nginx on 127.0.0.1 (needs nginx; wget is left out where it is
missing) and fetches the same pages by each contender in turn, so that a busy machine slows all
alike. Hongtou fetches, writes WARC, reads, catalogues and indexes; bare Scrapy, with its default
settings, throws the pages away. Prints medians; a ratio below 1 means faster than bare Scrapy. CPU
is that of all a contender's processes: a busy machine lengthens it less than the seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

HOSTS = 8
PAGE_SIZE = 52_000
SUBJECTS = [
    "医疗保障",
    "公立医院",
    "分级诊疗",
    "药品采购",
    "基层卫生",
    "中医药",
    "医疗服务价格",
    "家庭医生",
]
PLACES = ["东安", "西宁", "南川", "北屯", "上源", "下河", "清泉", "白石"]
CHARACTERS = "加强完善推进落实建立健全制度机制服务体系改革医疗卫生保障能力建设管理监督基层人民群众"

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 256; }}
http {{ access_log off; types {{ text/html html; }} client_body_temp_path {folder}/t1;
  proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5; keepalive_requests 100000;
  server {{ listen 127.0.0.1:{port}; root {folder}/web/$host; }} }}
"""
SOURCE = """
name = "{host}"
hosts = ["{host}"]
trust = "issuer"
jurisdiction = "5001{number:02d}"
delay_seconds = 0.0
[[columns]]
id = "all"
name = "文件"
url = "http://{host}/zcwj/index.html"
dialect = "trs"
topic = "all"
"""
SCRAPY = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    def start_requests(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url, callback=self.parse)
    async def start(self):
        for request in self.start_requests():
            yield request
    def parse(self, response):
        pass
process = CrawlerProcess({"LOG_LEVEL": "ERROR"})
process.crawl(Bare)
process.start()
"""
HONGTOU = """
import json, sys
from pathlib import Path
def main():
    # Not above: the processes beside the crawl's import this file again.
    from archive.access.index import SearchIndex
    from archive.catalogue import Catalogue
    from archive.commands import make_home
    from archive.notice import Home
    from archive.settings import read_settings
    from crawler.look import choose_sources, look_at_all
    from crawler.loop import run
    from crawler.session import Session
    home, dial, names = Home(Path(sys.argv[1])), sys.argv[2], sys.argv[3].split(",")
    make_home(home)
    async def crawl(stop):
        changed = {"dial": dial, "host_delay_seconds": 0.0}
        settings = read_settings(home).model_copy(update=changed)
        async with Session(home, settings, source_folders=[Path(sys.argv[4])]) as session:
            return await look_at_all(session, choose_sources(session, names), stop)
    looks = run(crawl)
    with Catalogue.open(home.catalogue_url, read_only=True) as catalogue:
        SearchIndex.open(home.index).follow(catalogue)
        outcomes = {look.outcome for look in looks}
        print(json.dumps({"notices": catalogue.count_notices(), "looks": sorted(outcomes)}))
if __name__ == "__main__":
    main()
"""


def make_web(folder: Path, pages: int) -> list[str]:
    """Write the synthetic sites; return the URLs of their notices."""
    chance = random.Random(20170)
    urls = []
    for number in range(HOSTS):
        host = f"site{number}.bench.example"
        root = folder / "web" / host / "zcwj"
        (root / "202401").mkdir(parents=True)
        rows = []
        for serial in range(1, pages // HOSTS + 1):
            title = (
                f"{PLACES[number]}市人民政府关于{chance.choice(SUBJECTS)}工作第{serial}项安排的通知"
            )
            name = f"202401/t20240105_{number}{serial:05d}.html"
            (root / name).write_text(_page(title, PLACES[number], serial, chance), encoding="utf-8")
            rows.append(
                f'<li><a href="./{name}" title="{title}">{title}</a><span>2024-01-05</span>'
            )
            urls.append(f"http://{host}/zcwj/{name}")
        listing = f"<html><head><meta charset=utf-8></head><ul>{''.join(rows)}</ul>"
        listing += '<script>createPageHTML(1,0,"index","html");</script></html>'
        (root / "index.html").write_text(listing, encoding="utf-8")
        source = folder / "sources" / "city" / f"bench{number}"
        source.mkdir(parents=True)
        (source / "source.toml").write_text(SOURCE.format(host=host, number=number))
    return urls


def _page(title: str, place: str, serial: int, chance: random.Random) -> str:
    body = "".join(f"<p>{_sentence(chance)}</p>\n" for _ in range(40))
    meta = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-01-05">'
    page = (
        f"<html><head><meta charset=utf-8><title>政策文件</title>{meta}</head><body>"
        f"<h1>{title}</h1><div class='TRS_Editor'><p>{place}府发〔2024〕{serial}号</p>"
        f"<p>各区人民政府，市政府各部门：</p>{body}<p>{place}市人民政府</p><p>2024年1月3日</p></div>"
    )
    script = "<script>" + "var furniture = 1;\n" * 2000
    return page + script[: PAGE_SIZE - len(page.encode())] + "</script></body></html>"


def _sentence(chance: random.Random) -> str:
    return "".join(chance.choices(CHARACTERS, k=60)) + "。"


@contextmanager
def nginx(folder: Path) -> Iterator[int]:
    """Serve the folder on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port))
    server = subprocess.Popen(["nginx", "-c", str(conf)], stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        yield port
    finally:
        server.terminate()
        server.wait()


class Took(NamedTuple):
    """What one run of a contender took."""

    seconds: float
    cpu: float
    peak: int  #: resident kilobytes of its largest process
    said: str


def timed(command: list[str], **options: object) -> Took:
    """Run a command to its end."""
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        # `options` are passed on as they come; their types are the callers' own.
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload]
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{command[0]} failed: {error.decode()[-2000:]}")
        output.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        return Took(time.monotonic() - begun, cpu, usage.ru_maxrss, output.read())


def contenders(
    folder: Path, urls: list[str], port: int, run: int
) -> Iterator[tuple[str, list[str]]]:
    """The commands of one round, in turn."""
    (folder / "bare.py").write_text(SCRAPY)
    (folder / "ours.py").write_text(HONGTOU)
    direct = folder / "urls.txt"
    direct.write_text("\n".join(urls))
    names = ",".join(f"bench{number}" for number in range(HOSTS))
    home = folder / f"home-{run}"
    ours = [str(folder / "ours.py"), str(home), f"127.0.0.1:{port}", names, str(folder / "sources")]
    yield "scrapy, bare", [sys.executable, str(folder / "bare.py"), str(direct)]
    yield "hongtou", [sys.executable, *ours]
    if shutil.which("wget"):
        warc = str(folder / f"wget-{run}")
        yield (
            "wget --warc-file",
            ["wget", "-q", "-i", str(direct), "-O", "/dev/null", "--warc-file", warc],
        )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pages", type=int, default=1240)
    options.add_argument("--runs", type=int, default=3)
    asked = options.parse_args()
    if not shutil.which("nginx"):
        raise SystemExit("This benchmark needs nginx on the PATH.")
    runs: dict[str, list[Took]] = {}
    with tempfile.TemporaryDirectory(prefix="hongtou-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # under root, nginx serves as nobody
        urls = make_web(folder, asked.pages)
        with nginx(folder) as port:
            # Bare Scrapy and wget reach the same files by a proxy's way: nginx itself.
            environment = {**os.environ, "http_proxy": f"http://127.0.0.1:{port}"}
            environment["PYTHONPATH"] = str(Path(__file__).parent.parent)
            for run in range(asked.runs):
                for who, command in contenders(folder, urls, port, run):
                    took = timed(command, env=environment)
                    runs.setdefault(who, []).append(took)
                    if who == "hongtou":
                        print(f"  {json.loads(took.said)}", file=sys.stderr)
    _print(asked.pages, runs)


def _print(pages: int, runs: dict[str, list[Took]]) -> None:
    base = runs["scrapy, bare"]
    bare = statistics.median(one.seconds for one in base)
    head = f"{'seconds':>8} {'pages/s':>8} {'ratio':>6} {'CPU s':>6} {'MB':>6}"
    print(f"{'':18} {head}   ({pages} pages)")
    for who, took in runs.items():
        middle = statistics.median(one.seconds for one in took)
        ratio = statistics.median(
            one.seconds / other.seconds for one, other in zip(took, base, strict=True)
        )
        cpu = statistics.median(one.cpu for one in took)
        peak = max(one.peak for one in took) / 1024
        print(f"{who:18} {middle:8.2f} {pages / middle:8.0f} {ratio:6.2f} {cpu:6.2f} {peak:6.0f}")
    print(f"bare Scrapy: {bare / pages * 1000:.2f} ms a page; start-up is in every figure")


if __name__ == "__main__":
    main()
