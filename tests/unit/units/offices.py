"""Report folders of many units with random numbers that balance, and their sums."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from reportgen.forms import Form, ValueKind
from reportgen.located import yaml_text
from reportgen.model import CellPath
from tests.builders import FORMS

RECEIVED, CARRIED, NEXT, RESULTS = "本年新收", "上年结转", "结转下年度", "总计"
TEXT = """\
# 一、总体情况

## （一）主动公开

按要求公开。

## （二）依申请公开

全年新收政府信息公开申请{{ 申请.本年新收.总计 }}件。

## （三）政府信息管理

按要求管理。

## （四）政府信息公开平台建设

按要求建设。

## （五）监督保障

按要求开展。

# 二、主动公开政府信息情况

# 三、收到和处理政府信息公开申请情况

# 四、政府信息公开行政复议、行政诉讼情况

# 五、存在的主要问题及改进情况

公开的形式还不够丰富，将加以改进。

# 六、其他需要报告的事项

无收取信息处理费情况。
"""


def organ(number: int) -> str:
    return f"清溪县第{number:02}局"


def numbers(form: Form, chance: random.Random) -> dict[CellPath, int | Decimal]:
    """Return random numbers for every cell of *form* that is no total; its identities hold."""
    cells: dict[CellPath, int | Decimal] = {}
    for path, cell in form.value_cells.items():
        if path not in form.totals:
            is_money = cell.type.kind == ValueKind.MONEY
            cells[path] = (
                Decimal(chance.randrange(10_000)) / 100 if is_money else chance.randrange(9)
            )
            if "规章" in path.keys:  # these organs may make none
                cells[path] = 0
    for path in cells:
        if path.column in ("现行有效件数", "对外公开总数量") and "规章" not in path.keys:
            cells[path] += 9  # more than were made this year
    for column in {path.column for path in cells if path.table == "申请"}:
        rows = {str(path.row.within_table): path for path in cells if path.column == column}
        rows = {row: path for row, path in rows.items() if path.table == "申请"}
        done = sum(
            cells[path] for row, path in rows.items() if row not in (RECEIVED, CARRIED, NEXT)
        )
        left = done + cells[rows[NEXT]]
        cells[rows[CARRIED]] = min(cells[rows[CARRIED]], left)
        cells[rows[RECEIVED]] = left - cells[rows[CARRIED]]
    return cells


def write_unit(
    folder: Path,
    name: str,
    cells: Mapping[CellPath, object],
    *,
    year: int,
    more: Mapping[str, object] | None = None,
) -> Path:
    """Write the report folder of the organ *name* with *cells*; return it."""
    data: dict[str, Any] = {
        "单位": name,
        "年度": year,
        "联系方式": {"地址": f"{name}院内", "邮编": "230000", "电话": "0551-1234567"},
        **(more or {}),
    }
    types = {path: cell.type for form in FORMS.values() for path, cell in form.value_cells.items()}
    for path, number in cells.items():
        level = data
        for key in path.keys[:-1]:
            level = level.setdefault(key, {})
        level[path.column] = f"{number}元" if types[path].unit_in_cell else number
    folder.mkdir(parents=True)
    (folder / "report.yaml").write_text(yaml_text(data), encoding="utf-8")
    (folder / "正文.md").write_text(TEXT, encoding="utf-8")
    return folder


def write_units(
    root: Path, count: int, form: str, year: int, seed: int = 1
) -> list[dict[CellPath, int | Decimal]]:
    """Write *count* units below *root*; return the numbers of each."""
    chance = random.Random(seed)
    made = [numbers(FORMS[form], chance) for _ in range(count)]
    for number, cells in enumerate(made):
        write_unit(root / f"单位{number:02}", organ(number), cells, year=year)
    return made
