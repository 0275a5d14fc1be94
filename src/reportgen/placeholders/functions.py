"""The functions and filters a placeholder may use, under their Chinese names.

Each takes and returns plain values; a ValueError carries a message worded for
the author.  The sandbox keeps undefined names away from them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

from reportgen.forms import (
    UNITS,
    Number,
    grouped_number,
    growth_rate,
    plain_number,
    share_rate,
    trimmed_number,
)
from reportgen.forms import rounded as rounded_number
from reportgen.heading_numbers import chinese_numeral

_MAX_DIGITS = 60
_MAX_DECIMALS = 10
_MAX_SETTLED = 25  # digits that a Decimal of the usual precision holds with certainty


def as_number(value: object) -> Number:
    """Return *value* as an exact number; raises ValueError when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"需要一个数字，这里是{_describe(value)}")
    number = exact(value) if isinstance(value, float) else value
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError("不是一个有限的数字")
    if abs(number) >= 10**_MAX_DIGITS:
        raise ValueError("数字过大")
    return number


def exact(value: float) -> Number:
    """Return the number that *value* was written as."""
    return int(value) if value.is_integer() else Decimal(repr(value))


def settled(value: object) -> object:
    """Return *value*, the result of a calculation, without zeros at the end of its decimals.

    12.6 万元 times 10000 is 126000, not 126000.0; anything but a decimal stays as it is.
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        return value
    if value == value.to_integral_value():
        return value.quantize(Decimal(1)) if abs(value) < 10**_MAX_SETTLED else value
    return value.normalize()


def _describe(value: object) -> str:
    if value is None:
        return "空值"
    if isinstance(value, str):
        return f"文字“{value[:20]}”"
    return "一组数据" if hasattr(value, "__iter__") else "其他内容"


def number_text(value: Number) -> str:
    """Return *value* in plain decimal notation, never with an exponent.

    More than ten decimals come from a division and are rounded off.
    """
    if isinstance(value, int):
        return str(value)
    text = plain_number(as_number(value))
    if len(text.partition(".")[2]) <= _MAX_DECIMALS:
        return text
    return trimmed_number(value, _MAX_DECIMALS)


_SURROGATE = re.compile("[\ud800-\udfff]")


def value_text(value: object) -> str:
    """Return *value* as it is printed in the narrative; raises ValueError when it cannot be."""
    if isinstance(value, str):
        if _SURROGATE.search(value):  # made by an escape such as "\\ud800"; no file can hold it
            raise ValueError("里面有不是文字的字符")
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if value is None:
        raise ValueError("这一项没有填写数值")
    if hasattr(value, "__iter__"):
        raise ValueError("这是一组数据，请写到其中具体的一格")
    if callable(value):
        raise ValueError("这是一个函数，请在括号里写出要计算的内容")
    return number_text(as_number(value))


def rounded(value: object, places: object = 2) -> Decimal:
    """小数: *value* with exactly *places* decimals, halves away from zero."""
    count = as_number(places)
    if not (isinstance(count, int) and 0 <= count <= _MAX_DECIMALS):
        raise ValueError(f"小数位数应为 0 至 {_MAX_DECIMALS}")
    return rounded_number(as_number(value), count)


def growth(now: object, before: object) -> str:
    """同比: the change against last year as words.

    ``增长12.50%``, ``下降3.20%``, ``持平``; ``基本持平`` when it rounds to 0.00%;
    ``上年为零`` when there is nothing to compare with.
    """
    current, last = as_number(now), as_number(before)
    if current == last:
        return "持平"
    exact_rate = growth_rate(current, last)
    if exact_rate is None:
        return "上年为零"
    rate = rounded(exact_rate)
    if rate == 0:
        return "基本持平"
    return f"{'增长' if rate > 0 else '下降'}{plain_number(abs(rate))}%"


def share(part: object, whole: object) -> str:
    """占比: *part* of *whole* in per cent with two decimals, ``0%`` of nothing."""
    rate = share_rate(as_number(part), as_number(whole))
    return "0%" if rate is None else f"{plain_number(rounded(rate))}%"


def ten_thousands(value: object) -> str:
    """万元: an amount in 元 as text in 万元, up to six decimals, no trailing zeros."""
    return trimmed_number(Decimal(as_number(value)) / UNITS["万元"], 6)


def grouped(value: object) -> str:
    """千分位: *value* with a comma after every third digit."""
    return grouped_number(as_number(value))


def chinese(value: object) -> str:
    """中文数字: *value* (1 to 99) in Chinese, ``12`` as ``十二``."""
    number = as_number(value)
    if number != int(number):
        raise ValueError("中文数字只支持整数")
    return chinese_numeral(int(number))


FUNCTIONS: dict[str, Callable[..., object]] = {"同比": growth, "占比": share}
"""What a placeholder can call, ``同比(今年, 上年)``."""

FILTERS: dict[str, Callable[..., object]] = {
    "万元": ten_thousands,
    "千分位": grouped,
    "中文数字": chinese,
    "小数": rounded,
    "占比": share,
    "同比": growth,
}
"""What a placeholder can pipe a value through, ``数 | 小数(1)``."""
