"""The JSON Schema of ``report.yaml`` (draft 7), for editors and for whoever makes the file.

It is made from the tables of a form, and it takes what the reader takes: every wording of a key,
rows as lists, mappings or texts, numbers as they are typed.  Which cells have to be filled in and
whether the sums hold is for the checks to say, not for a schema.  Its regular expressions are
those of ECMA 262.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as ReadOnly
from pathlib import Path
from typing import Any, TypeAlias

from reportgen.files import is_inside, refusal
from reportgen.forms import Form, GridCell, KeyTree, Library, ValueKind, ValueType, key_pattern
from reportgen.located import Mapping, parse_yaml
from reportgen.problems import EnvironmentProblem
from reportgen.readers import settings
from reportgen.readers.files import DATA_FILE, read_source

Schema: TypeAlias = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_DIGITS = "[0-9０-９]"
_NO_NUMBER = r"[/／\\＼\-－−—–]{0,2}"
_WHOLE = rf"{_DIGITS}[0-9０-９,，\s]*"
_YEAR = rf"^\s*{_DIGITS}{{4}}\s*年?度?\s*$"
_NUMERALS = "[一二三四五六七八九十]"
_DATE = (
    rf"^\s*({_DIGITS}{{4}}|[〇○零一二三四五六七八九]{{4}})\s*[-－./．／年]"
    rf"\s*({_DIGITS}{{1,2}}|{_NUMERALS}{{1,2}})\s*[-－./．／月]"
    rf"\s*({_DIGITS}{{1,2}}|{_NUMERALS}{{1,3}})\s*[日号]?\s*$"
)
_TEXT: Schema = {"type": ["string", "number", "null"]}
_ABOUT = {
    "单位": "全称，与公章一致",
    "年度": "四位数字",
    "报告": "报告的名称",
    "标题": "不填时是单位、年度加报告的名称",
    "类型": "不填时是第一种",
    "版式": "不填时按年度选",
    "联系方式": "印在开头",
    "成文日期": "填了才印落款",
    "上年": "上年的报告目录或成品文件，从本目录写起",
    "缺省": "没有填的格：报错，或按 0 计",
    "正文": "正文的文件名",
    "图片": "缩小到印刷用的大小，或保持原样",
    "检查": "对警告、提示的说明",
    "附件": "附件的名称，一个或一列，印在正文下面",
    "附注": "印在成文日期下面的圆括号里",
}


def schema_of_folder(folder: Path | None, library: Library) -> Schema:
    """Return the schema of the report in *folder*; without one, of the newest form there is.

    Raises EnvironmentProblem if there is no report in *folder*, or its form is not known.
    """
    if folder is None:
        kind = library.report_kinds()[library.default_kind()]
        newest = library.editions(kind)[-1]
        return report_schema(library.load(kind, newest.id), library)
    own = library.for_folder(folder)
    path = folder / DATA_FILE
    source = read_source(path)[0] if is_inside(path, folder) else None
    root = parse_yaml(source)[0] if source else None
    if not isinstance(root, Mapping):
        hint = f"写上有 {DATA_FILE} 的报告目录，或不写目录"
        reason = refusal(path)
        told = f"{path} 读不出来：{reason}" if reason else f"没有读到 {path}"
        raise EnvironmentProblem(told, hint)
    entries = settings.read_entries(root, settings.KEYS, where=None)
    choice = settings.choose_form(entries, own, settings.read_year(entries))
    if choice is None:
        raise EnvironmentProblem(
            f"{DATA_FILE} 里的报告或版式没有对应的表", "运行 reportgen editions"
        )
    return report_schema(choice.candidates[0], own)


def report_schema(form: Form, library: Library) -> Schema:
    """Return the schema of a ``report.yaml`` with the tables of *form*."""
    return _SchemaMaker(form).made(library)


class _SchemaMaker:
    """Makes the schema of one form; what occurs several times is defined once."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._names: dict[str, str] = {}
        self._definitions: dict[str, Schema] = {}

    def made(self, library: Library) -> Schema:
        """Return the schema; *library* has the reports and forms there are."""
        form = self._form
        editions = [edition.id for edition in library.editions(form.report)]
        values: dict[str, Schema] = dict.fromkeys(settings.KEYS, _TEXT)
        values |= {
            "年度": {"type": ["integer", "string"], "pattern": _YEAR},
            "报告": _choice(library.report_kinds()),
            "类型": _choice(form.kinds),
            "版式": _choice((settings.AUTOMATIC, *editions)),
            "联系方式": _mapping(dict.fromkeys(form.contact_keys, _TEXT)),
            "成文日期": {"type": ["string", "null"], "pattern": _DATE},
            "缺省": _choice(settings.MISSING_CHOICES),
            "图片": _choice(settings.PICTURE_CHOICES),
            "附件": _list_of(_TEXT),
            settings.CHECKS_KEY: _list_of(_mapping(dict.fromkeys(settings.ACCEPTANCE_KEYS, _TEXT))),
        }
        described = {key: {**value, "description": _ABOUT[key]} for key, value in values.items()}
        for grid in form.tables.values():
            table = self._level(form.key_trees[grid.key])
            described[grid.key] = {"description": grid.title, "allOf": [table]}
        return {
            "$schema": _DRAFT,
            "title": f"{DATA_FILE}：{form.name}",
            "description": form.basis,
            **_mapping(described),
            "type": "object",
            "required": list(settings.REQUIRED_KEYS),
            "definitions": self._definitions,
        }

    def _level(self, tree: KeyTree) -> Schema:
        """Return a reference to the schema of what is typed below *tree*."""
        if tree.cell:
            return self._defined(number_schema(tree.cell.type))
        children = {key: self._level(child) for key, child in tree.children.items()}
        schema = _mapping(children, tree.names)
        return self._defined(self._row(tree.leaves, schema) if tree.is_row else schema)

    def _row(self, cells: Sequence[GridCell], schema: Schema) -> Schema:
        """Return *schema*, that of the row *cells* as a mapping, for lists and texts as well.

        A list has the totals or not.
        """
        least = sum(1 for cell in cells if not self._form.is_row_total(cell))
        columns = "、".join(f"{cell.path.column}{_unit(cell)}" for cell in cells)
        row: Schema = {
            **schema,
            "description": columns,
            "items": [self._defined(number_schema(cell.type)) for cell in cells],
            "minItems": least,
            "maxItems": len(cells),
        }
        if len(cells) == 1:  # one number may stand for its row
            number = number_schema(cells[0].type)
            return {**row, **number, "type": ["array", "object", *number["type"]]}
        return {**row, "type": ["array", "object", "string", "null"]}

    def _defined(self, schema: Schema) -> Schema:
        """Return a reference to *schema*."""
        content = json.dumps(schema, ensure_ascii=False)
        name = self._names.setdefault(content, f"part-{len(self._names) + 1}")
        self._definitions.setdefault(name, schema)
        return {"$ref": f"#/definitions/{name}"}


