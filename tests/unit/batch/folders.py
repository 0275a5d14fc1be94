"""Report folders of a batch."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

DATA = """\
单位: 某市第{number}局
年度: {year}
缺省: 0
联系方式: {{部门: 办公室, 地址: 某市某路{number}号, 邮编: "230000", 电话: 0551-1234567}}
"""
NARRATIVE = """\
# 一、总体情况

2024年，本机关主动公开信息12条。

![专栏](images/a.png)

# 二、主动公开政府信息情况

# 三、收到和处理政府信息公开申请情况

# 四、政府信息公开行政复议、行政诉讼情况

# 五、存在的主要问题及改进情况

公开的形式还不够丰富，2025年将加以改进。

# 六、其他需要报告的事项

2024年，无收取信息处理费情况。
"""
MANY = 30
"""The report folders that a batch of many has."""


def make_report(folder: Path, number: int = 1, extra: str = "", year: int = 2024) -> Path:
    """Make a small report for *year* in *folder*; that for 2024 has no errors."""
    (folder / "images").mkdir(parents=True)
    (folder / "report.yaml").write_text(
        DATA.format(number=number, year=year) + extra, encoding="utf-8"
    )
    (folder / "正文.md").write_text(NARRATIVE, encoding="utf-8")
    Image.new("RGB", (480, 270), (number % 250, 90, 120)).save(folder / "images" / "a.png")
    return folder


def times(root: Path) -> dict[str, int]:
    """Return when each finished file below *root* was written."""
    return {
        path.relative_to(root).as_posix(): path.stat().st_mtime_ns
        for path in root.rglob("output/*.*")
        if not path.name.startswith(".")
    }
