"""Sentences that state numbers of the tables, made at random: by the grammar, and by frames.

The first generator takes statements of the form's grammar and says them in any of their words,
in any order; the second fills numbers into sentences as organs write them.  Both know what each
number should be, so that a test can write it rightly or wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from msgspec import Struct

from reportgen.forms import BoundStatement, Form
from reportgen.forms.formula import parse_sum
from reportgen.model import CellPath

Cells = Mapping[CellPath, int | Decimal]
_ABOUT = "因政府信息公开引发的"
_FILLERS = ("", "", "共", "共计", "为", "数量为")
_JOINTS = ("，", "，", "；", "、")
_BLANKS = ("", "", "", "", " ", "\u00a0", "\u2009", "\u3000")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


class Claim(Struct, frozen=True):
    """A number that a sentence states: what it should be, and whatever else it may be."""

    right: Decimal
    allowed: frozenset[Decimal]

    def wrong(self, rng: Random) -> Decimal:
        """Return a number a little greater that nothing allows."""
        number = self.right + rng.choice((1, 2, 3, 10, 100))
        while number in self.allowed:
            number += 1
        return number


Piece = str | Claim
Sentence = tuple[Piece, ...]
"""Text and claims by turns."""


def by_grammar(form: Form, cells: Cells, rng: Random) -> Iterator[Sentence]:
    """Yield sentences of one to three statements of *form*, without end."""
    maker = _Maker(form, cells, rng)
    known = [bound for bound in form.statements if not bound.statement.follows]
    while True:
        chosen = rng.sample(known, rng.randint(1, 3))
        parts = [part for bound in chosen if (part := maker.part(bound))]
        if parts:
            joint = rng.choice(_JOINTS)
            pieces = [piece for part in parts for piece in (joint, *part)]
            yield (*pieces[1:], "。")


class _Maker:
    """Says statements in the words of a grammar."""

    def __init__(self, form: Form, cells: Cells, rng: Random) -> None:
        self._rng, self._cells, self._grammar = rng, cells, form.sentences
        self._words: dict[tuple[str, str], list[str]] = {}
        for text, word in self._grammar.words.items():
            role = "acts" if word.role == "fillers" and word.name else word.role  # 共, 总量
            self._words.setdefault((role, word.name), []).append(text)

    def part(self, bound: BoundStatement) -> Sentence | None:
        """Return *bound* in words, None where the words chosen would run together."""
        statement, rng = bound.statement, self._rng
        counted = self._one("counted", statement.counted[0])
        acts = [self._one("acts", name) for name in statement.says]
        rng.shuffle(acts)
        unit = statement.money or rng.choice(self._grammar.units)
        filler = rng.choice(_FILLERS)
        about = _ABOUT if statement.about else ""
        layouts = [
            ([about, *acts, counted, filler], [unit]),
            ([about, counted, *acts, filler], [unit]),
            ([about, *acts], [unit, counted]),
            ([about, counted, filler], [unit, *acts]),
        ]
        before, after = rng.choice(layouts)
        if self._run_together(before) or self._run_together(after):
            return None
        sums = [*bound.equals, *(total for total, _ in bound.traps)]
        values = [Decimal(total.value(self._cells)) for total in sums]
        return "".join(before), Claim(values[0], frozenset(values)), "".join(after)

    def _one(self, role: str, name: str) -> str:
        return self._rng.choice(self._words[role, name])

    def _run_together(self, words: Sequence[str]) -> bool:
        """Return whether a longer word of the grammar begins in one of *words*."""
        text, start = "".join(words), 0
        for word in filter(None, words):
            if word not in _ABOUT and self._grammar.word_at(text, start) not in (word, ""):
                return True
            start += len(word)
        return False


_SLOTS = {
    "谁": [
        "",
        "我局",
        "本机关",
        "全年",
        "2024年，",
        "2024年度，我局",
        "年内，本单位",
        "本年度",
        "截至12月31日，",
    ],
    "收": ["新收", "收到", "共收到", "受理", "共受理", "接收", "接到", "新收到", "共接到社会公众"],
    "申": [
        "政府信息公开申请",
        "依申请公开",
        "依申请公开申请",
        "信息公开申请",
        "公开申请",
        "依申请公开事项",
    ],
    "件": ["件", "件", "件", "份", "宗", "起", "条", "个"],
    "，": ["，", "，", "；", "、"],
    "结": ["办结", "答复", "共办结", "已办结", "回复", "办理完成", "本年度办结"],
    "转": ["结转下年度", "结转至下一年度", "结转到2025年", "顺延至下年度继续办理", "转结下年办理"],
    "昨": ["上年结转", "上年度结转", "上一年度结转", "结转上年度", "2023年结转", "去年结转"],
    "其": ["其中", "，其中", "。其中，", "（其中", "，其中：", "；其中"],
    "复": ["被申请行政复议", "发生行政复议", "引发的行政复议案件", "行政复议"],
    "诉": ["行政诉讼", "被提起行政诉讼", "提起行政诉讼案件"],
    "制": ["制发", "制定", "出台", "新制定", "制定发布", "印发"],
    "废": ["废止", "废除", "清理废止"],
    "效": ["现行有效", "继续有效", "现行有效的"],
}
_CELLS = {
    "新收": "申请/本年新收/总计", "上年": "申请/上年结转/总计", "办结": "申请/总计/总计",
    "下年": "申请/结转下年度/总计", "公开": "申请/予以公开/总计", "部分": "申请/部分公开/总计",
    "两种": "申请/予以公开/总计 + 申请/部分公开/总计",
    "不予": "合计(申请/不予公开/*/总计)", "无法": "合计(申请/无法提供/*/总计)",
    "不处": "合计(申请/不予处理/*/总计)", "其他": "合计(申请/其他处理/*/总计)",
    "复议": "复议诉讼/行政复议/总计", "维持": "复议诉讼/行政复议/结果维持",
    "诉讼": "复议诉讼/未经复议直接起诉/总计 + 复议诉讼/复议后起诉/总计",
    "都": "复议诉讼/行政复议/总计 + 复议诉讼/未经复议直接起诉/总计 + 复议诉讼/复议后起诉/总计",
    "制发": "主动公开/行政规范性文件/本年制发件数", "废止": "主动公开/行政规范性文件/本年废止件数",
    "有效": "主动公开/行政规范性文件/现行有效件数", "许可": "主动公开/行政许可/本年处理决定数量",
    "处罚": "主动公开/行政处罚/本年处理决定数量", "自然人": "申请/本年新收/自然人",
}  # fmt: skip
_FRAMES = (
    "{谁}{收}{申}<新收>{件}{，}{昨}<上年>{件}{，}{结}<办结>{件}{，}{转}<下年>{件}。",
    "{谁}{收}<新收>{件}{申}，<下年>{件}{转}。",
    "{谁}{申}{收}<新收>{件}（含{昨}申请<上年>{件}），{结}<办结>{件}，剩余<下年>{件}{转}。",
    "{谁}{收}{申}<新收>{件}，均在法定期限内答复。处理结果中，予以公开<公开>{件}，部分公开<部分>{件}。",
    "{谁}{结}{申}<办结>{件}{其}予以公开<公开>{件}、部分公开<部分>{件}、不予公开<不予>{件}。",
    "{谁}办结{申}<办结>{件}{其}“予以公开”<公开>{件}；“不予公开”<不予>{件}；“无法提供”<无法>{件}。",
    "对{申}予以公开或部分公开<两种>{件}，不予公开的<不予>{件}，不予处理<不处>{件}，其他处理<其他>{件}。",
    "{谁}{收}{申}<新收>{件}{其}自然人申请<自然人>{件}，办结<办结>{件}。",
    "{谁}因政府信息公开{复}<复议>{件}{，}{诉}<诉讼>{件}。",
    "政府信息公开{复}<复议>{件}，其中结果维持<维持>{件}。",
    "{谁}涉及政府信息公开的行政复议、行政诉讼案件共<都>{件}。",
    "{谁}涉及政府信息公开的行政复议、行政诉讼分别为<复议>{件}、<诉讼>{件}。",
    "{谁}{制}行政规范性文件<制发>{件}{，}{废}<废止>{件}{，}{效}<有效>{件}。",
    "{谁}{废}规范性文件<废止>{件}，{效}规范性文件<有效>{件}。",
    "{谁}行政规范性文件{制}<制发>{件}，{效}文件<有效>{件}。",
    "{谁}作出行政许可决定<许可>{件}、行政处罚决定<处罚>{件}。",
)


def by_frames(form: Form, cells: Cells, rng: Random) -> Iterator[Sentence]:
    """Yield sentences as organs write them, their words drawn from lists of their own."""
    values = {
        name: Decimal(parse_sum(text, form.vocabulary).value(cells))
        for name, text in _CELLS.items()
    }
    both = values["新收"] + values["上年"]
    allowed = frozenset((*values.values(), both, both - values["上年"]))
    while True:
        text = rng.choice(_FRAMES)
        for name, words in _SLOTS.items():
            while "{" + name + "}" in text:
                text = text.replace("{" + name + "}", rng.choice(words), 1)
        pieces: list[Piece] = []
        for number, piece in enumerate(text.replace("（其中", "，其中").split("<")):
            name, mark, rest = piece.partition(">")
            pieces += [Claim(values[name], allowed), rest] if mark and number else [piece]
        yield tuple(pieces)


def written(
    sentence: Sentence, rng: Random, *, mistake: int | None
) -> tuple[str, tuple[int, int] | None]:
    """Return *sentence* as text, claim number *mistake* wrong, and where that number stands."""
    text, place, count = "", None, 0
    for piece in sentence:
        if isinstance(piece, str):
            text += piece
            continue
        is_wrong = count == mistake
        digits = _shown(piece.wrong(rng) if is_wrong else piece.right, rng)
        text += rng.choice(_BLANKS)
        if is_wrong:
            place = (len(text), len(text) + len(digits))
        text += digits + rng.choice(_BLANKS)
        count += 1
    return text, place


def _shown(number: Decimal, rng: Random) -> str:
    digits = format(number, "f")
    style = rng.random()
    if style < 0.1 and "." not in digits:
        return f"{int(number):,}"
    return digits.translate(_FULL_WIDTH) if style > 0.9 else digits
