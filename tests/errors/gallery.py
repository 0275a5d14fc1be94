"""The error gallery: every rule's smallest report folder, laid out, checked and shown.

``base/`` is a sound report; a case ``<code>-<slug>/`` holds only the files that
differ from it.  A folder ``上年`` in a case is laid over the base too.  A file
``….xlsx.yaml`` describes a workbook: the empty form with these cells changed; a file
``….docx.yaml`` describes a Word document, which stands in place of the base's narrative.
"""

from __future__ import annotations

import difflib
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
import yaml
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn

from reportgen.api import check_folder
from reportgen.diagnostics import Diagnostic
from reportgen.findings_text import render_full
from reportgen.forms import shipped_library
from reportgen.forms.form import Form
from reportgen.forms.rules import Rule
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import FORMS, quantities, zeros

HERE = Path(__file__).parent
BASE = HERE / "base"
SHIPPED = HERE.parents[1]
"""Above the shipped templates, of which the templates of a case are copies."""
EXPECTED = "expected.txt"
LAST_YEAR = "上年"
TEXTS = (".md", ".yaml")
CHANGED = 1_736_470_800
"""When every file of a folder was last changed: 2025-01-10, 9:00 in China."""

_PUBLISHED = "只在读取已发布的文件时出现"
_AMONG_OTHERS = "只在处理许多单位的报告时出现"
NOT_FROM_A_FOLDER = {
    **{f"U{number}": _AMONG_OTHERS for number in range(101, 117)},
    **{f"R{number}": _PUBLISHED for number in (*range(101, 121), *range(201, 208))},
    **{f"V{number}": "只在比对成品文件时出现" for number in range(101, 111)},
    "F105": "只在不区分大小写的系统（Windows、macOS）上出现，别的系统上是 F101",
}
"""The codes no folder can trigger, each with the reason."""


@dataclass(frozen=True)
class Case:
    """A folder of the gallery."""

    folder: Path

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.folder.name.partition("-")[0]

    def files(self) -> list[Path]:
        """Return the files that differ from the base, in a fixed order."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path for path in found if path.name != EXPECTED)


def load_cases() -> list[Case]:
    """Return every case, by code."""
    folders = (path for path in HERE.iterdir() if path.is_dir() and path != BASE)
    return [Case(path) for path in sorted(folders) if not path.name.startswith("__")]


def load_rules() -> dict[str, Rule]:
    """Return every rule by its code; of a rule that two forms have, the newer form's."""
    library = shipped_library()
    forms = [form for kind in library.report_kinds().values() for form in library.forms(kind)]
    return {rule.code: rule for form in forms for rule in form.rules}


def lay_out(case: Case, target: Path) -> Path:
    """Write the whole report folder of *case* below *target*; return it."""
    folder = target / case.folder.name
    shutil.copytree(BASE, folder)
    if (case.folder / LAST_YEAR).is_dir():
        shutil.copytree(BASE, folder / LAST_YEAR)
    shutil.copytree(
        case.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(EXPECTED)
    )
    for spec in folder.rglob("*.xlsx.yaml"):
        spec.with_suffix("").write_bytes(_workbook(spec))
        spec.unlink()
    for spec in folder.rglob("*.docx.yaml"):
        spec.with_suffix("").write_bytes(word_document(spec))
        spec.unlink()
        if not (case.folder / "正文.md").exists():
            (folder / "正文.md").unlink()
    for path in folder.rglob("*"):
        os.utime(path, (CHANGED, CHANGED))
    return folder


