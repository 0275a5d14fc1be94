"""Bounds on the work and the output of a template, which are counted in advance.

:class:`Counter` inserts a call at the beginning of each part of a template that can be repeated,
and the environment counts each printed value.  All work is therefore counted, also in nested
loops, macros and included files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Context as NumberContext
from decimal import DivisionByZero, InvalidOperation, Overflow, localcontext
from typing import Any, TypeAlias

from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from msgspec import Struct

from reportgen.source import SourceFile

MAX_STEPS = 1_000_000
"""The most expressions that one evaluation may evaluate, and elements it may go through."""
MAX_OUTPUT = 2_000_000
"""The most characters that one evaluation may print, including the output of macros and blocks."""

_ENTRY = 5
"""The cost of entering a body, in expressions."""
_CHARACTERS = 16
"""How many characters of a text cost as much as one element."""
_NUMBERS = NumberContext(
    prec=28, Emin=-400, Emax=400, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""How templates calculate with decimals: Python's usual precision, but no number is of such a
size that its digits fill the memory."""
_REPEATED = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)

Files: TypeAlias = Callable[[str], "SourceFile | None"]
"""A function that returns a template by its file name; None if there is none."""


class TooMuch(Exception):  # noqa: N818 - a limit reached
    """An evaluation exceeds its bounds on work or output."""


def no_files(_: str) -> None:
    """Return None for every name, for texts that cannot include templates."""


class Evaluation(Struct):
    """One evaluation of a template, with its counters and bounds."""

    steps: int = 0
    size: int = 0
    max_steps: int = MAX_STEPS
    max_size: int = MAX_OUTPUT
    files: Files = no_files
    """Returns the templates that are included."""

    def spend(self, steps: int, size: int) -> None:
        """Count *steps* expressions and *size* characters; raises TooMuch beyond the bounds."""
        self.steps += steps
        self.size += size
        if self.steps > self.max_steps or self.size > self.max_size:
            raise TooMuch

    def weigh(self, value: Any) -> None:
        """Count the elements of *value*, as deep as they are nested, and a text by its length.

        What compares, sorts or hashes a value goes through all of them, and a list that occurs
        in itself many times over has more than memory could hold.
        """
        pending = [value]
        while pending:
            value = pending.pop()
            if isinstance(value, str):
                self.spend(len(value) // _CHARACTERS, 0)
            elif isinstance(value, Mapping):
                self.spend(len(value), 0)
                pending.extend(value.values())
            elif isinstance(value, list | tuple):
                self.spend(len(value), 0)
                pending.extend(value)
            elif isinstance(value, range):
                self.spend(len(value), 0)

    def keep(self, value: Any) -> None:
        """Count *value* as new in memory: the elements of a list, the characters of a text."""
        if isinstance(value, str):
            self.spend(len(value) // _CHARACTERS, 0)
        elif isinstance(value, list | tuple):
            self.spend(len(value), 0)


_CURRENT: ContextVar[Evaluation] = ContextVar("evaluation")


def current() -> Evaluation:
    """Return the current evaluation; raises LookupError if there is none."""
    return _CURRENT.get()


@contextmanager
def counted_to(evaluation: Evaluation) -> Iterator[None]:
    """Count everything that is evaluated within the ``with`` block to *evaluation*.

    Decimal numbers are bounded there, too.
    """
    token = _CURRENT.set(evaluation)
    try:
        with localcontext(_NUMBERS):
            yield
    finally:
        _CURRENT.reset(token)


class Counter(NodeTransformer):
    """Inserts counting into a parsed template, and makes ``~`` a bounded operation.

    The inserted nodes call the methods ``spend``, ``weighed``, ``kept`` and ``joined`` of the
    environment.  A template cannot write or shadow such nodes.
    """

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        """Return *node* with counting inserted in its parts and, if it can repeat, in itself."""
        super().generic_visit(node, *args, **kwargs)
        if isinstance(node, (nodes.Template, *_REPEATED)):
            call = _call("spend", [nodes.Const(number) for number in _cost(node.body)])
            node.body.insert(0, nodes.ExprStmt(call, lineno=node.lineno))
        if isinstance(node, nodes.For) and node.test:  # evaluated also where the body is not
            call = _call("spend", [nodes.Const(_ENTRY), nodes.Const(0)])
            node.test = nodes.And(call, node.test, lineno=node.lineno)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - Jinja2's name
        """Return the comparison with each of its sides counted before it is made."""
        self.generic_visit(node)
        node.expr = _call("weighed", [node.expr])
        for operand in node.ops:
            operand.expr = _call("weighed", [operand.expr])
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802 - Jinja2's name
        """Return the look-up, what a slice takes out counted: it is a new text or list."""
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        return _call("kept", [node]).set_lineno(node.lineno)

    def visit_Pair(self, node: nodes.Pair) -> nodes.Node:  # noqa: N802 - Jinja2's name
        """Return the entry of a mapping with its key counted before it is hashed."""
        self.generic_visit(node)
        node.key = _call("weighed", [node.key])
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja2's name
        """Return a call of ``joined`` in place of the operator ``~``."""
        self.generic_visit(node)
        return _call("joined", node.nodes).set_lineno(node.lineno)


def _call(method: str, arguments: list[nodes.Expr]) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute(method), arguments, [], None, None)


def _cost(body: Iterable[nodes.Node]) -> tuple[int, int]:
    """Return the numbers of expressions and of literal characters in *body*.

    Parts that are counted separately are left out.
    """
    steps, size, pending = _ENTRY, 0, list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, _REPEATED):
            continue
        steps += isinstance(node, nodes.Expr)
        size += len(node.data) if isinstance(node, nodes.TemplateData) else 0
        pending.extend(node.iter_child_nodes())
    return steps, size
