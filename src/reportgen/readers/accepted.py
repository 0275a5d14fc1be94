"""``检查:`` in ``report.yaml``: the findings the author stands by, each with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.located import Mapping, Node, Scalar, Sequence
from reportgen.model.acceptance import Acceptance
from reportgen.readers.settings import Entries, read_entries

CHECKS_KEY = "检查"
_KEYS = ("规则", "理由", "位置", "原文", "实为")


def read_accepted(entries: Entries) -> tuple[Acceptance, ...]:
    """Return the accepted findings; what is wrong with the way they are written is a finding."""
    node = entries.nodes.get(CHECKS_KEY)
    if node is None or (isinstance(node, Scalar) and not node.text):
        return ()
    return tuple(_acceptances(node, entries))


def _acceptances(node: Node, entries: Entries) -> Iterator[Acceptance]:
    for item in node.items if isinstance(node, Sequence) else (node,):
        if not isinstance(item, Mapping):
            entries.error(
                "I104",
                "wrong-type",
                "“检查”应逐条填写",
                CHECKS_KEY,
                "如 - {规则: N301, 理由: …}",
            )
            return
        inner = read_entries(item, _KEYS, "“检查”下")
        values = {key: inner.text(key) for key in _KEYS}
        entries.diagnostics.extend(inner.diagnostics)
        if values["规则"] and values["理由"]:
            yield Acceptance(
                values["规则"],
                values["理由"],
                values["位置"],
                values["原文"],
                values["实为"],
                item.span,
            )
        else:
            missing = "规则" if not values["规则"] else "理由"
            entries.error(
                "I116",
                "acceptance-incomplete",
                f"“检查”中有一条没有写“{missing}”",
                CHECKS_KEY,
                "每条都要写明规则编号和理由，如 - {规则: N301, 理由: …}",
            )
