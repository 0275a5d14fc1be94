"""The wall to Jinja2: a sandbox in which a report's placeholders are evaluated.

Imported only for a text that has placeholders other than plain names.  A
template can read the data it is given, calculate and loop; it cannot touch
files, private attributes or anything unbounded.  Names that do not exist are
noted in the :class:`Run` and let the rest of the text be evaluated.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, NoReturn

from jinja2 import Template, TemplateSyntaxError, Undefined, filters, nodes
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from msgspec import Struct, field

from reportgen.placeholders.functions import FILTERS, FUNCTIONS, exact, rounded

MAX_OUTPUT = 2_000_000
MAX_STEPS = 200_000
_MAX_RANGE = 10_000
_MAX_TEXT = 100_000
_MAX_BITS = 1_000

_METHODS: dict[type, frozenset[str]] = {
    Mapping: frozenset({"items", "keys", "values", "get"}),
    str: frozenset({"strip", "startswith", "endswith"}),
}
_PLAIN_FILTERS = (
    "abs", "count", "d", "default", "first", "int", "last", "length", "list", "max", "min",
    "sort", "sum", "trim", "unique",
)  # fmt: skip

SyntaxProblem = (TemplateSyntaxError, SyntaxError, RecursionError, MemoryError, ValueError)
"""What compiling a text can raise."""


class TooLarge(Exception):  # noqa: N818 - a limit reached
    """The output or the work to make it is beyond the bounds of a report."""


class Run(Struct, dict=True):
    """One rendering: where it is, how much it did, and which names it missed."""

    place: int = -1
    steps: int = 0
    size: int = 0
    missed: dict[tuple[int, str], Unknown] = field(default_factory=dict)

    def move(self, place: int) -> None:
        """Note that *place* is being evaluated; raises TooLarge when that is too often."""
        self.place = place
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooLarge

    def miss(self, unknown: Unknown) -> None:
        """Note that *unknown* was used at the current place."""
        self.missed.setdefault((self.place, unknown.name), unknown)


_RUN: ContextVar[Run] = ContextVar("run")


class Unknown(Undefined):
    """A name that does not exist: every use is noted and yields itself."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name as written in the template."""
        return str(self._undefined_name)

    @property
    def owner(self) -> object:
        """The value the name was looked up in; None for a name of the top level."""
        return None if self._undefined_obj is missing else self._undefined_obj

    def note(self, *_: object, **__: object) -> Unknown:
        """Note the use in the current run; return the same unknown."""
        _RUN.get().miss(self)
        return self

    def _noting(self, value: Any) -> Any:
        self.note()
        return value

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(name)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = note  # type: ignore[assignment]
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = note  # type: ignore[assignment]
    __mod__ = __rmod__ = __pow__ = __rpow__ = __pos__ = __neg__ = note  # type: ignore[assignment]
    __call__ = __getitem__ = note  # type: ignore[assignment]

    def __lt__(self, _: object) -> bool:  # type: ignore[override]
        return bool(self._noting(False))

    __le__ = __gt__ = __ge__ = __contains__ = __lt__  # type: ignore[assignment]

    def __eq__(self, _: object) -> bool:
        return bool(self._noting(False))

    def __ne__(self, _: object) -> bool:
        return bool(self._noting(True))

    def __hash__(self) -> int:
        return id(type(self))

    def __bool__(self) -> bool:
        return bool(self._noting(False))

    def __len__(self) -> int:
        return int(self._noting(0))

    def __int__(self) -> int:  # type: ignore[override]
        return int(self._noting(0))

    def __str__(self) -> str:
        return str(self._noting(""))

    def __iter__(self) -> Iterator[Any]:
        self.note()
        yield from ()


