"""Tests of how pictures are printed: size, resolution, parts."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageOps

from reportgen.files import NO_CACHE
from reportgen.pictures import JudgedPicture, PictureKind, natural_size, part_height, plan_cut
from reportgen.pictures.files import judge_bytes
from reportgen.pictures.printing import Cut, cut_rows, plan_print, printed_text, text_height
from reportgen.styles import PT_PER_INCH, StyleSheet, mm
from tests.builders import FORMS
from tests.drawn import judged, opened, page_of_text, photograph, saved

SHEET: StyleSheet = FORMS["2021"].sheet
WIDTH, LOOK = SHEET.page.text_width, SHEET.figure
PHONE = 44  # the height of the text of a phone whose screen is 1080 pixels wide


def test_picture_wider_than_600_pixels_fills_the_type_area() -> None:
    assert natural_size((1200, 600), None, WIDTH, LOOK.max_height) == pytest.approx(
        (WIDTH, WIDTH / 2)
    )


def test_small_picture_keeps_its_size_at_96_dpi() -> None:
    assert natural_size((400, 200), None, WIDTH, LOOK.max_height) == pytest.approx((300, 150))


def test_wanted_share_is_obeyed() -> None:
    assert natural_size((400, 200), 0.5, WIDTH, LOOK.max_height)[0] == pytest.approx(WIDTH / 2)


def test_upright_picture_is_limited_by_its_height() -> None:
    width, height = natural_size((1080, 2400), None, WIDTH, LOOK.max_height)
    assert height == pytest.approx(LOOK.max_height)
    assert width == pytest.approx(LOOK.max_height * 1080 / 2400)


@pytest.mark.parametrize(
    ("size", "share"), [((4000, 3000), None), ((3000, 4000), None), ((4000, 3000), 0.5)]
)
def test_a_photograph_is_reduced_to_the_resolution_of_print(
    size: tuple[int, int], share: float | None
) -> None:
    file = judged(photograph(*size), "JPEG", quality=92)
    plan = plan_print(file, share, SHEET)
    assert plan.is_reduced
    assert plan.whole.pixels == size  # from which the size on the page follows
    data = plan.whole.picture.read()
    made = opened(data)
    assert made.format == "JPEG"
    width, _ = natural_size(size, share, WIDTH, LOOK.max_height)
    assert LOOK.resolution <= made.width / (width / PT_PER_INCH) < LOOK.resolution * 1.01
    assert made.width / made.height == pytest.approx(size[0] / size[1], abs=0.002)
    assert len(data) < file.file_size / 8
    assert plan.whole.digest != file.digest


def test_a_reduced_photograph_is_the_same_on_each_run_and_in_each_output() -> None:
    data = saved(photograph(3000, 2000), "JPEG", quality=92)
    one, other = (plan_print(judge_bytes(data, NO_CACHE), None, SHEET).whole for _ in range(2))
    assert one.digest == other.digest
    assert one.picture.read() == other.picture.read_opaque()


def test_a_reduced_photograph_shows_the_same() -> None:
    picture = photograph(3000, 2000)
    made = opened(plan_print(judged(picture, "JPEG", quality=95), None, SHEET).whole.picture.read())
    small = (300, 200)
    pair = (item.convert("L").resize(small, Image.Resampling.BOX) for item in (picture, made))
    difference = ImageChops.difference(*pair)
    assert max(value for value, count in enumerate(difference.histogram()) if count) < 8


def test_pictures_keep_their_pixels_where_the_author_says_so() -> None:
    file = judged(photograph(4000, 3000), "JPEG", quality=92)
    plan = plan_print(file, None, SHEET, original=True)
    assert (plan.whole.picture, plan.is_reduced) == (file, False)


@pytest.mark.parametrize(
    ("size", "quality"),
    [((1600, 1200), 95), ((4000, 3000), 1)],
    ids=["hardly more than needed", "a small file"],
)
def test_a_photograph_is_left_alone_where_little_is_won(
    size: tuple[int, int], quality: int
) -> None:
    file = judged(photograph(*size), "JPEG", quality=quality)
    assert plan_print(file, None, SHEET).whole.picture is file


def test_a_screenshot_stays_as_sharp_as_it_is() -> None:
    page = page_of_text(3840, 2160, 30)
    noisy = photograph(3840, 400)
    page.paste(noisy, (0, 0))  # a banner with a photograph
    file = judged(page)
    assert file.file_size > 300_000
    assert plan_print(file, None, SHEET).whole.picture is file


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {"compress_level": 1}), ("WEBP", {"quality": 90}), ("BMP", {})]
)
def test_a_photograph_in_another_format_becomes_a_jpeg(kind: str, options: dict[str, int]) -> None:
    plan = plan_print(judged(photograph(2400, 1800), kind, **options), None, SHEET)
    assert (plan.whole.kind, plan.is_reduced) == (PictureKind.JPEG, True)
    assert opened(plan.whole.picture.read()).format == "JPEG"


@pytest.mark.parametrize("kind", ["WEBP", "BMP", "TIFF"])
def test_a_screenshot_in_another_format_becomes_a_png(kind: str) -> None:
    file = judged(page_of_text(2400, 1800, 20), kind)
    plan = plan_print(file, None, SHEET)
    assert (plan.whole.kind, plan.is_reduced) == (PictureKind.PNG, False)


def turned(picture: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(picture)
    assert upright is not None
    return upright


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_photograph_is_upright_and_says_nothing_of_its_maker(orientation: int) -> None:
    stored = photograph(3000, 2000)
    stored.paste("white", (0, 0, 1500, 1000))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETCAM"
    exif.get_ifd(0x8825)[1] = "N"
    file = judged(stored, "JPEG", quality=92, exif=exif)
    data = plan_print(file, None, SHEET).whole.picture.read()
    assert b"Exif" not in data
    assert b"SECRETCAM" not in data
    upright = opened(saved(stored, "JPEG", exif=exif))
    upright = turned(upright).convert("L").resize((2, 2), Image.Resampling.BOX)
    made = opened(data).convert("L").resize((2, 2), Image.Resampling.BOX)
    for one, other in zip(upright.tobytes(), made.tobytes(), strict=True):
        assert abs(one - other) < 8


def heights(cut: Cut, rows: tuple[tuple[int, int], ...], width: int) -> list[float]:
    return [(end - start) * cut.width / width for start, end in rows]


@pytest.mark.parametrize(
    ("size", "text", "columns", "pages"),
    [
        ((1080, 12_000), PHONE, 3, 1),
        ((1080, 6_000), PHONE, 2, 1),
        ((1080, 24_000), PHONE, 3, 2),
        ((1280, 4_000), 16, 1, 3),
        ((2560, 8_000), 32, 1, 3),
    ],
)
def test_a_long_page_is_cut_so_that_its_text_is_legible(
    size: tuple[int, int], text: int, columns: int, pages: int
) -> None:
    file = judged(page_of_text(*size, text))
    cut = plan_cut(file, None, SHEET)
    assert cut is not None
    assert (cut.columns, cut.pages) == (columns, pages)
    printed = printed_text(file, cut.width)
    assert printed is not None
    assert printed >= mm(1.8)
    rows = cut_rows(file.row_changes(), cut)
    assert len(rows) == cut.count
    assert rows[0][0] == 0
    assert rows[-1][1] == size[1]
    assert all(end == start for (_, end), (start, _) in pairwise(rows))
    assert max(heights(cut, rows, size[0])) <= part_height(SHEET.page) + 0.01


def test_no_line_of_text_is_cut() -> None:
    page = page_of_text(1080, 12_000, PHONE)
    file = judged(page)
    cut = plan_cut(file, None, SHEET)
    assert cut is not None
    for _, end in cut_rows(file.row_changes(), cut)[:-1]:
        for row in (end - 1, end):
            assert page.crop((0, row, 1080, row + 1)).getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_parts_together_are_the_whole(kind: str) -> None:
    page = page_of_text(800, 4_000, 30)
    plan = plan_print(judged(page, kind, quality=95), None, SHEET)
    assert len(plan.parts) > 1
    joined = Image.new("RGB", page.size)
    top = 0
    for part in plan.parts:
        shown = opened(part.picture.read())
        assert shown.size == part.pixels
        assert shown.format == ("JPEG" if kind == "JPEG" else "PNG")
        assert part.kind == shown.format.lower()
        joined.paste(shown, (0, top))
        top += shown.height
    assert top == page.height
    if kind == "PNG":
        assert joined.tobytes() == page.tobytes()
    assert len({part.digest for part in plan.parts}) == len(plan.parts)


def test_the_author_s_width_decides_how_many_parts_stand_side_by_side() -> None:
    file = judged(page_of_text(1080, 6_000, PHONE))
    for share, columns in ((0.25, 4), (0.5, 2), (0.6, 1), (1.0, 1)):
        cut = plan_cut(file, share, SHEET)
        assert cut is not None
        assert cut.columns == columns
        expected = share * (WIDTH + LOOK.gap) - LOOK.gap
        assert cut.width == pytest.approx(expected)


def never_cut() -> list[JudgedPicture]:
    return [
        judged(page_of_text(1080, 2_400, PHONE)),  # a screen
        judged(page_of_text(1080, 3_000, 80)),  # legible as it is
        judged(photograph(800, 4_000), "JPEG"),  # without text
        judged(Image.new("RGB", (800, 4_000), "white")),
        judged(page_of_text(100, 4_000, 10)),  # too narrow to be legible at all
    ]


@pytest.mark.parametrize("file", never_cut(), ids=["screen", "large", "photo", "blank", "narrow"])
def test_other_tall_pictures_are_printed_whole(file: JudgedPicture) -> None:
    assert plan_cut(file, None, SHEET) is None
    assert plan_print(file, None, SHEET).parts == ()


def test_a_page_that_would_take_too_many_pages_is_not_cut() -> None:
    file = judged(page_of_text(400, 30_000, 8))
    cut = plan_cut(file, None, SHEET)
    assert cut is not None
    assert cut.pages > LOOK.most_pages
    assert plan_print(file, None, SHEET).parts == ()


def test_the_limits_are_those_of_the_style_sheet() -> None:
    file = judged(page_of_text(1080, 6_000, PHONE))
    larger = replace(SHEET, figure=replace(LOOK, least_text=mm(3)))
    cut = plan_cut(file, None, larger)
    assert cut is not None
    assert (printed_text(file, cut.width) or 0) >= mm(3)
    shorter = replace(SHEET, figure=replace(LOOK, long=6.0))
    assert plan_cut(file, None, shorter) is None
    finer = replace(SHEET, figure=replace(LOOK, resolution=300.0))
    photo = judged(photograph(4000, 3000), "JPEG", quality=92)
    made = opened(plan_print(photo, None, finer).whole.picture.read())
    assert made.width == pytest.approx(WIDTH / PT_PER_INCH * 300, abs=1)


@pytest.mark.parametrize("quality", [75, 95])
@pytest.mark.parametrize("size", [14, 28, 44])
def test_the_height_of_text_is_measured_in_a_jpeg_too(size: int, quality: int) -> None:
    page = page_of_text(1200, 3_000, size)
    assert text_height(judged(page).row_changes()) == size
    measured = text_height(judged(page, "JPEG", quality=quality).row_changes())
    assert abs(measured - size) <= 4 + size // 20


def test_without_a_gap_between_lines_it_is_cut_where_the_picture_changes_least() -> None:
    changes = bytearray(b"\x40" * 1_000)
    changes[510] = 20
    cut = Cut(2, 100.0, 560, 2)
    assert cut_rows(bytes(changes), cut) == ((0, 510), (510, 1_000))


def test_a_damaged_jpeg_is_printed_as_it_is() -> None:
    data = bytearray(saved(photograph(3000, 2000), "JPEG", quality=92))
    middle = len(data) // 2
    data[middle : middle + 20_000] = b"\x7f" * 20_000
    file = judge_bytes(bytes(data), NO_CACHE)
    made = plan_print(file, None, SHEET).whole.picture.read()
    assert Image.open(io.BytesIO(made)).size[0] in (3000, 1352)
