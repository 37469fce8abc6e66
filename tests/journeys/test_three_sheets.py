"""From three spreadsheets to the first form: an empty folder, the commands that a secretary types, and what the parties would read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminder.cli.main import run
from reminder.edges.clock import write_clock

pytest.importorskip("openpyxl")
import openpyxl

PROGRAMME = [
    ["Elinvoimaohjelma 2025–2027", "", "", "", ""],
    [],
    ["Nro", "Toimenpide", "Vastuutaho", "Aikataulu", "Painopiste"],
    ["1.1", "Taidenäyttelyt tyhjiin liiketiloihin. Kolme kertaa vuodessa.", "Kulttuuripäällikkö", "2025–2027", "Keskusta"],
    ["1.10", "Kesätori", "Kulttuuripäällikkö", "2026", "Keskusta"],
    ["2.1", "Venesataman laituri", "Satama Oy", "2026-", "Ranta"],
    ["2.2", "Yritysneuvonnan ajanvaraus", "Yrityspalvelut", "jatkuva", "Yritykset"],
]
CONTACTS = [
    ["Vastuutaho", "Yhteyshenkilö", "", "Kieli", "Esihenkilö"],
    ["", "Nimi", "Sähköposti", "", ""],
    ["Koordinaattori", "Elinvoimakoordinaattori", "Koordinaattori@Kunta.Example", "suomi", ""],
    ["Kulttuuripäällikkö", "", "mailto:kulttuuri@kunta.example", "suomi", "Koordinaattori"],
    ["", "Tapahtumatuottaja", "tapahtumat@kunta.example.", "", ""],
    ["satama", "Hamnchefen", "hamn@hamnen.example", "ruotsi", ""],
    ["Yrityspalvelut", "", "business@kunta.example\u00a0", "englanti", ""],
]
LIGHTS = """\
Nro;Liikennevalo;Selite;Pvm\r
1.1;vihreä;Näyttelyjä oli kaksi.;20.2.2026\r
2.1;K;Luvat ovat kesken.;20.2.2026\r
2.2;P;;2/2026\r
"""
SETTINGS = """\
REMINDER_SECRET_KEY=a:only-for-these-tests-0123456789
REMINDER_FROM=Seuranta <seuranta@kunta.example>
REMINDER_SMTP_HOST=127.0.0.1
REMINDER_SMTP_PORT=1
REMINDER_SMTP_SECURITY=none
REMINDER_MAILDIR={folder}/mail
REMINDER_DATABASE_URL=sqlite:///{folder}/reminder.db
REMINDER_REHEARSAL=1
REMINDER_CLOCK={folder}/clock.json
"""
SHOWN = {
    "kulttuuripaallikko": "Viimeksi (helmikuussa 2026): ● vihreä. ”Näyttelyjä oli kaksi.”",
    "satama-oy": "Förra gången (i februari 2026): ▲ gul. ”Luvat ovat kesken.”",
    "yrityspalvelut": "Last time (in February 2026): ■ red",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The secretary's folder and terminal."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str, code: int = 0) -> str:
        """A command, with what it says."""
        self.capsys.readouterr()
        ended = run(["--config", str(self.folder / "config"), *words])
        told = self.capsys.readouterr()
        assert ended == code, told.out + told.err
        return told.out + told.err


def save(path: Path, rows: list[list[str]], merged: str) -> None:
    """A workbook as a spreadsheet program saves it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells(merged)
    book.save(path)


def test_from_three_sheets_to_the_first_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The files are sound, and each party reads in its own language what was reported last year; nothing of it counts as an answer."""
    desk, config = Desk(tmp_path, capsys), tmp_path / "config"
    save(tmp_path / "ohjelma.xlsx", PROGRAMME, "A1:E1")
    save(tmp_path / "yhteystiedot.xlsx", CONTACTS, "B1:C1")
    (tmp_path / "valot.csv").write_bytes(LIGHTS.encode("cp1252"))

    desk.type("init")
    desk.type("import", "programme", str(tmp_path / "ohjelma.xlsx"), "--out", str(config / "programme.yaml"), "--tag", "ELVO", "--replace")
    told = desk.type("import", "contacts", str(tmp_path / "yhteystiedot.xlsx"), "--out", str(config / "contacts.yaml"), "--replace")
    assert "5 contacts, 3 parties, 0 rows with something that was not taken." in told
    told = desk.type("import", "lights", str(tmp_path / "valot.csv"), "--out", str(config / "lights.yaml"))
    assert "3 rows read, 3 lights, 0 rows rejected." in told

    (config / ".env").write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    write_clock(tmp_path / "clock.json", datetime(2027, 2, 12, 7, tzinfo=UTC), 0.0)
    desk.type("migrate")
    assert "fault" not in desk.type("check")
    for party, line in SHOWN.items():
        text = desk.type("preview", "request", "--round", "2026", "--party", party, "--as", "text")
        assert line in text.splitlines()
    assert desk.type("preview", "request", "--round", "2026", "--party", "kulttuuripaallikko", "--as", "text").count("Viimeksi (") == 1
    assert "vihreä 2/2026 (tuotu)" in desk.type("--lang", "fi", "status")
    rows = desk.type("--json", "status", "--round", "2026")
    assert rows.count('"source": "imported"') == 3
    assert '"report": "received"' not in rows
