"""The cells of an earlier form and those that they became in a later one.

Most cells keep their names from one form to the next.  What was renamed, or parted into several, is
data of the later form (``former`` in its ``form.yaml``).  Whatever puts two years beside each other
asks here: ``diff``, the comparison with last year's report, and the tips of a preview.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from msgspec import Struct

from reportgen.forms.form import Form
from reportgen.model import CellPath


class FormerCells(Struct, frozen=True):
    """What the cells of an earlier form are in a later one, where that is not the same name."""

    names: Mapping[CellPath, CellPath] = {}
    """The cells of the later form → those of the earlier one with another name."""
    sums: Mapping[CellPath, tuple[CellPath, ...]] = {}
    """The cells of the earlier form → those of the later one that add up to them."""

    def name(self, path: CellPath) -> CellPath:
        """Return what the cell *path* of the later form is called in the earlier one.

        That may not have it.
        """
        return self.names.get(path, path)


def former_cells(later: Form, earlier: str, cells: Collection[CellPath]) -> FormerCells:
    """Return what *cells* of the form with the id *earlier* became in the form *later*.

    Nothing is renamed if *later* says nothing of the earlier one: it is the same, or comes after.
    """
    names: dict[CellPath, CellPath] = {}
    sums: dict[CellPath, tuple[CellPath, ...]] = {}
    for name, parts in later.former.get(earlier, {}).items():
        old, new = CellPath.parse(name), [CellPath.parse(part) for part in parts]
        for path in cells:
            if path == old:
                found = tuple(map(partial(_known, later), new))
            elif path.row == old:
                found = tuple(_known(later, row.below(path.column)) for row in new)
            else:
                continue
            if len(found) == 1:
                names[found[0]] = path
            else:
                sums[path] = found
    return FormerCells(names, sums)


def _known(form: Form, path: CellPath) -> CellPath:
    """Return the path of *form* that equals *path*, with its own keys."""
    return next((cell for cell in form.value_cells if cell == path), path)
