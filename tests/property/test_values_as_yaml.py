"""Whatever a program gives as data is read back as the same texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reportgen.located import Mapping as YamlMapping
from reportgen.located import Node, Scalar, parse_yaml, yaml_text
from reportgen.source import SourceFile

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | TEXTS | st.integers() | st.booleans() | st.decimals(allow_nan=False)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def plain(node: Node) -> Any:
    """Return the texts that *node* holds."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, YamlMapping):
        return [(key.text, plain(value)) for key, value in node.items]
    return [plain(item) for item in node.items]


def told(value: object) -> Any:
    """Return what is to be read back of *value*."""
    if isinstance(value, Mapping):
        return [(key, told(item)) for key, item in value.items()]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [told(item) for item in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_data_is_read_back_as_it_was_given(data: dict[str, object]) -> None:
    root, found = parse_yaml(SourceFile("report.yaml", yaml_text(data)))
    assert found == []
    assert root is not None
    assert plain(root) == told(data)
