"""The HTML writer: a document to one self-contained HTML5 page.

:func:`write_html` takes the document, the font families of each role, and the templates of the
page, which a report folder can override.  The page contains its style sheet and its pictures; it
loads nothing and runs nothing.  A fragment, for the editor of a website, has its styles in each
element instead, and its pictures in it or in files beside it (:func:`picture_files`).  The
browser does the layout, so this package needs neither pages
nor font files.
"""

from reportgen.writers.html.figures import picture_files
from reportgen.writers.html.page import PAGE_FILE, load_font_stacks, write_html

__all__ = ["PAGE_FILE", "load_font_stacks", "picture_files", "write_html"]
