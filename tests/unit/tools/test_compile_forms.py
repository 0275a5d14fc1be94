"""The compiled forms that are shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tools import compile_forms
from tools.compile_forms import compiled_forms, main

from reportgen.files import resource_folder
from reportgen.forms.form_builder import read_form
from reportgen.forms.library import Library
from tests.builders import LIBRARY

SHIPPED = compiled_forms(resource_folder("templates"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_shipped_compiled_form_is_that_of_its_templates(path: Path) -> None:
    """When this fails: ``make forms``."""
    assert path.read_bytes() == SHIPPED[path]


def test_words_are_all_that_compiling_adds() -> None:
    for name in LIBRARY.form_ids("disclosure"):
        read, compiled = read_form(LIBRARY, "disclosure", name), LIBRARY.load("disclosure", name)
        assert compiled == read
        known = {rule.code: rule.pattern.words for rule in read.rules if rule.pattern}
        found = {rule.code: rule.pattern.words for rule in compiled.rules if rule.pattern}
        assert not any(known.values())
        assert known.keys() == found.keys()
        assert any(found.values())


def test_a_stale_form_is_named_and_then_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = Path(shutil.copytree(resource_folder("templates"), tmp_path / "templates"))
    monkeypatch.setattr(compile_forms, "resource_folder", lambda _: templates)
    assert main(["--check"]) == 0
    starter = templates / "disclosure" / "2019" / "starter.md"
    starter.write_text("# 新的开头\n", encoding="utf-8")
    assert main(["--check"]) == 1
    assert "templates/disclosure/2019/form.json is stale" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0
    assert Library((templates,)).load("disclosure", "2019").starter == "# 新的开头\n"
