"""Tests of ``preview``: what is opened, and what its options do together."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.cli import FINE, PROBLEMS, USAGE, preview, run

SAMPLES = Path(__file__).parents[3] / "samples"
SOUND = SAMPLES / "rare-characters-2024"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the files and pages that are opened for the user, in place of opening them."""
    found: list[str] = []
    monkeypatch.setattr(preview, "open_for_user", found.append)
    return found


def test_a_preview_is_opened_unless_told_otherwise(
    tmp_path: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["preview", str(SOUND), "-o", str(tmp_path)]
    assert run([*words, "--no-open"]) == FINE
    assert opened == []
    assert run(words) == FINE
    assert opened == [str(path) for path in tmp_path.glob("*.pdf")]
    capsys.readouterr()


def test_a_report_with_errors_is_drawn_all_the_same(
    tmp_path: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["preview", str(SAMPLES / "broken-2024"), "-o", str(tmp_path)]) == PROBLEMS
    assert len(opened) == 1
    assert "错误[" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--port", "8000"], "要与 --watch 一起用"), (["--png", "--watch"], "不能与 --watch 一起用")],
)
def test_options_that_say_nothing_together_are_refused(
    options: list[str], message: str, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["preview", str(SOUND), *options]) == USAGE
    assert message in capsys.readouterr().err
    assert opened == []
