"""Document → one self-contained HTML5 page.

In go the document, the font families of each role and the templates of the page, which a report
folder may bring along; out comes a page that carries its style sheet and its pictures, loads
nothing and runs nothing.  The browser lays out: no page and no font file is known here.
"""

from reportgen.writers.html.page import PAGE_FILE, load_font_stacks, write_html

__all__ = ["PAGE_FILE", "load_font_stacks", "write_html"]
