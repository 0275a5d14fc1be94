"""Tests of the JSON file: data, findings, equal bytes in any location."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from reportgen.diagnostics import Diagnostic, Severity
from reportgen.writers.json import write_json
from tests.builders import span_of


def written(data: dict[str, Any], findings: tuple[Diagnostic, ...], folder: Path) -> bytes:
    stream = io.BytesIO()
    write_json(data, findings, folder, stream)
    return stream.getvalue()


def found_in(path: str) -> Diagnostic:
    """Return a finding about the first word of the file *path*."""
    place = span_of("单位: 某局\n", "单位", path)
    return Diagnostic("X101", "made-up", Severity.HINT, "示例", place)


def test_data_are_followed_by_the_findings() -> None:
    data = {"单位": "某局", "主动公开": {"行政许可": 3, "金额": 12.6, "空": None}}
    text = written(data, (found_in("报告/report.yaml"),), Path("报告")).decode()
    assert list(json.loads(text)) == ["单位", "主动公开", "提示"]
    assert json.loads(text)["主动公开"] == data["主动公开"]
    assert json.loads(text)["提示"][0]["code"] == "X101"
    assert text.endswith("}\n")
    assert '\n  "单位": "某局",\n' in text
    assert "提示" not in data  # what is written is not changed


@pytest.mark.parametrize("folder", ["报告", "别处/报告"])
def test_a_file_is_named_as_seen_from_the_report(folder: str) -> None:
    shown = written({}, (found_in(f"{folder}/images/a.png"),), Path(folder))
    assert json.loads(shown)["提示"][0]["file"] == "images/a.png"


def test_a_file_outside_the_report_keeps_its_name() -> None:
    shown = written({}, (found_in("templates/form.yaml"),), Path("报告"))
    assert json.loads(shown)["提示"][0]["file"] == "templates/form.yaml"


def test_a_name_that_is_no_text_is_written_all_the_same() -> None:
    """Linux hands over bytes of a name that are no UTF-8 as surrogates."""
    shown = written({}, (found_in("报告/images/\udcff.png"),), Path("报告"))
    assert json.loads(shown)["提示"][0]["file"] == "images/?.png"
