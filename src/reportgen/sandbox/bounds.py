"""Bounds on the work and the output of a template, which are counted in advance.

:class:`Counter` inserts a call at the beginning of each part of a template that can be repeated,
and the environment counts each printed value.  All work is therefore counted, also in nested
loops, macros and included files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from msgspec import Struct

from reportgen.source import SourceFile

MAX_STEPS = 1_000_000
"""The most expressions that one evaluation may evaluate."""
MAX_OUTPUT = 2_000_000
"""The most characters that one evaluation may print, including the output of macros and blocks."""

_ENTRY = 5
"""The cost of entering a body, in expressions."""
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


_CURRENT: ContextVar[Evaluation] = ContextVar("evaluation")


def current() -> Evaluation:
    """Return the current evaluation; raises LookupError if there is none."""
    return _CURRENT.get()


@contextmanager
def counted_to(evaluation: Evaluation) -> Iterator[None]:
    """Count everything that is evaluated within the ``with`` block to *evaluation*."""
    token = _CURRENT.set(evaluation)
    try:
        yield
    finally:
        _CURRENT.reset(token)


class Counter(NodeTransformer):
    """Inserts counting into a parsed template, and makes ``~`` a bounded operation.

    The inserted nodes call the methods ``spend`` and ``joined`` of the environment.  A template
    cannot write or shadow such nodes.
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
