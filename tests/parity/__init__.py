"""The DOCX as LibreOffice prints it, against the PDF."""