def _passing_unknown(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function* so that an unknown argument is noted and returned instead."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        unknown = [value for value in (*args, *kwargs.values()) if isinstance(value, Unknown)]
        for value in unknown:
            value.note()
        return unknown[0] if unknown else function(*args, **kwargs)

    return guarded


def _joined(*parts: Any) -> str:
    """Return the texts of *parts* as one, bounded."""
    return _bounded("".join(_bounded(str(part)) for part in parts[:_MAX_TEXT]))


def _bounded(text: str) -> str:
    if len(text) > _MAX_TEXT:
        raise OverflowError
    return text


def _join_filter(value: Any, separator: str = "") -> str:
    parts = [str(part) for part in value]
    if sum(map(len, parts)) + len(separator) * len(parts) > _MAX_TEXT:
        raise OverflowError
    return separator.join(parts)


def _bounded_range(*args: int) -> range:
    numbers = range(*args)
    if len(numbers) > _MAX_RANGE:
        raise OverflowError
    return numbers


class _Context(Context):
    """Looks names up under their normalised form when the exact one is absent."""

    def resolve_or_missing(self, key: str) -> Any:
        value = super().resolve_or_missing(key)
        if value is missing:
            names = self.parent.get("__names", {})
            return names.get(key, missing)
        return value


class _Rewriter(NodeTransformer):
    """Sends the ``~`` operator through a bounded function."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja2's name
        self.generic_visit(node)
        name = nodes.Name("__joined", "load", lineno=node.lineno)
        return nodes.Call(name, node.nodes, [], None, None, lineno=node.lineno)


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    context_class = _Context

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Rewriter().visit(tree)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look *attribute* up among the items of a mapping first, then the allowed methods."""
        if isinstance(obj, Unknown):
            return obj.note()
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        allowed = not attribute.startswith("_") and (
            isinstance(obj, LoopContext)
            or any(isinstance(obj, kind) and attribute in names for kind, names in _METHODS.items())
        )
        if allowed and hasattr(obj, attribute):
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look *argument* up among the items only."""
        if isinstance(obj, Unknown):
            return obj.note()
        if isinstance(argument, Unknown):
            return argument.note()
        try:
            return obj[argument]
        except (TypeError, LookupError):
            return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate with exact numbers, within bounds."""
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            unknown = [value.note() for value in (left, right) if isinstance(value, Unknown)]
            return unknown[0]
        left, right = _exact(left), _exact(right)
        _check_operands(operator, left, right)
        if operator == "/":
            left, right = Decimal(left), Decimal(right)
        result = super().call_binop(context, operator, left, right)
        return _bounded(result) if isinstance(result, str) else result

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - Jinja2's signature keeps keywords free
        """Call what the template names; calling a name that does not exist is noted."""
        if isinstance(__obj, Unknown):
            return __obj.note()
        return super().call(__context, __obj, *args, **kwargs)


def _exact(value: Any) -> Any:
    return exact(value) if isinstance(value, float) else value


def _check_operands(operator: str, left: Any, right: Any) -> None:
    """Raise when an operation is not one of numbers, or would grow without bound."""
    if operator == "+" and isinstance(left, str | list | tuple):
        if not isinstance(right, type(left)) or len(left) + len(right) > _MAX_TEXT:
            raise TypeError
        return
    if not all(isinstance(value, int | Decimal) for value in (left, right)):
        raise TypeError
    sizes = [abs(value).bit_length() if isinstance(value, int) else 100 for value in (left, right)]
    if max(sizes) > _MAX_BITS or (operator == "**" and abs(right) > 10):
        raise OverflowError


@functools.cache
def _environment() -> _Environment:
    environment = _Environment(
        undefined=Unknown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        optimized=False,
        cache_size=0,
    )
    chosen: dict[str, Callable[..., Any]] = {name: filters.FILTERS[name] for name in _PLAIN_FILTERS}
    chosen |= {"join": _join_filter, "round": rounded, **FILTERS}
    environment.filters = {
        name: function if name in ("d", "default") else _passing_unknown(function)
        for name, function in chosen.items()
    }
    environment.globals = {
        name: _passing_unknown(function)
        for name, function in {**FUNCTIONS, "range": _bounded_range, "__joined": _joined}.items()
    }
    return environment


def known_filters() -> list[str]:
    """Return the names a value can be piped through."""
    return list(_environment().filters)


def known_functions() -> list[str]:
    """Return the names that can be called."""
    return [name for name in _environment().globals if not name.startswith("_")]


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of the tokens of *text*; raises TemplateSyntaxError on the way."""
    for _, kind, value in _environment().lexer.tokeniter(text, None):
        yield kind, value


@functools.lru_cache(maxsize=64)
def compiled(text: str) -> Template:
    """Return the template of *text*; raises one of SyntaxProblem."""
    return _environment().from_string(text)


def run_template(
    text: str, names: Mapping[str, object], helpers: Mapping[str, object], run: Run
) -> str:
    """Render *text* with *names* and the private *helpers*, noting in *run*.

    Raises TooLarge, one of SyntaxProblem, or whatever an expression of the text raises.
    """
    template = compiled(text)
    token = _RUN.set(run)
    try:
        context = template.new_context({**names, **helpers, "__names": names})
        chunks = []
        for chunk in template.root_render_func(context):
            run.size += len(chunk)
            if run.size > MAX_OUTPUT:
                raise TooLarge
            chunks.append(chunk)
        return "".join(chunks)
    finally:
        _RUN.reset(token)
