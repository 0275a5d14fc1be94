"""Write ``docs/diagnostics.md`` from the error gallery: real input, real output, the rule's page.

``python docs/diagnostics.py`` writes the page; with ``--check`` nothing is
written and the exit code is 1 when the page does not say what the program says.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.errors.gallery import (  # noqa: E402
    NOT_FROM_A_FOLDER,
    Case,
    differences,
    findings,
    lay_out,
    load_cases,
    load_rules,
    shown,
)

from reportgen.diagnostics import mask_numbers  # noqa: E402 - after the path is set
from reportgen.forms.rules import Rule  # noqa: E402
from reportgen.workflows.about import OWN_BASIS, plain_hint  # noqa: E402

PAGE = ROOT / "docs" / "diagnostics.md"
LONGEST_LINE = 88
HEAD = """\
# 核对规则与提示信息

<!-- Written by docs/diagnostics.py from the program's own output; do not edit.
     After a change: make golden, then python docs/diagnostics.py.  make stale fails when old. -->

*Every rule of `reportgen check`: the smallest input that triggers it, what the program prints,
why the rule exists and what to do. Inputs lie in `tests/errors/`; the page is generated from real
output.*

共 {count} 条规则。每条给出：触发它的最小改动、程序的实际输出、为什么查、怎么改。
同样的说明可以用 `reportgen explain 编号` 查看。

- **错误**：必须改正，否则不生成文件（`--draft` 除外）。
- **警告**：应当核对；确实无误的，在 report.yaml 的“检查”中写明理由。
- **提示**：供参考。

“改动”一栏的 `-` 行换成 `+` 行；改动以外与 `tests/errors/base/` 里的报告相同。
"""
GROUPS = {
    "F": "图片",
    "G": "字符",
    "I": "读取",
    "M": "自带的模板",
    "N": "正文",
    "P": "保密与个人信息",
    "R": "读回已成的文件",
    "V": "成品文件与数据比对",
    "S": "整体",
    "T": "数表",
    "U": "许多单位的报告（batch、aggregate）",
}


def page() -> str:
    """Return the whole page."""
    rules, cases = load_rules(), {case.code: case for case in load_cases()}
    codes = sorted(rules)
    parts = [HEAD.format(count=len(codes)), "## 目录\n"]
    for letter, name in GROUPS.items():
        items = [
            f"  - [{code} {rules[code].title}](#{code.lower()})"
            for code in codes
            if code[0] == letter
        ]
        parts.append("\n".join([f"- {name}（{letter}）", *items]))
    parts = ["\n".join(parts)]
    with tempfile.TemporaryDirectory() as folder:
        for letter, name in GROUPS.items():
            parts.append(f"## {name}（{letter}）")
            for code in codes:
                if code[0] == letter:
                    parts.append("\n".join(entry(rules[code], cases.get(code), Path(folder))))
    return "\n\n".join(parts) + "\n"


def entry(rule: Rule, case: Case | None, folder: Path) -> Iterator[str]:
    """Yield the lines about one rule; *folder* takes its input for the time of the run."""
    yield f'<a id="{rule.code.lower()}"></a>'
    yield ""
    yield f"### {rule.code} {rule.title}"
    yield ""
    yield f"{rule.severity.label} · `{rule.slug}`"
    yield ""
    if case is None:
        yield f"{NOT_FROM_A_FOLDER[rule.code]}。例：`{rule.example}`"
    else:
        yield from changes(case)
        laid_out = lay_out(case, folder)
        yield "输出："
        yield ""
        yield "```text"
        yield shown(findings(case, laid_out), laid_out).rstrip("\n")
        yield "```"
    yield ""
    for name, text in (
        ("查什么", rule.what),
        ("为什么", rule.why),
        ("怎么改", plain_hint(rule)),
        ("依据", rule.basis or OWN_BASIS),
    ):
        if text:
            yield f"- {name}：{_escape(text)}"


def changes(case: Case) -> Iterator[str]:
    """Yield what *case* changes in the sound report, file by file."""
    binary = [name for name, lines in differences(case) if not lines]
    for name, lines in differences(case):
        if lines:
            yield f"改动（{name}）："
            yield ""
            yield "```diff"
            yield from (_short(line) for line in lines)
            yield "```"
            yield ""
    if binary:
        yield f"另有文件：{'、'.join(f'`{name}`' for name in binary)}"
        yield ""


def _short(line: str) -> str:
    """Return *line* fit to be shown: not too long, nothing invisible, no personal number."""
    shown = "".join(c if c.isprintable() else f"〈U+{ord(c):04X}〉" for c in mask_numbers(line))
    return shown if len(shown) <= LONGEST_LINE else f"{shown[: LONGEST_LINE - 1]}…"


def _escape(text: str) -> str:
    """Return *text* as Markdown that shows it as it is."""
    flat = " ".join(text.split())
    for mark in ("\\", "`", "*", "<", "[", "|", "#"):
        flat = flat.replace(mark, f"\\{mark}")
    return flat.replace("](", "]\\(").replace("&", "&amp;")


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is old."""
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/diagnostics.md is stale; run: python docs/diagnostics.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
