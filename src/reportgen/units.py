"""Lengths and the Chinese names of type sizes.

Every length inside the program is a float in PDF points (1/72 inch); these
functions are the only way other units come in or go out.
"""

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0
EMU_PER_PT = 12700
TWIPS_PER_PT = 20


def mm(value: float) -> float:
    """Return *value* millimetres in points."""
    return value * PT_PER_INCH / MM_PER_INCH


def twips(points: float) -> int:
    """Return *points* as whole twentieths of a point, the unit of WordprocessingML."""
    return round(points * TWIPS_PER_PT)


def half_points(points: float) -> int:
    """Return *points* as whole half points, the unit of ``w:sz``."""
    return round(points * 2)


def emu(points: float) -> int:
    """Return *points* as English Metric Units, the unit of DrawingML."""
    return round(points * EMU_PER_PT)
