"""The stages after the check: the findings that they add, and the line at the head of a draft."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import fields

from reportgen.api import Checked, check_folder
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.pipeline import BuildOptions, Options, Pipeline, draft_stamp

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check_folder(SAMPLES / "rare-characters-2024")


def pipeline(checked: Checked, options: Options) -> Pipeline:
    assert checked.report and checked.form and checked.composed
    return Pipeline(
        checked.report,
        checked.form,
        options,
        composed=checked.composed,
        library=checked.library,
        found=checked.diagnostics,
    )


def test_every_option_may_be_given_as_a_keyword() -> None:
    assert list(BuildOptions.__annotations__) == [field.name for field in fields(Options)]


def test_a_filing_copy_is_the_composed_document_without_marks(checked: Checked) -> None:
    document = pipeline(checked, Options()).document
    assert (document.stamp, document.watermark, document.findings) == ("", "", ())


def test_a_draft_has_the_stamp_the_watermark_and_its_findings(checked: Checked) -> None:
    document = pipeline(checked, Options(draft=True)).document
    assert document.stamp.startswith("未定稿")
    assert document.watermark == "草稿"
    assert len(document.findings) == len(checked.diagnostics)


def test_characters_are_looked_up_again_only_in_other_fonts(
    checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []

    def look(*arguments: object) -> list[Diagnostic]:
        looked.append(arguments)
        return []

    monkeypatch.setattr("reportgen.fonts.missing_characters", look)
    assert pipeline(checked, Options()).findings == checked.diagnostics
    assert not looked
    assert pipeline(checked, Options(system_fonts=(tmp_path,))).findings == checked.diagnostics
    assert looked


def test_stamp_counts_findings_and_names_replaced_characters() -> None:
    found = [
        Diagnostic("T301", "x", Severity.ERROR, "不符"),
        Diagnostic("N101", "x", Severity.WARNING, "缺"),
    ]
    assert draft_stamp(found) == "未定稿 · 1 处错误 · 1 处警告"
    assert draft_stamp([], "堃昇") == "未定稿 · 字体替代：堃昇"
    assert draft_stamp([], "堃昇璟喆㎡〇") == "未定稿 · 字体替代：堃昇璟喆㎡等 6 字"
