"""docxtpl: a Word template made beforehand, its tables drawn, filled in by placeholders."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from common import COLUMN, WORK, Content, main
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

TEMPLATE = WORK / "docxtpl-template.docx"
KINDS = ("title", "h1", "h2", "p", "caption", "image")


def render(content: Content, out: Path) -> None:
    """Write *content* to *out* as DOCX."""
    document = DocxTemplate(str(TEMPLATE))
    context: dict[str, Any] = {}
    for number, part in enumerate(_parts(content)):
        context[f"part{number}"] = [_item(document, block) for block in part]
    tables = [block for block in content["blocks"] if block["t"] == "table"]
    values = [x["x"] for table in tables for row in table["rows"] for x in row]
    context["v"] = values
    document.render(context, autoescape=True)
    document.save(str(out))


def _item(document: DocxTemplate, block: Content) -> Content:
    if block["t"] == "image":
        return {"t": "image", "image": InlineImage(document, block["src"], width=Mm(COLUMN))}
    return block


def _parts(content: Content) -> list[list[Content]]:
    """Return the blocks before, between and after the tables."""
    parts: list[list[Content]] = [[]]
    for block in content["blocks"]:
        if block["t"] == "table":
            parts.append([])
        else:
            parts[-1].append(block)
    return parts


def make_template(content: Content) -> None:
    """Write the template: loops over the text, and the tables of *content* with placeholders."""
    from docx_look import new_document

    document = new_document()
    numbers = count()
    tables = [block for block in content["blocks"] if block["t"] == "table"]
    for part, block in enumerate([*tables, None]):
        _add_loop(document, part)
        if block:
            _add_table(document, block, numbers)
    document.save(str(TEMPLATE))


def _add_loop(document: Any, part: int) -> None:
    document.add_paragraph(f"{{%p for b in part{part} %}}")
    for number, kind in enumerate(KINDS):
        document.add_paragraph(f'{{%p {"elif" if number else "if"} b.t == "{kind}" %}}')
        field = "b.image" if kind == "image" else "b.text"
        document.add_paragraph(f"{{{{ {field} }}}}", style=f"bench {kind}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")


def _add_table(document: Any, block: Content, numbers: Any) -> None:
    from peer_python_docx import add_table

    rows = [[{**x, "x": f"{{{{ v[{next(numbers)}] }}}}"} for x in row] for row in block["rows"]]
    add_table(document, {**block, "rows": rows})


if __name__ == "__main__":
    main(render)
