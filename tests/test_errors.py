"""Tests of the error gallery: every rule has a smallest input, its output, and a page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.api import check_folder
from reportgen.workflows.about import explain_rule
from tests.builders import LIBRARY
from tests.conftest import Golden
from tests.errors.gallery import (
    BASE,
    EXPECTED,
    NOT_FROM_A_FOLDER,
    Case,
    findings,
    lay_out,
    load_cases,
    load_rules,
    shown,
)

ROOT = Path(__file__).parents[1]
CASES = load_cases()
RULES = load_rules()
MAX_BYTES = 6_000  # of one case: the input is the smallest that will do
_PAGE = ROOT / "docs" / "diagnostics.md"


def test_the_base_has_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BASE)
    assert check_folder(Path()).diagnostics == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_case_prints_exactly_what_is_expected(
    case: Case, tmp_path: Path, golden: Golden
) -> None:
    folder = lay_out(case, tmp_path)
    found = findings(case, folder)
    assert found, f"{case.folder.name} does not trigger {case.code}"
    assert all(item.slug == RULES[case.code].slug for item in found)
    golden(case.folder / EXPECTED, shown(found, folder))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_case_is_small(case: Case) -> None:
    assert sum(path.stat().st_size for path in case.files()) <= MAX_BYTES


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    named = {case.folder.name for case in CASES}
    wanted = {f"{rule.code}-{rule.slug}" for rule in RULES.values()}
    assert named == wanted - {f"{code}-{RULES[code].slug}" for code in NOT_FROM_A_FOLDER}


def test_every_code_in_the_program_has_a_rule() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    used = {code for text in texts for code in re.findall(r'"([A-Z]\d{3})"', text)}
    assert used - RULES.keys() == set()


@pytest.mark.parametrize("code", sorted(RULES))
def test_explain_has_a_page_for_every_rule(code: str) -> None:
    page = explain_rule(code, LIBRARY)
    assert page.startswith(f"{code} {RULES[code].slug}  ")
    assert page == explain_rule(RULES[code].slug, LIBRARY)
    for head in ("【查什么】", "【为什么】", "【依据】", "【例子】", "【怎么改】"):
        assert head in page


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_stands_in_the_documentation(code: str) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    assert page.count(f"\n### {code} ") == 1
    assert page.count(f"](#{code.lower()})") == 1


def test_the_documentation_is_what_the_program_says_now() -> None:
    command = [sys.executable, str(ROOT / "docs" / "diagnostics.py"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
