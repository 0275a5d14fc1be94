"""Random report folders: balanced tables of either form, and a text with everything a text has."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from reportgen.forms import Form, plain_number
from reportgen.model import CellPath, Quantity
from reportgen.writers.form_workbook import fill_workbook
from tests.builders import APPLICANTS, FORMS
from tests.unit.published.torn import balanced

_WORDS = (
    "认真贯彻落实", "《中华人民共和国政府信息公开条例》", "，围绕", "优化营商环境", "、保障民生",
    "，及时发布", "“三公”经费", "（试行）", "政策解读", "重点领域信息", "；进一步完善", "网站专栏",
    "在 APP 上推送", "Word 与 PDF", "网址 https://www.example.gov.cn/a/2024/b_1.html 可查",
    "，全年共", "会议纪要", "——以案说法", "；同比增长", "办理情况", "，规范流程", "、压实责任",
    "‘一件事’", "①②",
)  # fmt: skip
_BOUND = ("申请.本年新收.总计", "申请.予以公开.自然人", "复议诉讼.行政复议.总计")
_UNITS = ("件", "条", "次", "人次", "项", "%", "个")
_TITLES = ("主动公开情况", "依申请公开情况", "信息管理", "平台建设", "监督保障", "培训情况")


def write_report(folder: Path, seed: str) -> Form:
    """Write the report folder that *seed* makes and return the form it follows."""
    chance = random.Random(seed)
    form = chance.choice(list(FORMS.values()))
    year = chance.choice((2019, 2020)) if form.id == "2019" else chance.randrange(2021, 2026)
    numbers = numbers_of(form, chance)
    folder.mkdir(parents=True)
    head = f"单位: 乌有市{chance.choice('甲乙丙丁')}局   # 虚构\n年度: {year}\n"
    if chance.random() < 0.8:
        head += f"成文日期: {year + 1}-01-{chance.randrange(10, 31)}\n"
    if chance.random() < 0.3:
        (folder / "数据.xlsx").write_bytes(fill_workbook(form, numbers))
    else:
        head += "".join(_tables(form, numbers, chance))
    (folder / "report.yaml").write_text(head, encoding="utf-8")
    text = "\n\n".join(_narrative(form, chance, folder)) + "\n"
    (folder / "正文.md").write_text(text, encoding="utf-8")
    return form


def numbers_of(form: Form, chance: random.Random) -> dict[CellPath, Quantity]:
    """Return numbers for every cell of *form* that agree with all of its identities."""
    numbers = dict(balanced(form, chance))

    def amount(row: str, column: str) -> int:
        return int(numbers[CellPath(("申请", row, column))].amount)

    for column in (*APPLICANTS, "总计"):
        done, ahead = amount("总计", column), amount("结转下年度", column)
        received = done + ahead - amount("上年结转", column)
        if column == "总计":
            received = sum(amount("本年新收", other) for other in APPLICANTS)
            ahead = sum(amount("结转下年度", other) for other in APPLICANTS)
        elif received < 0:
            ahead, received = ahead - received, 0
        numbers[CellPath(("申请", "本年新收", column))] = Quantity(received)
        numbers[CellPath(("申请", "结转下年度", column))] = Quantity(ahead)
    return numbers


def _tables(form: Form, numbers: dict[CellPath, Quantity], chance: random.Random) -> Iterator[str]:
    """Yield the tables as YAML, with and without their totals, with comments between them."""
    for grid in form.tables.values():
        yield f"\n# {chance.choice(('已核', '由办公室填', '不要改'))}\n{grid.key}:\n"
        before: tuple[str, ...] = ()
        rows = dict.fromkeys(cell.path.row for cell in grid.value_cells())
        for row in rows:
            keys = row.keys[1:]
            for depth in range(len(keys) - 1):
                if keys[: depth + 1] != before[: depth + 1]:
                    yield f"{'  ' * (depth + 1)}{keys[depth]}:\n"
            before = keys
            cells = [cell.path for cell in grid.value_cells() if cell.path.row == row]
            if chance.random() < 0.6:
                cells = [cell for cell in cells if cell not in form.totals] or cells
            if all(cell in form.totals for cell in cells) and chance.random() < 0.5:
                continue
            typed = [(cell.column, _typed(numbers[cell])) for cell in cells]
            yield f"{'  ' * len(keys)}{keys[-1]}: {_row(typed, chance)}   # 数\n"


def _typed(quantity: Quantity) -> str:
    return plain_number(quantity.amount)


def _row(cells: list[tuple[str, str]], chance: random.Random) -> str:
    if len(cells) in (6, 7) and chance.random() < 0.5:
        return f"[{', '.join(text for _, text in cells)}]"
    return "{" + ", ".join(f"{key}: {text}" for key, text in cells) + "}"


def _narrative(form: Form, chance: random.Random, folder: Path) -> Iterator[str]:
    if chance.random() < 0.5:
        yield f"{sentence(chance)}本报告所列数据的统计期限自1月1日起至12月31日止。"
    for spec in form.sections:
        if spec.table and chance.random() < 0.7:
            continue
        yield f"# {spec.title}"
        for number in range(chance.randrange(1, 4)):
            if not spec.table and chance.random() < 0.4:
                yield f"## {_TITLES[number]}{chance.randrange(100)}"
            yield from (_block(chance, folder, spec.id) for _ in range(chance.randrange(1, 3)))


def _block(chance: random.Random, folder: Path, section: str) -> str:
    kind = chance.choice(("text",) * 6 + ("bound", "list", "numbers", "table", "picture"))
    if kind == "bound":
        cell = chance.choice(
            ("申请.本年新收.总计", "申请.予以公开.自然人", "复议诉讼.行政复议.总计")
        )
        return f"{sentence(chance)}新收申请{{{{ {cell} }}}}件，{sentence(chance)}"
    if kind == "list":
        return "\n".join(f"- {sentence(chance)}" for _ in range(chance.randrange(2, 4)))
    if kind == "numbers":
        return "\n".join(f"{n}. {sentence(chance)}" for n in range(1, chance.randrange(3, 5)))
    if kind == "table":
        rows = [f"| 栏目{chance.randrange(99)} | {chance.randrange(999)} |" for _ in range(3)]
        return "\n".join(["| 名称 | 数量 |", "|---|---:|", *rows])
    if kind == "picture":
        name = f"images/{section}-{chance.randrange(10_000)}.png"
        (folder / "images").mkdir(exist_ok=True)
        (folder / name).write_bytes(picture(chance))
        return f"![截图{chance.randrange(1000)}]({name})"
    return "".join(sentence(chance) for _ in range(chance.randrange(1, 6)))


def sentence(chance: random.Random) -> str:
    """Return a sentence with a number in it, perhaps with bold words."""
    words = chance.sample(_WORDS, k=chance.randrange(2, 7))
    if chance.random() < 0.2:
        words.append(f"**{chance.choice(('特别', '重点'))}**")
    words.append(f"共{chance.randrange(3000)}{chance.choice(_UNITS)}")
    return "我局" + "".join(words) + "。"


def picture(chance: random.Random, scale: int = 1) -> bytes:
    """Return a small screenshot with bars of random lengths, enlarged by *scale*."""
    image = Image.new("RGB", (400, 240), (chance.randrange(200, 256), 240, 250))
    draw = ImageDraw.Draw(image)
    for line in range(8):
        draw.rectangle(
            (20, 20 + line * 25, 40 + chance.randrange(300), 32 + line * 25), fill="navy"
        )
    image = image.resize((image.width * scale, image.height * scale))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