def word_document(spec: Path) -> bytes:
    """Return the Word document that *spec* lists.

    A text is a paragraph, one with ``# `` before it a heading; 插入, 删除, 划去, 上标, 批注 and
    脚注 are what is tracked, struck through, raised or beside a paragraph 段 or a heading 题, 表
    are the rows of a table, their cells parted by bars.
    """
    document = docx.Document()
    for item in yaml.safe_load(spec.read_text(encoding="utf-8")):
        if isinstance(item, str):
            level = len(item) - len(item.lstrip("#"))
            style = f"Heading {level}" if level else "Normal"
            document.add_paragraph(item.lstrip("# "), style)
        elif "表" in item:
            rows = [row.split("|") for row in item["表"]]
            table = document.add_table(len(rows), len(rows[0]))
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text.strip()
        else:
            style = "Normal" if "段" in item else "Heading 2"
            paragraph = document.add_paragraph(item.get("段") or item["题"], style)
            if text := item.get("脚注"):
                add_word_footnote(document, paragraph, text)
            for key, tag in (("插入", "ins"), ("删除", "del")):
                if text := item.get(key):
                    change = OxmlElement(f"w:{tag}")
                    change.append(paragraph.add_run(text)._r)
                    paragraph._p.append(change)
            if text := item.get("划去"):
                paragraph.add_run(text).font.strike = True
            if text := item.get("上标"):
                paragraph.add_run(text).font.superscript = True
            if note := item.get("批注"):
                document.add_comment(paragraph.runs, text=note)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def add_word_footnote(document: Any, paragraph: Any, text: str) -> None:
    """Add the footnote *text* to *paragraph*, the only one of *document*."""
    mark = OxmlElement("w:footnoteReference")
    mark.set(qn("w:id"), "1")
    paragraph.add_run()._r.append(mark)
    notes = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:id="-1" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    name = PackURI("/word/footnotes.xml")
    part = Part(name, CT.WML_FOOTNOTES, notes.encode(), document.part.package)
    document.part.relate_to(part, RT.FOOTNOTES)


def _workbook(spec: Path) -> bytes:
    """Return the workbook that *spec* describes.

    ``表三!C5: 3`` types a value; 复制 and 删除 name a sheet, 拆分 and 合并 cells, 隐藏 a row;
    格式 and 改名 map cells to number formats and sheets to names.
    """
    form: Form = FORMS["2021"]
    changes: dict[str, Any] = yaml.safe_load(spec.read_text(encoding="utf-8")) or {}
    typed = {name: 0 for name in zeros("2021") if name not in form.totals}
    book = openpyxl.load_workbook(io.BytesIO(fill_workbook(form, quantities(typed))))
    for name, value in changes.items():
        if name == "复制":
            book.copy_worksheet(book[value])
        elif name == "删除":
            book.remove(book[value])
        elif name == "拆分":
            sheet, _, cells = value.partition("!")
            book[sheet].unmerge_cells(cells)
        elif name == "合并":
            sheet, _, cells = value.partition("!")
            book[sheet].merge_cells(cells)
        elif name == "隐藏":
            sheet, _, row = value.partition("!")
            book[sheet].row_dimensions[int(row)].hidden = True
        elif name == "格式":
            for place, number_format in value.items():
                sheet, _, cell = place.partition("!")
                book[sheet][cell].number_format = number_format
        elif name == "改名":
            for sheet, title in value.items():
                book[sheet].title = title
        else:
            sheet, _, cell = name.partition("!")
            book[sheet][cell].value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def findings(case: Case, folder: Path) -> list[Diagnostic]:
    """Return what the program finds by the rule of *case* in *folder*."""
    return [item for item in check_folder(folder).diagnostics if item.code == case.code]


def shown(found: list[Diagnostic], folder: Path) -> str:
    """Return *found* as the program prints it inside *folder*; ends with a line feed."""
    return render_full(found).replace(f"{folder}/", "") + "\n"


def differences(case: Case) -> Iterator[tuple[str, list[str]]]:
    """Yield each file of *case* with its lines that differ, ``-`` before those of the base.

    A file that the base has not, or that is no text, has no lines to compare.  Templates are
    compared with the shipped ones they are copies of; ``checks.yaml`` has overrides only.
    """
    for path in case.files():
        name = path.relative_to(case.folder).as_posix()
        if path.suffix not in TEXTS:
            yield name, []
            continue
        is_copy = name.startswith("templates/") and path.name != "checks.yaml"
        same = SHIPPED / name if is_copy else BASE / path.name
        before = same.read_text(encoding="utf-8") if same.exists() else ""
        after = path.read_text(encoding="utf-8")
        lines = difflib.ndiff(before.splitlines(), after.splitlines())
        yield name, [line for line in lines if line[0] in "+-" and line[2:].strip()]