def _mapping(values: ReadOnly[str, Schema], names: ReadOnly[str, str] | None = None) -> Schema:
    """Return the schema of a mapping with the keys of *values*, in every wording of each.

    *names* are the other wordings, with the key that each stands for.
    """
    wordings = {key: {key} for key in values}
    for name, key in (names or {}).items():
        wordings[key].add(name)
    others = {key: key_pattern(wordings[key], besides=key) for key in values}
    return {
        "type": ["object", "null"],
        "properties": dict(values),
        "patternProperties": {others[key]: value for key, value in values.items()},
        "additionalProperties": False,
    }


def _choice(choices: Iterable[str]) -> Schema:
    """Return the schema of one of *choices*; YAML takes one that is digits for a number."""
    numbers = [int(choice) for choice in choices if choice.isdecimal()]
    pattern = {"type": "string", "pattern": key_pattern(choices)}
    return {"anyOf": [{"enum": [*choices, *numbers, None]}, pattern]}


def _list_of(item: Schema) -> Schema:
    return {"anyOf": [{"type": "array", "items": item}, item]}


def number_schema(kind: ValueType) -> Schema:
    """Return the schema of a number of *kind*, typed as a number or as a text."""
    if kind.kind == ValueKind.MONEY:
        amount = rf"[+＋]?\s*{_WHOLE}(?:[.．]{_DIGITS}+)?\s*[十百千万亿]*元?"
        return {"type": ["number", "string", "null"], "minimum": 0, "pattern": _typed(amount)}
    if kind.kind == ValueKind.CHANGE:
        return {
            "type": ["integer", "string", "null"],
            "pattern": _typed(rf"[+＋\-－−]?\s*{_WHOLE}"),
        }
    count = rf"[+＋]?\s*{_WHOLE}"
    return {"type": ["integer", "string", "null"], "minimum": 0, "pattern": _typed(count)}


def _typed(number: str) -> str:
    return rf"^\s*(?:{number}|{_NO_NUMBER})\s*$"


def _unit(cell: GridCell) -> str:
    return f"（{cell.type.unit}）" if cell.type.unit else ""
