"""The font families of the page come from ``faces.yaml``; a new role needs no Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.files import resource_folder
from reportgen.writers.html.page import load_font_stacks


def test_the_official_font_comes_first_and_the_generic_family_last() -> None:
    stacks = load_font_stacks(resource_folder("fonts") / "faces.yaml")
    assert stacks["仿宋"].startswith("仿宋_GB2312,FangSong_GB2312,")
    assert all(stack.endswith((",serif", ",sans-serif")) for stack in stacks.values())


def test_a_new_role_has_its_own_fonts(tmp_path: Path) -> None:
    manifest = tmp_path / "faces.yaml"
    manifest.write_text(
        "faces:\n  隶书: {system: [隶书, LiSu], browser: [LiSu, Baoli SC, cursive]}\n", "utf-8"
    )
    assert load_font_stacks(manifest) == {"隶书": '隶书,LiSu,"Baoli SC",cursive'}


def test_a_role_without_fonts_for_browsers_is_an_error(tmp_path: Path) -> None:
    manifest = tmp_path / "faces.yaml"
    manifest.write_text("faces:\n  隶书: {system: [隶书]}\n", "utf-8")
    with pytest.raises(KeyError):
        load_font_stacks(manifest)
