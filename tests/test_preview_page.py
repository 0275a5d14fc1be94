"""The page of ``preview --watch`` in Chromium, used with the keyboard and by a screen reader.

Chromium is driven over a pair of pipes by its DevTools protocol: JSON messages that end in a null
byte.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.files import NO_CACHE
from reportgen.preview import Preview, open_preview

SAMPLE = Path(__file__).parents[1] / "samples" / "yunxi-market-2024"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE = 60  # seconds, on a busy machine
_KEYS = {"Tab": 9, "Enter": 13}

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


class Browser:
    """One page in a Chromium without a window."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = commands
        self._answers = answers
        self._numbers = itertools.count(1)
        self._rest = b""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    _session = ""

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._rest:
                read = os.read(self._answers, 1 << 16)
                assert read, "Chromium has ended"
                self._rest += read
            line, _, self._rest = self._rest.partition(b"\0")
            answer = json.loads(line)
            if answer.get("id") == number:
                assert "result" in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, url: str) -> None:
        """Load the page *url*."""
        self._ask("Page.navigate", url=url)

    def value(self, expression: str) -> Any:
        """Return the value of the JavaScript *expression* in the page."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until the JavaScript *expression* is true."""
        end = time.monotonic() + PATIENCE
        while not self.value(expression):
            assert time.monotonic() < end, expression
            time.sleep(0.1)

    def press(self, key: str) -> None:
        """Press and release *key*."""
        code = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": "\r"} if key == "Enter" else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", **code, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **code)

    def roles(self) -> list[tuple[str, str]]:
        """Return the role and name of each thing that a screen reader is told of."""
        nodes = self._ask("Accessibility.getFullAXTree")["nodes"]
        return [
            (node.get("role", {}).get("value", ""), node.get("name", {}).get("value", ""))
            for node in nodes
            if not node.get("ignored")
        ]


_EXEC_WITH_PIPES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)  # where Chromium reads commands
os.dup2(int(sys.argv[2]), 4)  # where it writes answers
os.execvp(sys.argv[3], sys.argv[3:])
"""


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """Yield a Chromium with a profile of its own."""
    (its_input, commands), (answers, its_output) = os.pipe(), os.pipe()
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (its_input, its_output)]
    words = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
        "--window-size=1200,800", f"--user-data-dir={tmp_path / 'profile'}",
    ]  # fmt: skip
    start = [sys.executable, "-c", _EXEC_WITH_PIPES, *map(str, ends), *words]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(start, pass_fds=ends, stdout=quiet, stderr=quiet) as process:
        for end in (its_input, its_output, *ends):
            os.close(end)
        try:
            yield Browser(commands, answers)
        finally:
            process.kill()
            os.close(commands)
            os.close(answers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the sample with a wrong sum, a picture that is not used, and a file nobody reads."""
    folder = tmp_path / "本年"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("output"))
    change(folder, "本年新收: [27,", "本年新收: [29,")
    picture = next((folder / "images").iterdir())
    shutil.copy(picture, folder / "images" / "没用的图.png")
    (folder / "领导 批示.txt").write_text("同意", encoding="utf-8")
    return folder


def change(folder: Path, old: str, new: str) -> None:
    """Replace *old* in the figures of the report."""
    path = folder / "report.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def preview(folder: Path, browser: Browser) -> Iterator[Preview]:
    """Yield the preview of the folder, whose page *browser* shows."""
    shown = Preview(folder, folder.parent / "草稿", cache=NO_CACHE, now=lambda: "12:00:00")
    with open_preview(shown, 0) as (url, _):
        browser.open(url)
        browser.wait_for("document.querySelectorAll('#findings li').length > 0")
        yield shown


FOCUS = "document.activeElement.id || document.activeElement.className"


def pressed_to(browser: Browser, wanted: Callable[[str], bool]) -> list[str]:
    """Press Tab until what has the focus is *wanted*; return what had it on the way."""
    passed: list[str] = []
    while not (passed and wanted(passed[-1])):
        assert len(passed) < 20, passed
        browser.press("Tab")
        passed.append(browser.value(FOCUS))
    return passed


def test_the_keyboard_leads_to_a_finding_its_mark_and_back(
    browser: Browser, preview: Preview
) -> None:
    passed = pressed_to(browser, lambda name: name.startswith("link-"))
    assert passed[0] == "skip"
    assert browser.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    number = passed[-1].removeprefix("link-")
    browser.press("Enter")
    assert browser.value(FOCUS) == f"mark-{number}"
    top, height = "document.activeElement.getBoundingClientRect().top", "innerHeight"
    assert 0 < browser.value(top) < browser.value(height)
    browser.press("Enter")
    browser.wait_for(f"{FOCUS} === 'finding-{number}'")
    assert preview.board.wait(-1, 0).draft


def test_the_first_key_skips_the_findings(browser: Browser, preview: Preview) -> None:
    browser.press("Tab")
    assert browser.value("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Enter")
    browser.wait_for(f"{FOCUS} === 'draft'")
    assert preview.board.wait(-1, 0).draft


def test_a_save_keeps_the_focus_and_is_said(
    browser: Browser, preview: Preview, folder: Path
) -> None:
    held = pressed_to(browser, lambda name: name.startswith("link-"))[-1]
    browser.value("window.said = []; new MutationObserver(function () { window.said.push("
                  "document.getElementById('said').textContent); }).observe("
                  "document.getElementById('said'), {childList: true, subtree: true})")  # fmt: skip
    change(folder, "本年新收: [29,", "本年新收: [30,")
    before = browser.value("document.getElementById('findings').textContent")
    state = preview.build()
    browser.wait_for(f"document.getElementById('findings').textContent !== {json.dumps(before)}")
    assert browser.value(FOCUS) == held
    change(folder, "本年新收: [30,", "本年新收: [27,")
    state = preview.build()
    browser.wait_for("window.said.length > 0")
    assert browser.value("window.said").pop() == f"草稿已更新。{state.summary}"
    browser.wait_for("!document.getElementById('link-1')")
    assert browser.value(FOCUS) != "", "the focus must not fall back to the page"


def test_what_the_report_does_not_take_is_listed(
    browser: Browser, preview: Preview, folder: Path
) -> None:
    def listed(name: str) -> list[str]:
        items: list[str] = browser.value(
            f"[].map.call(document.querySelectorAll('#{name} li'), "
            "function (item) { return item.textContent; })"
        )
        return items

    assert listed("pictures") == ["images/没用的图.png"]
    assert "领导 批示.txt" in listed("files")
    (folder / "images" / "没用的图.png").unlink()
    preview.build()
    browser.wait_for("document.getElementById('pictures').parentNode.hidden")
    assert "领导 批示.txt" in listed("files")


def test_a_screen_reader_finds_regions_headings_and_lists(
    browser: Browser, preview: Preview
) -> None:
    assert browser.value("document.documentElement.lang") == "zh-CN"
    roles = browser.roles()
    summary = preview.board.wait(-1, 0).summary
    for wanted in (
        ("complementary", "核对意见"), ("main", "草稿"), ("list", summary),
        ("heading", summary), ("heading", "没有用到的图片"), ("list", "没有读的文件"),
        ("image", "第 1 页"),
    ):  # fmt: skip
        assert wanted in roles
    assert "status" in {role for role, _ in roles}
    assert any(role == "link" and name.startswith("核对意见 ") for role, name in roles)
