"""Documents as office programs save them, small ones."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.wire.forms import pack


def docx(*paragraphs: str, body: str = "") -> bytes:
    """A document of Word with these paragraphs."""
    written = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    return pack(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document xmlns:w='urn:w'><w:body>{written}{body}</w:body></w:document>",
        }
    )


def odt(*paragraphs: str, body: str = "") -> bytes:
    """A text document of LibreOffice with these paragraphs."""
    written = "".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)
    content = (
        f"<o:document-content xmlns:o='urn:o' xmlns:text='urn:t'><o:body><o:text>{written}{body}</o:text></o:body></o:document-content>"
    )
    return pack({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def pdf(text: str) -> bytes:
    """A page with one line, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(content),
    )
