"""Write the colour profile that PDFs name as their output intent: ``srgb.icc``.

``python tools/srgb_profile.py`` writes it; with ``--check`` nothing is written and the exit
code is 1 when the file is not what this makes.  It is an ICC 2.1 display profile of sRGB
(IEC 61966-2-1) by matrix and curves: PDF/A-1 takes no later version, and profiles from
elsewhere carry a copyright or the time they were made at.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

PROFILE = Path(__file__).resolve().parent.parent / "src/reportgen/writers/pdf/srgb.icc"
NAME = b"sRGB IEC61966-2.1"
WHITE = (0.9642, 1.0, 0.8249)  # D50, to which the primaries below are adapted (ICC.1, 6.3.4.3)
RED, GREEN, BLUE = (
    (0.43607, 0.22249, 0.01392),
    (0.38515, 0.71687, 0.09708),
    (0.14307, 0.06061, 0.7141),
)
STEPS = 256
HEADER = 128  # bytes


def profile() -> bytes:
    """Return the profile, the same bytes on every run."""
    tags = {
        b"desc": struct.pack(">4s4xI", b"desc", len(NAME) + 1) + NAME.ljust(len(NAME) + 79, b"\0"),
        b"cprt": b"text\0\0\0\0no copyright, use freely\0",
        b"wtpt": _xyz(WHITE),
        b"rXYZ": _xyz(RED),
        b"gXYZ": _xyz(GREEN),
        b"bXYZ": _xyz(BLUE),
        b"rTRC": _curve(),
        b"gTRC": _curve(),
        b"bTRC": _curve(),
    }
    start = HEADER + 4 + 12 * len(tags)
    table, body = b"", b""
    places: dict[bytes, int] = {}
    for signature, data in tags.items():
        if data not in places:  # the three curves are one
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", signature, places[data], len(data))
    head = struct.pack(">I4xI4s4s4s", start + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s28x", 2000, 1, 1, 0, 0, 0, b"acsp") + _xyz(WHITE)[8:]
    return head.ljust(HEADER, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(values: tuple[float, float, float]) -> bytes:
    """Return *values* as the type XYZ holds them, in 1/65536."""
    return struct.pack(">4s4x3i", b"XYZ ", *(round(value * 65536) for value in values))


def _curve() -> bytes:
    """Return the transfer curve of sRGB, from stored to linear values."""
    steps = (round(65535 * _linear(step / (STEPS - 1))) for step in range(STEPS))
    return struct.pack(f">4s4xI{STEPS}H", b"curv", STEPS, *steps)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def main(arguments: list[str]) -> int:
    """Write the profile, or say that it is old."""
    if "--check" not in arguments:
        PROFILE.write_bytes(profile())
        return 0
    if PROFILE.is_file() and PROFILE.read_bytes() == profile():
        return 0
    sys.stderr.write(f"{PROFILE.name} is old: python {Path(__file__).name}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
