"""Fixtures of all tests: golden files, a fixed time zone and locale, no network.

``pytest --update-golden`` rewrites golden files instead of comparing them; it is refused in
continuous integration.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

TESTS = Path(__file__).resolve().parent
GOLDEN = TESTS / "golden"
IN_CI = bool(os.environ.get("CI"))
SHOWN_DIFFERENCE = 60  # lines; more than a screenful is read in git diff

# Text layout is slow the first time fonts are read; a deadline would only measure that.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if IN_CI else "developer")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-golden``."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the golden files from what the program does now; review them with git diff",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to rewrite golden files in continuous integration."""
    if config.getoption("--update-golden") and IN_CI:
        raise pytest.UsageError("--update-golden is refused in CI: a person reviews golden files")


@pytest.fixture(scope="session", autouse=True)
def _pinned_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Set the time zone to UTC and the locale to C, so that neither affects an output.

    The user's cache is an empty folder.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("TZ", "UTC")
        for name in ("LC_ALL", "LANG", "LANGUAGE"):
            patch.setenv(name, "C.UTF-8")
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        if hasattr(time, "tzset"):
            time.tzset()
        yield


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that opens a connection to another machine."""

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def checked(self: socket.socket, address: Any, /) -> Any:
            if not _is_local(self.family, address):
                pytest.fail(f"the program must not use the network: {address!r}")
            return connect(self, address)

        return checked

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


def _is_local(family: int, address: Any) -> bool:
    if family == getattr(socket, "AF_UNIX", None):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Golden:
    """Compares a text with a golden file; a relative path lies in ``folder``."""

    folder: Path
    update: bool

    def __call__(self, path: Path | str, text: str) -> None:
        """Fail if the file at *path* does not contain *text*; when updating, write it."""
        __tracebackhide__ = True
        file = self.folder / path
        if self.update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        elif not file.exists():
            pytest.fail(f"no golden file {file}; write it with: make golden")
        elif (expected := file.read_text(encoding="utf-8")) != text:
            pytest.fail(_difference(file, expected, text), pytrace=False)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return the comparison with golden files: ``golden("case/pages.txt", text)``."""
    return Golden(GOLDEN, bool(request.config.getoption("--update-golden")))


def _difference(path: Path, expected: str, text: str) -> str:
    lines = list(
        difflib.unified_diff(
            expected.splitlines(), text.splitlines(), str(path), "now", lineterm="", n=2
        )
    )
    more = len(lines) - SHOWN_DIFFERENCE
    shown = lines[:SHOWN_DIFFERENCE] + ([f"… {more} more lines"] if more > 0 else [])
    return "\n".join([*shown, "If the change is right: make golden, then review git diff."])
