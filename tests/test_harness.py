"""Tests of the test harness: golden files, and no network."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest


def test_golden_file_is_written_only_when_asked_for(golden: Any, tmp_path: Path) -> None:
    path = tmp_path / "case" / "page.txt"
    with pytest.raises(pytest.fail.Exception, match="make golden"):
        replace(golden, update=False)(path, "一\n")
    replace(golden, update=True)(path, "一\n")
    replace(golden, update=False)(path, "一\n")


def test_golden_difference_shows_both_lines(golden: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("旧行\n", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception) as caught:
        replace(golden, update=False)(path, "新行\n")
    assert "-旧行" in str(caught.value)
    assert "+新行" in str(caught.value)


def test_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as client, pytest.raises(pytest.fail.Exception, match="network"):
        client.connect(("192.0.2.1", 80))


def test_connection_to_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()):
            accepted, _ = server.accept()
        accepted.close()


def test_time_zone_is_fixed() -> None:
    assert time.timezone == 0
