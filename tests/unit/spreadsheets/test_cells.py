"""What a spreadsheet shows of a number, by the format of its cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reportgen.spreadsheets.cells import is_date_format, show_number


@pytest.mark.parametrize(
    ("number", "number_format", "shown"),
    [
        ("126000", "", "126000"),
        ("126000", "General", "126000"),
        ("12.64491234567", "General", "12.64491235"),
        ("1234567890123", "General", "1234567890123"),
        ("3", 'General"件"', "3件"),
        ("12", "@", "12"),
        ("1234567", "#,##0", "1234567"),
        ("12.6449", "0.0", "12.6"),
        ("0.05", "0.0", "0.1"),
        ("1.5", "#", "2"),
        ("0", "#", "0"),
        ("7", "000", "7"),
        # units and other words
        ("126000", '0"元"', "126000元"),
        ("12.6", "[$¥-804]#,##0.00", "¥12.60"),
        ("12", "[Red]0", "12"),
        ("12", "[DBNum1]0", "12"),
        ("13", '"1"0', "113"),
        ("12", "0_)", "12"),
        ("12", "* 0", "12"),
        # another number
        ("3000", "#,##0,", "3"),
        ("126000", "0!.0,", "12.6"),
        ("126000", r"0\.0,", "12.6"),
        ("126000", '0"."0,', "12.6"),
        ("126000", "0.0,.", "126.0"),
        ("126000000", "0.00,,", "126.00"),
        ("0.126", "0.0%", "12.6%"),
        ("5", ";;;", ""),
        ("5", '"无"', "无"),
        # sections
        ("3", "+0;-0;0", "+3"),
        ("-3", "+0;-0;0", "-3"),
        ("0", "+0;-0;0", "0"),
        ("0", '#,##0;-#,##0;"-"', "-"),
        ("-12", "#,##0_);(#,##0)", "(12)"),
        ("-12", "0", "-12"),
        ("-0.4", "0", "0"),
        ("126000", '[>=10000]0!.0,"万";0', "12.6万"),
        ("500", '[>=10000]0!.0,"万";0', "500"),
        ("500", "[<100]0;[>1000]0", "500"),
        # a power or a fraction is another writing of the same number
        ("5", "0.00E+00", "5"),
        ("2.5", "# ?/?", "2.5"),
    ],
)
def test_number_is_shown_as_a_spreadsheet_does(number: str, number_format: str, shown: str) -> None:
    assert show_number(Decimal(number), number_format).text == shown


@pytest.mark.parametrize("number", ["4.175E+91", "-1E+308", "1E-300"])
@pytest.mark.parametrize("number_format", ["General", "0", "#,##0.00", "0.0%", "0,,", "0.00E+00"])
def test_any_number_of_a_spreadsheet_can_be_shown(number: str, number_format: str) -> None:
    assert show_number(Decimal(number), number_format).number is not None


def test_words_between_digits_leave_no_number() -> None:
    assert show_number(Decimal(105), '0"百"00').number is None


@pytest.mark.parametrize(
    ("number_format", "is_date"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日"', True),
        ("[h]:mm", True),
        ("0.00", False),
        ('0"day"', False),
        ("General", False),
        ("[Red]0", False),
        (r"0\d", False),
    ],
)
def test_format_of_a_day_is_told_from_one_of_a_number(number_format: str, is_date: bool) -> None:
    assert is_date_format(number_format) is is_date
