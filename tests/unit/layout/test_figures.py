"""Tests of pictures: sizes, rows, captions, positions on the page."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace

from reportgen.document.nodes import Figure, FigureGroup
from reportgen.layout.figures import arrange
from reportgen.layout.items import Image, Page
from tests.unit.layout.squares import (
    PAGE,
    SHEET,
    all_content,
    content_on,
    figure,
    group,
    lay_out,
    lines_of_text,
)

WIDTH = PAGE.text_width
LOOK = SHEET.figure


def images_on(page: Page) -> list[Image]:
    return [item for item in page.items if isinstance(item, Image)]


def row_lengths(pictures: FigureGroup) -> list[int]:
    return [len(row) for row in arrange(pictures.figures, WIDTH, LOOK)]


def test_upright_neighbours_stand_side_by_side_while_they_fit() -> None:
    phone = figure(1080, 2400)
    assert row_lengths(group(phone, phone)) == [2]
    assert row_lengths(group(phone, phone, phone)) == [2, 1]


def test_neighbours_of_half_the_width_share_a_row() -> None:
    half = figure(800, 400, width=0.5)
    page = lay_out(group(half, half)).pages[0]
    left, right = images_on(page)
    assert left.x + left.width + LOOK.gap == pytest.approx(right.x)
    assert right.x + right.width <= PAGE.left + WIDTH


def test_neighbours_narrower_than_the_gap_between_them_are_shown_all_the_same() -> None:
    narrow = figure(800, 400, width=0.01)
    images = [image for page in lay_out(group(*[narrow] * 200)).pages for image in images_on(page)]
    assert len(images) == 200
    assert min(image.width for image in images) > 0
    assert max(image.x + image.width for image in images) <= PAGE.left + WIDTH


def test_wide_pictures_are_stacked() -> None:
    wide = figure(800, 200)
    assert row_lengths(group(wide, wide)) == [1, 1]
    page = lay_out(group(wide, wide)).pages[0]
    first, second = images_on(page)
    assert second.y == pytest.approx(first.y + first.height + LOOK.gap)


def test_picture_is_centred_with_its_caption_below() -> None:
    page = lay_out(group(figure(400, 200, "图1 首页"))).pages[0]
    (image,) = images_on(page)
    (caption,) = content_on(page)
    assert image.x + image.width / 2 == pytest.approx(PAGE.left + WIDTH / 2)
    assert caption.x + caption.width / 2 == pytest.approx(PAGE.left + WIDTH / 2)
    assert image.y + image.height < caption.y < image.y + image.height + 18
    assert caption.node is image.node.caption


def test_neighbours_stand_on_one_line_each_over_its_caption() -> None:
    page = lay_out(group(figure(200, 400, "甲"), figure(200, 300, "乙"))).pages[0]
    for image, caption in zip(images_on(page), content_on(page), strict=True):
        assert caption.x + caption.width / 2 == pytest.approx(image.x + image.width / 2)
    feet = [image.y + image.height for image in images_on(page)]
    assert feet[0] == pytest.approx(feet[1])


def test_neighbours_of_almost_one_height_have_one() -> None:
    first, second = images_on(lay_out(group(figure(200, 400), figure(210, 360))).pages[0])
    assert first.height == pytest.approx(second.height) == pytest.approx(360 * 0.75)
    assert first.width == pytest.approx(first.height / 2)


@pytest.mark.parametrize(
    ("pictures", "heights"),
    [
        ((figure(200, 400), figure(200, 300)), [300.0, 225.0]),
        ((figure(800, 400, width=0.5), figure(800, 440, width=0.5)), None),
    ],
    ids=["of other shapes", "of widths asked for"],
)
def test_other_neighbours_keep_their_sizes(
    pictures: tuple[Figure, Figure], heights: list[float] | None
) -> None:
    first, second = images_on(lay_out(group(*pictures)).pages[0])
    if heights is None:
        assert first.width == pytest.approx(second.width)
    else:
        assert [first.height, second.height] == pytest.approx(heights)


def test_picture_that_just_does_not_fit_is_shrunk() -> None:
    text = lines_of_text(10)  # leaves 12 lines of 28.99 pt
    pages = lay_out(text, group(figure(600, 500, "说明"))).pages
    (image,) = images_on(pages[0])
    assert image.height / (WIDTH * 500 / 600) == pytest.approx(0.885, abs=0.03)
    assert image.width / image.height == pytest.approx(600 / 500)
    foot = content_on(pages[0])[-1].y
    assert foot < PAGE.top + PAGE.text_height


def test_picture_is_not_shrunk_below_seven_tenths() -> None:
    pages = lay_out(lines_of_text(13), group(figure(600, 500, "说明"))).pages
    assert images_on(pages[0]) == []
    (image,) = images_on(pages[1])
    assert image.height == pytest.approx(WIDTH * 500 / 600)


def test_a_picture_of_a_requested_width_is_shrunk_less() -> None:
    for width, shown in ((None, [1, 0]), (1.0, [0, 1])):
        pages = lay_out(lines_of_text(11), group(figure(600, 500, width=width))).pages
        assert [len(images_on(page)) for page in pages] == shown[: len(pages)]


def test_rows_of_a_group_have_one_size_on_both_pages() -> None:
    wide = [figure(800, 400 + number) for number in range(6)]
    pages = lay_out(lines_of_text(4), group(*wide), lines_of_text(1)).pages
    images = [image for page in pages for image in images_on(page)]
    assert len(images) == 6
    assert images_on(pages[1])
    assert max(i.width for i in images) == pytest.approx(min(i.width for i in images))


def test_a_single_picture_is_as_wide_as_two_of_the_same_share() -> None:
    three = [figure(800, 600, width=0.48) for _ in range(3)]
    images = images_on(lay_out(group(*three)).pages[0])
    assert len({round(image.width, 6) for image in images}) == 1


def test_text_is_not_pulled_before_a_picture() -> None:
    text = lines_of_text(2)
    pages = lay_out(lines_of_text(15), group(figure(600, 500)), text).pages
    assert len(pages) == 2
    assert all(run.node is not text for run in content_on(pages[0]))


def test_group_stays_on_one_page_where_it_fits() -> None:
    wide = figure(800, 200, "说明")
    pages = lay_out(lines_of_text(15), group(wide, wide)).pages
    assert [len(images_on(page)) for page in pages] == [0, 2]


def test_group_is_parted_rather_than_a_third_of_the_page_left_empty() -> None:
    wide = figure(800, 300, "说明")
    pages = lay_out(lines_of_text(13), group(wide, wide)).pages
    assert [len(images_on(page)) for page in pages] == [1, 1]


def test_long_group_is_broken_between_rows() -> None:
    wide = figure(800, 400, "说明")
    pages = lay_out(lines_of_text(1), group(*[wide] * 6)).pages
    assert sum(len(images_on(page)) for page in pages) == 6
    assert len(images_on(pages[0])) == 3


def test_captions_are_content_of_their_own_paragraph() -> None:
    picture = figure(400, 200, "图1")
    (run,) = all_content(lay_out(group(picture)))
    assert run.node is picture.caption


def long_picture(*heights: int, caption: str = "说明") -> Figure:
    """Return a picture cut into parts 400 pixels wide, three side by side."""
    whole = figure(400, sum(heights), caption)
    share = 1 / 3
    parts = [replace(figure(400, height, width=share), is_part=True) for height in heights]
    return replace(whole, parts=(*parts[:-1], replace(parts[-1], caption=whole.caption)))


def test_parts_of_a_long_picture_stand_side_by_side_from_the_top() -> None:
    picture = long_picture(1200, 1250, 1100)
    page = lay_out(group(picture)).pages[0]
    images = images_on(page)
    assert [image.node for image in images] == list(picture.parts)
    assert len({round(image.y, 3) for image in images}) == 1
    assert len({round(image.width / 400, 6) for image in images}) == 1
    assert [image.height / image.width for image in images] == pytest.approx([3, 3.125, 2.75])
    for left, right in pairwise(images):
        assert left.x + left.width + LOOK.gap == pytest.approx(right.x)


def test_the_caption_of_parts_stands_once_below_the_whole_row() -> None:
    picture = long_picture(1200, 1250, 1100)
    page = lay_out(group(picture)).pages[0]
    (caption,) = content_on(page)
    assert caption.node is picture.caption
    assert caption.x + caption.width / 2 == pytest.approx(PAGE.left + WIDTH / 2)
    assert caption.y > max(image.y + image.height for image in images_on(page))


def test_parts_keep_their_scale_in_an_unfinished_row_and_are_not_shrunk() -> None:
    picture = long_picture(1500, 1500, 1500, 900)
    pages = lay_out(lines_of_text(8), group(picture)).pages
    images = [image for page in pages for image in images_on(page)]
    assert len({round(image.width, 3) for image in images}) == 1
    assert [len(images_on(page)) for page in pages] == [0, 3, 1]


def test_parts_share_no_row_with_other_pictures() -> None:
    beside = figure(400, 600, width=1 / 3)
    group_of_three = group(beside, long_picture(500, 500), beside)
    assert row_lengths(group_of_three) == [1, 2, 1]
