"""`report`: each form from the command line, in the language of the city or the one asked for."""

from __future__ import annotations

import json

from tests.cli.city import City


def test_the_forms(city: City) -> None:
    """By --as or by the ending of the file; the data is what the site publishes."""
    assert city.run("report", "2024", "--out", str(city.folder / "r.pdf")).code == 0
    assert (city.folder / "r.pdf").read_bytes().startswith(b"%PDF-1.7")
    page = city.run("report", "2024", "--as", "html")
    assert page.code == 0
    assert '<html lang="fi">' in page.out
    assert '<html lang="sv">' in city.run("--lang", "sv", "report", "elinvoima/2024", "--as", "html").out
    assert '<html lang="en">' in city.run("--lang", "en", "report", "2024").out
    data = json.loads(city.run("--json", "report", "2024").out)
    assert data["round"]["id"] == "2024"
    assert data == {**json.loads(city.run("report", "2024", "--as", "json").out), "updated": data["updated"]}
    table = city.run("report", "2024", "--as", "csv").out
    assert table.lstrip("\ufeff").startswith("round,number,")
    assert len(table.splitlines()) == 1 + len(data["actions"])


def test_wrong_use_is_told(city: City) -> None:
    """A round that is not there, and a file whose name says nothing; nothing is written."""
    assert city.run("report", "1999").code == 2
    told = city.run("report", "2024", "--out", str(city.folder / "report.doc"))
    assert told.code == 2
    assert "Say --as" in told.err
    assert not (city.folder / "report.doc").exists()
