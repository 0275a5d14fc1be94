"""Tests of the table of formats: every writer exists and accepts its arguments."""

from __future__ import annotations

from inspect import Parameter, signature
from pathlib import Path
from typing import BinaryIO

import pytest

from reportgen import formats, outputs
from reportgen.api import build_folder, check_folder
from reportgen.cli import parameters
from reportgen.formats import EDITABLE_SUFFIXES, FILED, FORMATS, Format
from reportgen.outputs import write_files
from reportgen.pipeline import Options, Pipeline
from reportgen.writers import pdf

SAMPLE = Path(__file__).parents[2] / "samples" / "rare-characters-2024"


@pytest.mark.parametrize("name", FORMATS)
def test_a_writer_takes_what_its_format_needs_and_the_stream(name: str) -> None:
    taken = signature(FORMATS[name].load_writer()).parameters
    given = {*FORMATS[name].needs, "stream"}
    assert given <= set(taken)
    assert {key for key, item in taken.items() if item.default is Parameter.empty} <= given


@pytest.mark.parametrize("name", FORMATS)
def test_the_pipeline_has_what_a_format_needs(name: str) -> None:
    checked = check_folder(SAMPLE)
    assert checked.report
    assert checked.form
    assert checked.composed
    pipeline = Pipeline(
        checked.report, checked.form, composed=checked.composed, library=checked.library
    )
    assert {*vars(Pipeline), *vars(pipeline)}.issuperset(FORMATS[name].needs)


def test_every_format_can_be_written(tmp_path: Path) -> None:
    built = build_folder(SAMPLE, tmp_path, formats=tuple(FORMATS))
    wanted = [item.suffix for item in FORMATS.values()]
    assert [item.path.suffix for item in built.written] == wanted


def test_suffixes_differ_and_what_is_filed_is_known() -> None:
    assert len({item.suffix for item in FORMATS.values()}) == len(FORMATS)
    assert set(FILED) <= set(FORMATS)
    assert Options().formats == FILED
    assert {".docx", ".png", ".jpg"} == EDITABLE_SUFFIXES


def test_every_pdf_profile_offered_is_one_the_writer_knows() -> None:
    assert formats.PROFILES == pdf.PROFILES


def write_titles(document: object, stream: BinaryIO) -> None:
    """Write a file of a format that is not shipped."""
    stream.write(type(document).__name__.encode())


def test_a_new_format_is_one_line_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Format(".odt", ("document",), "new:write_titles", editable=True)
    monkeypatch.setattr(Format, "load_writer", lambda _: write_titles)
    monkeypatch.setattr(outputs, "EDITABLE_SUFFIXES", {".odt"})
    for module in (formats, parameters):
        monkeypatch.setitem(module.FORMATS, "odt", line)
    assert parameters.Formats().convert("odt", None, None) == ("odt",)
    (written,) = build_folder(SAMPLE, tmp_path, formats=("odt",)).written
    assert written.path.read_bytes() == b"Document"
    written.path.write_bytes("改过".encode())
    (kept,) = write_files(tmp_path, {written.path.name: lambda stream: stream.write(b"new")})
    assert kept.backup is not None
