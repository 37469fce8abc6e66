"""Tables as offices have them, and the smallest workbook that holds one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape


def write_table(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "ohjelma.csv") -> Path:
    """A table on disk."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def make_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The smallest .xlsx that holds these rows."""
    cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>" for row in rows)
    kind = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def related(name: str, target: str) -> str:
        one = f'<Relationship Id="r1" Type="{office}/{name}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{one}</Relationships>'

    sheet = '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": related("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": related("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{kind}" xmlns:r="{office}">{sheet}</workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{kind}"><sheetData>{cells}</sheetData></worksheet>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
