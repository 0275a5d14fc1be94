"""What a PDF may cost to read: bombs are refused, and nothing is printed about damage."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from reportgen.published.pdf import read_pdf


def one_page(content: bytes, resources: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<"
        + resources
        + b">>>>",
        content,
        *more,
    ]
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(out))
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
FONT = b"/Type/Font/Subtype/Type1/BaseFont/Helvetica"
CID_FONT = (
    b"/Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
    b"/Supplement 0>>/W[0 4000000000 500]>>]"
)
CMAP = b"begincmap 1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange endcmap"
BOMBS = {
    "unpacks to gigabytes": one_page(
        stream(zlib.compress(bytes(80_000_000), 9), b"/Filter/FlateDecode")
    ),
    "draws forms in forms": one_page(
        stream(b"/F Do"),
        b"/XObject<</F 5 0 R>>",
        [stream(b"/F Do " * 10, FORM % (n + 1)) for n in range(5, 14)]
        + [stream(b"0 0 m 1 1 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")],
    ),
    "names a billion characters": one_page(
        stream(b"BT /F1 9 Tf (a) Tj ET"),
        b"/Font<</F1<<%b/ToUnicode 5 0 R>>>>" % FONT,
        [stream(CMAP)],
    ),
    "gives a billion widths": one_page(
        stream(b"BT /F1 9 Tf (a) Tj ET"), b"/Font<</F1<<%b>>>>" % CID_FONT
    ),
    "is one long line of brackets": one_page(stream(b"[" * 1_000_000)),
    "runs lengths": one_page(stream(b"\x81a" * 800_000, b"/Filter/RunLengthDecode")),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=list(BOMBS))
def test_a_bomb_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="过于复杂"):
        read_pdf(data, "a.pdf")


def test_what_the_library_thinks_of_a_damaged_page_is_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "年报.pdf"
    path.write_bytes(one_page(stream(b"BT (a) 0 0 1 0 0 Tm (b) Tj ET")))
    program = "import pathlib, sys; from reportgen.published import read_file\n"
    program += "read_file(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", program, str(path)]
    ran = subprocess.run(command, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
