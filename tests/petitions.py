"""The example of ``docs/templates.md``, another kind of report, as files of a folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KIND = "信访事项办理工作年度报告"
_FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)


def write_petitions(folder: Path) -> None:
    """Write the example, templates and report, into *folder*."""
    text = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    for name, content in _FILE.findall(text):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    form = folder / "templates" / "petitions" / "2025"
    shutil.copy(ROOT / "templates" / "disclosure" / "2021" / "style.yaml", form)
