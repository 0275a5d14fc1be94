"""``检查:`` in report.yaml: findings the author stands by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.api import check_folder
from reportgen.diagnostics import Diagnostic, Severity
from reportgen.located import Mapping
from reportgen.readers.settings import KEYS, read_accepted, read_entries
from tests.builders import codes, parse, worded

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "samples" / "yunxi-market-2024"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a sound report folder whose section six says nothing."""
    data = (SAMPLE / "report.yaml").read_text(encoding="utf-8")
    text = (SAMPLE / "正文.md").read_text(encoding="utf-8")
    (tmp_path / "report.yaml").write_text(data, encoding="utf-8")
    head = re.sub(r"!\[.*", "", text.partition("# 六、")[0])
    (tmp_path / "正文.md").write_text(head + "# 六、其他需要报告的事项\n\n无。\n", encoding="utf-8")
    return tmp_path


def checked(folder: Path, block: str) -> list[Diagnostic]:
    """Return the findings with *block* as what is accepted, links aside."""
    path = folder / "report.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f"\n检查:\n{block}\n", encoding="utf-8")
    return [d for d in check_folder(folder).diagnostics if d.code[0] in "NTSI"]


def test_without_acceptance_the_warning_stands(folder: Path) -> None:
    (hit,) = [d for d in check_folder(folder).diagnostics if d.severity is Severity.WARNING]
    assert hit.code == "N301"


@pytest.mark.parametrize("rule", ["N301", "n301", "bare-none"])
def test_accepted_warning_becomes_a_hint_with_its_reason(folder: Path, rule: str) -> None:
    (hit,) = checked(folder, f"  - {{规则: {rule}, 理由: 已当面核实, 原文: 无。}}")
    assert hit.severity is Severity.HINT
    assert hit.message.endswith("（已说明：已当面核实）")


def test_single_acceptance_needs_no_list(folder: Path) -> None:
    (hit,) = checked(folder, "  规则: N301\n  理由: 已核实")
    assert hit.severity is Severity.HINT


def test_acceptance_ends_when_the_text_changes(folder: Path) -> None:
    found = checked(folder, "  - {规则: N301, 理由: 已核实, 原文: 无其他事项}")
    assert sorted(codes(found)) == ["N301", "S301"]


def test_acceptance_of_nothing_is_told(folder: Path) -> None:
    found = checked(folder, "  - {规则: N305, 理由: 篇幅需要}")
    assert sorted(codes(found)) == ["N301", "S301"]


def test_acceptance_without_a_place_is_for_one_finding_only(folder: Path) -> None:
    path = folder / "正文.md"
    text = path.read_text(encoding="utf-8").replace(
        "# 二、", "印发《甲》、《乙》。修订《丙》、《丁》。\n\n# 二、"
    )
    path.write_text(text, encoding="utf-8")
    found = checked(folder, "  - {规则: N401, 理由: 原文如此}")
    assert sorted(codes(found)) == ["N301", "N401", "N401", "S303"]


def test_acceptance_by_cell_and_value_ends_when_the_value_changes(folder: Path) -> None:
    path = folder / "report.yaml"
    data = path.read_text(encoding="utf-8").replace("现行有效件数: 21", "现行有效件数: 0")
    path.write_text(data, encoding="utf-8")
    block = "  - {规则: T602, 理由: 已核实, 位置: 主动公开/行政规范性文件/现行有效件数, 实为: '3'}"
    assert [d.severity for d in checked(folder, block) if d.code == "T602"] == [Severity.HINT]
    path.write_text(
        path.read_text(encoding="utf-8").replace("本年制发件数: 3,", "本年制发件数: 4,"),
        encoding="utf-8",
    )
    found = [d for d in check_folder(folder).diagnostics if d.code in ("T602", "S301")]
    assert sorted((d.code, d.severity) for d in found) == [
        ("S301", Severity.WARNING),
        ("T602", Severity.WARNING),
    ]


def test_error_cannot_be_accepted(folder: Path) -> None:
    path = folder / "report.yaml"
    data = path.read_text(encoding="utf-8").replace(
        "予以公开: [9, 4, 1, 1, 1, 0, 16]", "予以公开: [9, 4, 1, 1, 1, 0, 17]"
    )
    path.write_text(data, encoding="utf-8")
    found = checked(folder, "  - {规则: T301, 理由: 历史原因}")
    assert "S302" in codes(found)
    assert [d.severity for d in found if d.code == "T301"] == [Severity.ERROR]


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("检查: N301", ["I104"]),
        ("检查: [N301]", ["I104"]),
        ("检查: [{规则: N301}]", ["I116"]),
        ("检查: [{理由: 不知道}]", ["I116"]),
        ("检查: [{规则: N301, 理由: 好, 备注: 无}]", ["I103"]),
        ("检查:", []),
    ],
)
def test_wrong_ways_to_accept_are_told(block: str, wanted: list[str]) -> None:
    root = parse(block)
    assert isinstance(root, Mapping)
    entries = read_entries(root, KEYS)
    read_accepted(entries)
    assert codes(worded(entries.found)) == wanted
