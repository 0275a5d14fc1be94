"""Regular expressions of the templates: compiled when first needed, tried where they can match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from reportgen.problems import EnvironmentProblem


class LazyPattern(Struct, frozen=True, dict=True):
    """A regular expression compiled when first needed: many never are, and compiling is slow.

    Of each group of ``words`` one occurs in every text it matches, and as many characters as
    ``repeat`` says, least and most, stand twice in a row there; a text without them is not
    searched.  A mistake in it is an EnvironmentProblem when it is compiled.
    """

    text: str
    flags: int = 0
    words: tuple[tuple[str, ...], ...] = ()
    repeat: tuple[int, int] | None = None

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, compiled."""
        try:
            return re.compile(self.text, self.flags)
        except re.error as error:
            message = f"checks.yaml 中的正则表达式有误：{self.text[:40]}（{error}）"
            raise EnvironmentProblem(message, "检查 templates 中的 checks.yaml") from error

    def search(self, text: str) -> re.Match[str] | None:
        """Return where *text* first matches, None when it does not."""
        return self.compiled.search(text) if self.may_match(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the start of *text*, None when there is none."""
        return self.compiled.match(text) if self.may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of the whole of *text*, None when it does not match."""
        return self.compiled.fullmatch(text) if self.may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return the matches in *text*, one after the other."""
        return self.compiled.finditer(text) if self.may_match(text) else iter(())

    def may_match(self, text: str) -> bool:
        """Return whether *text* has that without which nothing matches."""
        for group in self.words:
            for word in group:  # plain loops: this is asked of every text for every rule
                if word in text:
                    break
            else:
                return False
        return self.repeat is None or _may_repeat(text, *self.repeat)


def _may_repeat(text: str, least: int, most: int) -> bool:
    """Return whether *least* to *most* characters stand twice in a row in *text*.

    Cut into blocks of half the least length, the text has one whole block among them,
    wherever they begin, and that block comes again as many characters later.
    """
    size = (least + 1) // 2
    if size == 0:
        return True
    for at in range(0, len(text), size):
        block, end = text[at : at + size], at + most + size
        again = text.find(block, at + least, end)
        while again >= 0:
            if _stands_twice(text, at, again - at):
                return True
            again = text.find(block, again + 1, end)
    return False


def _stands_twice(text: str, at: int, distance: int) -> bool:
    """Return whether *distance* characters, that at *at* among them, come again behind them."""
    low = high = at
    while low > 0 and text[low - 1] == text[low - 1 + distance]:
        low -= 1
    while high + distance < len(text) and text[high] == text[high + distance]:
        high += 1
    return high - low >= distance
