"""WeasyPrint: an HTML page made by Jinja2, fonts by ``@font-face``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from common import (
    BODY,
    BOTTOM,
    CAPTION,
    CAPTION_PITCH,
    FACES,
    FONTS,
    LATIN,
    LEFT,
    PITCH,
    RIGHT,
    TITLE,
    TITLE_PITCH,
    TOP,
    Content,
    main,
)
from jinja2 import Environment, Template
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

FACE = "@font-face {{ font-family: {family}; src: url({url}); {rest} }}"
PAGE = """\
<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ blocks[0].text }}</title>
</head><body>
{% for b in blocks %}
{% if b.t == "image" %}<p class="image"><img src="file://{{ b.src }}" alt="{{ b.alt }}"></p>
{% elif b.t == "table" %}<table><colgroup>
{% for width in b.widths %}<col style="width: {{ width * 100 }}%">{% endfor %}</colgroup>
{% for row in b.rows %}{% if loop.index0 == 0 and b.header_rows %}<thead>{% endif %}<tr>
{% for x in row %}<td colspan="{{ x.cs }}" rowspan="{{ x.rs }}"
 style="font-size: {{ x.size }}pt{% if x.left %}; text-align: left{% endif %}">{{ x.x }}</td>
{% endfor %}</tr>{% if loop.index == b.header_rows %}</thead>{% endif %}{% endfor %}</table>
{% elif b.t == "title" %}<h1 class="title">{{ b.text }}</h1>
{% elif b.t == "h1" %}<h2>{{ b.text }}</h2>
{% elif b.t == "h2" %}<h3>{{ b.text }}</h3>
{% else %}<p class="{{ b.t }}">{{ b.text }}</p>
{% endif %}{% endfor %}</body></html>"""
STYLE = f"""\
@page {{ size: A4; margin: {TOP}mm {RIGHT}mm {BOTTOM}mm {LEFT}mm;
  @bottom-center {{ content: "— " counter(page) " —"; font: 14pt latin, cell }} }}
body {{ font: {BODY}pt/{PITCH}pt latin, p; margin: 0 }}
p, h1, h2, h3 {{ margin: 0; text-indent: 2em; font-size: {BODY}pt; font-weight: normal }}
p {{ text-align: justify }}
h1.title {{ font: {TITLE}pt/{TITLE_PITCH}pt latin, title; text-align: center; text-indent: 0 }}
h2 {{ font-family: latin, h1 }} h3 {{ font-family: latin, h2 }}
p.caption {{ font: {CAPTION}pt/{CAPTION_PITCH}pt latin, h2; text-align: center; text-indent: 0 }}
p.image {{ text-indent: 0; line-height: 0; margin: 4pt 0 }} img {{ width: 100% }}
table {{ width: 100%; border-collapse: collapse; table-layout: fixed; margin-bottom: 6pt }}
td {{ border: 0.5pt solid; padding: 3pt; text-align: center; font: 10.5pt/14pt latin, cell }}
"""


@lru_cache(maxsize=1)
def template() -> Template:
    """Return the page template, compiled once."""
    return Environment(autoescape=True).from_string(PAGE)


@lru_cache(maxsize=1)
def sheet() -> tuple[CSS, FontConfiguration]:
    """Return the style sheet with its fonts, made once and kept for a batch."""
    fonts = FontConfiguration()
    faces = [
        FACE.format(family=style, url=(FONTS / file).as_uri(), rest="")
        for style, (file, _) in FACES.items()
        if style != "caption"
    ]
    rest = "unicode-range: U+20-7E"
    faces.append(FACE.format(family="latin", url=(FONTS / LATIN[0]).as_uri(), rest=rest))
    return CSS(string="\n".join([*faces, STYLE]), font_config=fonts), fonts


def render(content: Content, out: Path) -> None:
    """Write *content* to *out* as PDF."""
    css, fonts = sheet()
    page = template().render(blocks=content["blocks"])
    HTML(string=page).write_pdf(out, stylesheets=[css], font_config=fonts)


if __name__ == "__main__":
    main(render)
