"""Sound files made unsound: bytes, lines and words changed, parts of packages and pictures too."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

LONGEST = 400_000
"""Bytes of an input; a few inputs in a thousand are grown up to that."""

HOSTILE = [
    b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"-1", b"0", b"1e999", b"nan", b"99999999999999999999",
    b"0.1", b"/", b"../..", b"\r", b"\n", b"\t", b" ", b"\xe3\x80\x80", b"\xe2\x80\x8b", b"{{",
    b"}}", b"{% for a in range(9) %}", b"{% endfor %}", b"|", b"[", b"]", b"(", b")", b"**", b"`",
    b"<!--", b"-->", b"!", b"&a", b"*a", b"#", b"'", b'"', b":", b": ", b"- ", b"\\",
    b"=", b"\xe3\x80\x81",
    b"\xe6\x80\xbb\xe8\xae\xa1", b"9" * 400, b"~", b"null", b"true", b"2024-02-30",
]  # fmt: skip

Damage: TypeAlias = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""What makes an unsound file of a sound one, with a source of chance and words of its kind."""


def damage_bytes(data: bytes, chance: Random, words: Sequence[bytes] = ()) -> bytes:
    """Return *data* with one to six changes; *words* may be put into it."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        _change(made, chance, words)
    if chance.random() < 0.004:
        made = _grown(made, chance)
    return bytes(made[:LONGEST])


def _change(made: bytearray, chance: Random, words: Sequence[bytes]) -> None:
    start = chance.randint(0, len(made))
    stop = min(len(made), start + chance.choice((0, 1, 1, 2, 4, 16, 200)))
    kind = chance.randrange(7)
    if kind == 0 and made:
        made[min(start, len(made) - 1)] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del made[start:stop]
    elif kind == 2:
        made[start:start] = made[start:stop] * chance.choice((1, 1, 2, 30))
    elif kind == 3 and words:
        made[start : start + chance.choice((0, 1, 4))] = chance.choice(words)
    elif kind == 4:
        made[start:stop] = chance.randbytes(chance.choice((1, 2, 8)))
    elif kind == 5:
        other = chance.randint(0, len(made))
        made[start:stop], part = made[other : other + 40], bytes(made[start:stop])
        made += part
    else:
        made[start:stop] = chance.choice(HOSTILE)


def _grown(made: bytearray, chance: Random) -> bytearray:
    """Return *made* with a part of it repeated many times, as files that grow are made."""
    start = chance.randint(0, len(made))
    part = made[start : start + chance.choice((1, 2, 7, 60))] or bytearray(b"a")
    times = chance.choice((1_000, 20_000, LONGEST)) // len(part)
    return made[:start] + part * times + made[start:]


def damage_lines(data: bytes, chance: Random, words: Sequence[bytes] = ()) -> bytes:
    """Return the text *data* with lines moved, doubled, lost or indented, or bytes changed."""
    if chance.random() < 0.6:
        return damage_bytes(data, chance, words)
    lines = data.split(b"\n")
    for _ in range(chance.randint(1, 4)):
        number = chance.randrange(len(lines))
        kind = chance.randrange(5)
        if kind == 0 and len(lines) > 1:
            del lines[number]
        elif kind == 1:
            lines.insert(chance.randrange(len(lines)), lines[number])
        elif kind == 2:
            lines[number] = b" " * chance.randint(1, 9) + lines[number]
        elif kind == 3:
            lines[number] = damage_bytes(lines[number], chance, words)
        else:
            lines.insert(number, chance.choice([*words, *HOSTILE]))
    return b"\n".join(lines)[:LONGEST]


def damage_package(data: bytes, chance: Random, words: Sequence[bytes] = ()) -> bytes:
    """Return the ZIP package *data* with one of its parts changed, lost or doubled."""
    if chance.random() < 0.15:
        return damage_bytes(data, chance, words)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    if chance.random() < 0.1:
        del parts[name]
    else:
        parts[name] = damage_bytes(parts[name], chance, words)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for part, content in parts.items():
            package.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def damage_picture(data: bytes, chance: Random, words: Sequence[bytes] = ()) -> bytes:
    """Return the picture *data* changed; of a PNG mostly a chunk, with its checksum put right."""
    if not data.startswith(b"\x89PNG") or chance.random() < 0.3:
        return damage_bytes(data, chance, words)
    chunks = list(_chunks(data))
    number = chance.randrange(len(chunks))
    name, body = chunks[number]
    if name == b"IDAT" and chance.random() < 0.5:
        rows = damage_bytes(zlib.decompress(body), chance)
        chunks[number] = name, zlib.compress(rows, 1)
    elif chance.random() < 0.2:
        chunks.insert(chance.randrange(len(chunks)), chunks.pop(number))
    else:
        chunks[number] = name, damage_bytes(body, chance, words)
    return data[:8] + b"".join(
        len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
        for name, body in chunks
    )


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, position = [], 8
    while position + 12 <= len(data):
        end = position + 8 + int.from_bytes(data[position : position + 4], "big")
        found.append((data[position + 4 : position + 8], data[position + 8 : end]))
        position = end + 4
    return found


def damage_named(inner: Damage) -> Damage:
    """Return *inner* for inputs whose first line is the name of a file, which stays as it is."""

    def damage(data: bytes, chance: Random, words: Sequence[bytes] = ()) -> bytes:
        name, _, content = data.partition(b"\n")
        return name + b"\n" + inner(content, chance, words)

    return damage
