"""Regular expressions of the templates: compiled when first needed, tried where they can match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from reportgen.problems import EnvironmentProblem


class LazyPattern(Struct, frozen=True, dict=True, omit_defaults=True):
    """A regular expression compiled when first needed: many never are, and compiling is slow.

    At least one word of each group of ``words`` occurs in every text it matches, so a text
    without one is not searched.  The words come with a compiled form; an expression read from
    YAML has none and is always tried.  They do not take part in equality.
    """

    text: str
    flags: int = 0
    words: tuple[tuple[str, ...], ...] = ()

    def __eq__(self, other: object) -> bool:
        """Return whether *other* matches the same texts by the same expression."""
        if not isinstance(other, LazyPattern):
            return NotImplemented
        return (self.text, self.flags) == (other.text, other.flags)

    def __hash__(self) -> int:
        """Return the hash of the expression."""
        return hash((self.text, self.flags))

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, compiled; EnvironmentProblem when it is not a regular expression."""
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
        """Return whether *text* has the words without which nothing matches."""
        for group in self.words:
            for word in group:  # plain loops: this is asked of every text for every rule
                if word in text:
                    break
            else:
                return False
        return True
