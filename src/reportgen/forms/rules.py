"""Rules: what is checked, and the words that explain it.

The kind of a rule says how it is carried out (:data:`KINDS`).  The rules of kind
``built-in`` are carried out by code; ``checks.yaml`` gives their page for
``reportgen explain``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from reportgen.diagnostics import Severity
from reportgen.forms.formula import Identity, Sum
from reportgen.forms.patterns import LazyPattern
from reportgen.text import Word

FORMULA_KINDS = ("identity", "plausible", "previous")
"""A formula over cells: it must hold; it should; it should, with last year's (上年/…)."""

TEXT_KINDS = ("pattern", "required", "length", "quote", "ratio", "breakdown", "pairs")
"""Over the narrative: a pattern that must not occur, patterns of which each must, a
greatest length, numbers that must equal cells, per cents and parts that must fit
their totals, and words with the words to use instead."""

CODE_KINDS = ("enumeration", "marks", "outlier", "copied", "place", "built-in")
KINDS = (*FORMULA_KINDS, *TEXT_KINDS, *CODE_KINDS)

PROOFS = (
    "id-card", "luhn", "no-such-date", "other-year", "this-year", "fee-step", "fee-pages",
)  # fmt: skip
"""What a pattern's match can be put to (``proof``) before it counts."""


class TextPart(Word):
    """What a text of a report is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    CAPTION = "caption"
    CONTACT = "contact"


class QuoteSpec(Struct, frozen=True, omit_defaults=True):
    """A way to state a number in words: its group 数 must equal one of the sums ``equals``.

    ``number`` is the number the words stand for where they hold no digits.
    ``unless`` and ``needs`` are looked for in the words before and in the whole paragraph.
    """

    pattern: LazyPattern
    equals: tuple[str, ...]
    traps: tuple[tuple[str, str], ...] = ()
    shares: tuple[str, ...] = ()
    number: int | None = None
    unless: LazyPattern | None = None
    needs: LazyPattern | None = None


class Rule(Struct, frozen=True, omit_defaults=True):
    """One check with everything a message and its page need.

    ``sections`` limits a rule on text to these section ids (all when empty),
    ``parts`` to these kinds of text; ``whole`` asks that the pattern match the
    section's whole text, or, of a required one, that the first section was typed.
    ``organ`` and ``report_kinds`` limit any rule to some reports.
    """

    code: str
    slug: str
    severity: Severity
    kind: str
    title: str
    message: str = ""
    hint: str = ""
    basis: str = ""
    table: str = ""
    formula: str = ""
    each: Mapping[str, tuple[str, ...]] | None = None
    fills: bool = False
    pattern: LazyPattern | None = None
    sections: tuple[str, ...] = ()
    parts: tuple[TextPart, ...] = ()
    whole: bool = False
    unless: LazyPattern | None = None
    proof: str = ""
    expected: str = ""
    once: bool = False
    organ: LazyPattern | None = None
    report_kinds: tuple[str, ...] = ()
    items: Mapping[str, LazyPattern] = field(default_factory=dict)
    quotes: tuple[QuoteSpec, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    limit: float = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    what: str = ""
    why: str = ""
    example: str = ""

    def applies(self, organ: str, report_kind: str) -> bool:
        """Return whether the rule is about reports of *organ* and of *report_kind* (类型)."""
        if self.report_kinds and report_kind not in self.report_kinds:
            return False
        return self.organ is None or self.organ.search(organ) is not None


class BoundIdentity(Struct, frozen=True):
    """An identity rule applied to one row, column or block of a table."""

    rule: Rule
    binding: Mapping[str, str]
    identity: Identity

    @property
    def message(self) -> str:
        """The rule's message with the bound names filled in."""
        text = self.rule.message
        for name, value in self.binding.items():
            text = text.replace("{" + name + "}", value)
        return text


class BoundQuote(Struct, frozen=True):
    """A quote with its sums resolved to the cells of a form; ``shares`` are wholes of a per cent.

    ``traps`` are sums easily stated instead, each with the words for it.
    """

    rule: Rule
    spec: QuoteSpec
    equals: tuple[Sum, ...]
    traps: tuple[tuple[Sum, str], ...]
    shares: tuple[Sum, ...]
