"""Paragraphs such as officials write, made at random, with everything that makes setting hard.

The Han text is that of the samples; numbers, addresses, marks and nests of quotes are
strewn into it.  Every run that no line may break is marked as one where it is made, so
that the tests need not find it again.  The generator draws from any ``random.Random``:
a seeded one gives a fixed corpus, Hypothesis's own finds the shortest failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random

SAMPLES = Path(__file__).parents[2] / "samples"
_MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|\{\{[^}]*\}\}|^#+ .*$|[*|#>-]+", re.M)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,18}")


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph; ``kind`` says how it may be broken.

    prose: by the rules for marks; whole: not at all; address: after / ? & . only.
    """

    text: str
    kind: str = "prose"


Pieces = tuple[Piece, ...]

COUNTERS = "条件项次份人年月日处期个户万元"
STOPS = ("，", "，", "，", "、", "。", "。", "；", "：", "！", "？", "？！")
PAIRS = ("（）", "《》", "“”", "‘’", "〔〕", "【】", "〈〉", "「」", "『』", "［］", "｛｝")
STROKES = ("——", "……", "…………")
NAMES = ("阿卜杜拉·买买提", "列夫·托尔斯泰", "李·王")
PHONES = ("0558-2173663", "0000-0000000", "010-12345678", "400-000-0000", "12345")
WORDS = (
    *("WeChat", "App", "H5", "A4", "PDF/A-3a", "5G", "VR", "e-mail", "it’s", "COVID-19", "WPS"),
    *("ISO", "internationalisation", "GB/T", "iOS", "B2B"),
)
MAILS = ("xxgk@example.cn", "bgs.2024@yunxi.example", "zwgk-bgs@qinghe.example")
ADDRESSES = (
    "https://www.yunxi.example",
    "https://www.qinghe.example/xxgk/public/index.html?id=12345&type=7",
    "http://scjg.yunxi.example/zwgk/2024/jd.html",
    "www.qinghe.example/zfxxgk/fdzdgknr/lzyj/gfxwj/index.shtml",
)
DEEPEST = 3  # brackets within brackets


@cache
def phrases() -> tuple[str, ...]:
    """Return the stretches of Han characters of all samples, each once."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*/正文.md"))]
    found = (_HAN.findall(_MARKUP.sub("。", text)) for text in texts)
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def make_paragraph(rng: Random) -> Pieces:
    """Return a paragraph of one to twenty sentences drawn from *rng*."""
    return _join([_sentence(rng) for _ in range(rng.randint(1, 20))])


def _sentence(rng: Random) -> Pieces:
    clause = _clause(rng, 0)
    if rng.random() < 0.1:
        return (*clause, Piece(rng.choice(STROKES), "whole"))
    return (*clause, Piece(rng.choice(STOPS)))


def _clause(rng: Random, depth: int) -> Pieces:
    """Return a phrase, one with something inserted, or one in brackets."""
    kind = rng.random()
    if kind < 0.3:
        return (Piece(rng.choice(phrases())),)
    if kind < 0.75 or depth == DEEPEST:
        before, after = Piece(rng.choice(phrases())), Piece(rng.choice(phrases()))
        return (before, *rng.choice(_INSETS)(rng), after)
    left, right = tuple(rng.choice(PAIRS))
    inner = _join([_clause(rng, depth + 1) for _ in range(rng.randint(1, 2))])
    return (Piece(left), *inner, Piece(right), *_tail(rng))


def _tail(rng: Random) -> Pieces:
    """Return what follows a closing bracket: nothing, a stop, or other brackets at once."""
    kind = rng.random()
    if kind < 0.4:
        return ()
    if kind < 0.7:
        return (Piece(rng.choice(STOPS)),)
    left, right = tuple(rng.choice(PAIRS))
    return Piece(left), Piece(rng.choice(phrases())), Piece(right)


def _join(clauses: Sequence[Pieces]) -> Pieces:
    """Join *clauses*; a comma parts what would run together."""
    joined: list[Piece] = []
    for pieces in clauses:
        if joined and "prose" not in (joined[-1].kind, pieces[0].kind):
            joined.append(Piece("，"))
        joined.extend(pieces)
    return tuple(joined)


def _number(rng: Random) -> Pieces:
    shapes: tuple[Callable[[], str], ...] = (
        lambda: str(rng.randint(0, 10**8)),
        lambda: f"{rng.randint(1000, 10**10):,}",
        lambda: f"{rng.randint(0, 999900) / 100:.2f}",
        lambda: f"{rng.randint(0, 1000) / 10:.1f}%",
        lambda: f"{rng.randint(0, 1000) / 10:.1f}％",
        lambda: f"{rng.randint(0, 99)}‰",
        lambda: f"{rng.randint(-30, 45)}℃",
        lambda: f"{rng.randint(-99, 99):+d}",
        lambda: f"￥{rng.randint(1, 9999)}",
        lambda: f"№{rng.randint(1, 999)}",
    )
    return (Piece(rng.choice(shapes)(), "whole"),)


def _counted(rng: Random) -> Pieces:
    number = str(rng.randint(0, 10 ** rng.randint(1, 8)))
    return Piece(number, "whole"), Piece(rng.choice(COUNTERS))


def _range(rng: Random) -> Pieces:
    return Piece(str(rng.randint(1, 99)), "whole"), Piece("～"), *_counted(rng)


def _date(rng: Random) -> Pieces:
    numbers = (rng.randint(2008, 2030), rng.randint(1, 12), rng.randint(1, 31))
    pairs = zip(numbers, "年月日", strict=True)
    return tuple(piece for number, unit in pairs for piece in (_whole(str(number)), Piece(unit)))


def _document(rng: Random) -> Pieces:
    return (_whole(f"〔{rng.randint(2019, 2024)}〕{rng.randint(1, 300)}号"),)


def _whole(text: str) -> Piece:
    return Piece(text, "whole")


def _one_of(texts: Sequence[str], kind: str = "whole") -> Callable[[Random], Pieces]:
    return lambda rng: (Piece(rng.choice(texts), kind),)


_INSETS: tuple[Callable[[Random], Pieces], ...] = (
    *(_number, _number, _counted, _counted, _counted, _range, _date, _document),
    *(_one_of(PHONES), _one_of(WORDS), _one_of(MAILS), _one_of(STROKES)),
    *(_one_of(ADDRESSES, "address"), _one_of(NAMES, "prose")),
)


def make_corpus(count: int, seed: int) -> Iterator[Pieces]:
    """Yield *count* paragraphs, the same for the same *seed*."""
    rng = Random(seed)
    return (make_paragraph(rng) for _ in range(count))
