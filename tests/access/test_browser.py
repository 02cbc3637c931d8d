"""The pages in a real browser: both languages, without scripts, by keyboard, on narrow screens."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip

#: Every input has a label, every page one h1 and its landmarks, every list only items.
STRUCTURE = """() => {
  const faults = [];
  const visible = e => e.checkVisibility();
  for (const e of document.querySelectorAll('input:not([type=hidden]), select'))
    if (!e.labels || !e.labels.length) faults.push('no label: ' + e.name);
  for (const e of document.querySelectorAll('a, button'))
    if (!(e.textContent.trim() || e.getAttribute('aria-label')))
      faults.push('no name: ' + e.outerHTML);
  for (const [one, wanted] of [['h1', 1], ['main', 1], ['header.site', 1], ['footer.site', 1]])
    if (document.querySelectorAll(one).length !== wanted) faults.push(one + ' not once');
  for (const e of document.querySelectorAll('ul, ol'))
    for (const child of e.children)
      if (child.tagName !== 'LI') faults.push('list of ' + child.tagName);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) faults.push('an id twice');
  for (const name of ['aria-labelledby', 'aria-describedby'])
    for (const e of document.querySelectorAll(`[${name}]`))
      for (const id of e.getAttribute(name).split(' '))
        if (!document.getElementById(id)) faults.push('points nowhere: ' + id);
  let level = 0;
  for (const e of [...document.querySelectorAll('h1, h2, h3, h4')].filter(visible)) {
    const now = Number(e.tagName[1]);
    if (now > level + 1) faults.push('heading skips to ' + e.tagName);
    level = now;
  }
  return faults;
}"""

#: WCAG 2.2, 1.4.3: 4.5 to 1 for all text, whatever its size.
CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const faults = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest('option')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(ratio.toFixed(2) + ' ' + e.outerHTML.slice(0, 80));
  }
  return faults;
}"""

FOCUSED = "document.activeElement.textContent.trim() || document.activeElement.name"


def chromium() -> str | None:
    """The browser to use: as named by CHROMIUM, or as installed."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser."""
    executable = chromium()
    if executable is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium, and CI=true.")
        pytest.skip("There is no Chromium: set CHROMIUM to its path to run the browser tests.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def site(tmp_path: Any, shelf: Any) -> Iterator[str]:
    """The address of a server of the shelf."""
    import socket

    import uvicorn

    from archive.access.app import make_app
    from archive.notice import Home

    shelf.revise(shelf.log[0].notice_id, "改了。\n序号\t项目\n1\t医联体")
    listening = socket.create_server(("127.0.0.1", 0))
    app = make_app(Home(tmp_path), "", library=shelf)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


def paths(shelf: Any) -> tuple[str, ...]:
    notice = f"/notices/{shelf.log[0].notice_id}"
    return ("/", "/search?q=巴南&region=50", notice, notice + "?version=1", "/sources", "/about")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_sound_and_quiet(
    browser: Any, site: str, shelf: Any, locale: str, scheme: str
) -> None:
    context = browser.new_context(locale=locale, color_scheme=scheme)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    for path in paths(shelf):
        page.goto(site + path)
        assert page.get_attribute("html", "lang") == ("zh-CN" if locale == "zh-CN" else "en")
        assert page.evaluate(STRUCTURE) == [], path
        assert page.evaluate(CONTRAST) == [], path
    assert said == []
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_screen(browser: Any, site: str, shelf: Any, width: int) -> None:
    made = shelf.put("无空格的长标题" * 40, "A" * 3000 + "\n" + "甲\t乙" * 20)
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in (*paths(shelf), f"/notices/{made}", "/search"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_a_reader_without_scripts_searches_filters_and_reads(
    browser: Any, site: str, shelf: Any
) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_label("检索公文").fill("医药卫生体制改革")
    page.get_by_role("button", name="检索").click()
    page.get_by_text("筛选条件").click()
    page.get_by_label("地区").select_option("23")
    page.get_by_role("button", name="检索").click()
    page.get_by_role("link", name="哈尔滨市人民政府办公厅关于印发").click()
    assert page.locator("h1").inner_text().startswith("哈尔滨市人民政府办公厅关于印发")
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", name="Evidence").is_visible()
    page.get_by_role("link", name="Sources").click()
    assert page.get_by_role("heading", name="Alarms").is_visible()
    context.close()


def test_the_keyboard_comes_first_to_the_content(browser: Any, site: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(site)
    order = []
    for _ in range(10):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate(
                "document.activeElement.textContent.trim() || document.activeElement.name"
            )
        )
    assert order[0] == "Skip to the content"
    rooms = ["Search", "Places", "Numbers", "Wanted", "Sources", "Feeds & API"]
    assert order[2:] == [*rooms, "中文", "q"]
    context.close()
