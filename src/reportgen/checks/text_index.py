"""The texts of one report together: those a rule is about, and those an expression can match.

A report has some dozens of texts and a form a hundred expressions, most of which match
nowhere.  So the texts are asked once, joined, for the words an expression needs, and the
expression is tried only where they stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

from reportgen.checks.texts import CONTACT, Text, report_texts
from reportgen.model.report import Report
from reportgen.template.form import Form
from reportgen.template.patterns import LazyPattern
from reportgen.template.rules import Rule


class Texts:
    """Every text of a report, ``all`` in reading order; a number names one by its place there."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self.all = tuple(texts)
        self._scopes: dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[int]] = {}
        self._found: dict[tuple[str, ...], tuple[int, ...]] = {}

    @classmethod
    def of(cls, report: Report, form: Form) -> Texts:
        """Return the texts of *report*, its sections named as *form* names them."""
        return cls(report_texts(report, form))

    def about(self, rule: Rule) -> list[Text]:
        """Return the texts *rule* is about; the contact block only where it is named."""
        return [self.all[number] for number in sorted(self._scope(rule))]

    def within(self, sections: Iterable[str]) -> list[Text]:
        """Return the texts that stand in one of *sections*."""
        wanted = frozenset(sections)
        return [text for text in self.all if text.section in wanted]

    def candidates(self, pattern: LazyPattern, rule: Rule) -> Iterator[Text]:
        """Yield the texts *rule* is about that *pattern* may match."""
        scope = self._scope(rule)
        return (self.all[number] for number in self.holding(pattern) if number in scope)

    def matches(self, pattern: LazyPattern, rule: Rule) -> Iterator[tuple[Text, re.Match[str]]]:
        """Yield each match of *pattern* in the texts *rule* is about, with its text."""
        for text in self.candidates(pattern, rule):
            for match in pattern.compiled.finditer(text.text):
                yield text, match

    def holding(self, pattern: LazyPattern) -> Iterable[int]:
        """Return the numbers of the texts that may have what *pattern* needs, ascending.

        All texts are asked for the fewest words, and those that have one for the others.
        """
        words = min(pattern.words, key=len, default=None)
        found = range(len(self.all)) if words is None else self._with_one_of(words)
        return [n for n in found if pattern.may_match(self.all[n].text)]

    def occurring(self, words: Iterable[str]) -> list[str]:
        """Return those of *words* that stand in a text."""
        characters = self.characters  # of a thousand words hardly any passes this
        return [word for word in words if word[0] in characters and word in self._joined]

    @cached_property
    def characters(self) -> frozenset[str]:
        """Every character that occurs in a text."""
        return frozenset(self._joined)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(text.text for text in self.all)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each text begins among all, and where one more would."""
        return [0, *accumulate(len(text.text) + 1 for text in self.all)]

    def _with_one_of(self, words: tuple[str, ...]) -> Iterable[int]:
        """Return the numbers of the texts that one of *words* stands in, ascending."""
        if words not in self._found:
            held = {number for word in words for number in self._holders(word)}
            self._found[words] = tuple(sorted(held))
        return self._found[words]

    def _holders(self, word: str) -> Iterator[int]:
        """Yield the number of each text that *word* stands in."""
        if not self.characters.issuperset(word):
            return
        place = self._joined.find(word)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            yield number
            place = self._joined.find(word, self._starts[number + 1])

    def _scope(self, rule: Rule) -> frozenset[int]:
        scope = (rule.sections, rule.parts)
        if scope not in self._scopes:
            numbers = (n for n, text in enumerate(self.all) if _is_about(rule, text))
            self._scopes[scope] = frozenset(numbers)
        return self._scopes[scope]


def _is_about(rule: Rule, text: Text) -> bool:
    if text.section == CONTACT:
        return CONTACT in rule.parts
    if rule.sections and text.section not in rule.sections:
        return False
    return text.part in rule.parts or rule.parts in ((), (CONTACT,))
