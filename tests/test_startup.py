"""Tests of the third-party libraries that each command loads, which determine its start-up time.

Each command runs in an interpreter of its own.  Nothing here measures time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLAIN = ROOT / "samples" / "qinghe-county-2023"
PROBE = """\
import sys
before = set(sys.modules)
from reportgen.cli import run
code = run(sys.argv[1:])
loaded = {name for name, module in sys.modules.items() if module} - before
import json
print("\\n" + json.dumps([code, sorted(loaded)]))
"""
HARMLESS = frozenset({"reportgen", "cython_runtime"})  # and private ones, which a public one loads
CLICK = frozenset({"click"})
VALUES = CLICK | {"msgspec", "typing_extensions"}  # the former imports the latter
SIMPLE = ROOT / "samples" / "fuyang-emergency-2020"
UNPACKING = frozenset({"zlib_ng"})  # if there, for pictures that were not looked at before
READING = (
    VALUES | UNPACKING | {"yaml", "markdown_it", "mdurl", "jinja2", "markupsafe", "platformdirs"}
)
PDF = frozenset({"reportlab", "uharfbuzz", "PIL"})  # the first loads the last
WORD = frozenset({"docx", "lxml"})
WORKBOOK = frozenset({"openpyxl", "et_xmlfile", "lxml", "PIL", "numpy"})  # if there, the last three
PIPELINE = frozenset({"reportgen.api", "reportgen.diagnostics", "reportgen.files"})


def modules(*arguments: str) -> set[str]:
    """Return the modules that ``reportgen`` *arguments* loads."""
    result = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    code, loaded = json.loads(result.stdout.rstrip().rpartition("\n")[2])
    assert code == 0, result.stderr
    return set(loaded)


def libraries(*arguments: str) -> set[str]:
    """Return the third-party libraries that ``reportgen`` *arguments* loads."""
    roots = {name.partition(".")[0] for name in modules(*arguments)}
    return {name for name in roots - sys.stdlib_module_names if name[0] != "_"} - HARMLESS


@pytest.mark.parametrize("arguments", [[], ["--help"], ["build", "--help"], ["batch", "--help"]])
def test_a_help_page_loads_what_measures_text_and_no_part_of_the_pipeline(
    arguments: list[str],
) -> None:
    assert libraries(*arguments) <= VALUES
    assert not modules(*arguments) & PIPELINE


@pytest.mark.parametrize("arguments", [["--version"], ["completion", "bash"]])
def test_what_needs_no_page_loads_click_alone(arguments: list[str]) -> None:
    assert libraries(*arguments) <= CLICK
    assert not modules(*arguments) & PIPELINE


def test_the_package_loads_nothing_before_a_name_is_asked_for() -> None:
    program = "import sys, reportgen; print([n for n in sys.modules if n.startswith('reportgen.')])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert result.stdout.strip() == b"[]"


@pytest.mark.parametrize("arguments", [["editions"], ["explain", "T301"]])
def test_what_only_reads_templates_loads_no_renderer(arguments: list[str]) -> None:
    assert libraries(*arguments) <= VALUES | {"yaml"}


def test_a_check_loads_no_writer_and_no_picture_library() -> None:
    assert libraries("check", str(PLAIN)) <= READING


def test_what_was_checked_before_is_checked_without_jinja2_and_markdown_it() -> None:
    libraries("check", str(SIMPLE))  # keeps what the skeleton gives with the same data
    assert not libraries("check", str(SIMPLE)) & {"jinja2", "markdown_it"}


def test_what_was_built_before_is_built_without_jinja2(tmp_path: Path) -> None:
    arguments = ("build", str(SIMPLE), "-o", str(tmp_path), "--to", "json")
    libraries(*arguments)
    assert not libraries(*arguments) & {"jinja2", "markdown_it"}


def test_a_pdf_alone_loads_what_writes_it_and_cuts_its_fonts(tmp_path: Path) -> None:
    found = libraries("build", str(PLAIN), "-o", str(tmp_path), "--to", "pdf")
    assert found <= READING | PDF


def test_an_ofd_alone_loads_what_writes_its_parts_and_cuts_its_fonts(tmp_path: Path) -> None:
    found = libraries("build", str(PLAIN), "-o", str(tmp_path), "--to", "ofd")
    assert found <= READING | {"lxml", "uharfbuzz"}


def test_a_docx_alone_loads_python_docx_and_no_other_renderer(tmp_path: Path) -> None:
    found = libraries("build", str(PLAIN), "-o", str(tmp_path), "--to", "docx")
    assert found <= READING | WORD


def test_web_page_and_data_load_neither(tmp_path: Path) -> None:
    found = libraries("build", str(PLAIN), "-o", str(tmp_path), "--to", "html,json")
    assert found <= READING


def test_a_batch_with_nothing_to_do_loads_the_reader_and_what_writes_the_summary(
    tmp_path: Path,
) -> None:
    libraries("batch", str(PLAIN), "-o", str(tmp_path), "--to", "json")
    found = libraries("batch", str(PLAIN), "-o", str(tmp_path), "--to", "json")
    assert found <= READING | WORKBOOK
