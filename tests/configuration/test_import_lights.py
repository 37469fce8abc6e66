"""Lights of last year out of a spreadsheet: what `check` accepts, and each row that is not taken with its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.cli.main import run
from reminder.configuration.import_lights import ImportedLights, LightsOptions, import_lights
from reminder.configuration.import_lights_file import write_lights
from reminder.configuration.light_cells import find_letters, read_light_cell, read_phase_cell
from reminder.configuration.loading import load_or_raise, load_setup
from reminder.domain.assessments import EarlierLight, Phase, TrafficLight
from reminder.errors import ConfigurationFailure, UsageFailure
from tests.configuration.tables import write_table

GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED
DAY = LightsOptions(on=date(2024, 2, 20))


def read(folder: Path, text: str, options: LightsOptions | None = DAY, name: str = "valot.csv") -> ImportedLights:
    """An import beside the sample's programme, which has the actions 3.1 (id nayttelyt) and 3.10."""
    return import_lights(write_table(folder, text, name=name), folder / "lights.yaml", options)


def put(folder: Path, text: str, *, keeps: bool = False) -> str:
    """Imports and writes."""
    path = folder / "lights.yaml"
    path.write_text(write_lights(read(folder, text), path, keeps=keeps)[0], encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "heading",
    ["Nro;Liikennevalo;Vaihe;Perustelu;Pvm", "Nr;Trafikljus;Fas;Motivering;Datum", "No;Traffic light 2023;Phase;Comment;Date"],
)
def test_what_is_written_is_what_check_accepts(folder: Path, heading: str) -> None:
    """Headings in three languages; the file is loaded without a finding and says what the table says."""
    put(folder, f"{heading}\n3.1;vihreä;käynnissä;\u00a0Avattu: kaksi.\u00a0;20.2.2024\n3.10.;🔴;;;2024-03-01\n")
    loaded = load_setup(folder)

    assert loaded.findings == ()
    assert loaded.setup is not None
    assert loaded.setup.earlier["elinvoima"] == {
        "nayttelyt": EarlierLight(on=date(2024, 2, 20), light=GREEN, phase=Phase.ONGOING, text="Avattu: kaksi."),
        "3.10": EarlierLight(on=date(2024, 3, 1), light=RED),
    }


def test_the_file_reads_like_one_that_a_person_wrote(folder: Path) -> None:
    """In the order of the table, the common day once, titles beside the ids, numbers in quotation marks."""
    text = put(folder, "nro;valo;selite\n3.10;keltainen;\n3.1;punainen;=1+1 ja @b\n")

    assert text.partition("\n\n")[2] == (
        "programmes:\n  elinvoima:\n    on: 2024-02-20\n    lights:\n"
        '      "3.10": yellow  # Seuranta\n'
        "      nayttelyt: # 3.1 Näyttelyt tyhjiin tiloihin\n"
        "        light: red\n        text: =1+1 ja @b\n"
    )
    assert load_or_raise(folder).earlier["elinvoima"]["nayttelyt"].text == "=1+1 ja @b"


REJECTED = [
    ("4.1;vihreä", "elinvoima has no action 4.1; did you mean 3.1?"),
    ("3.1;vihreä/keltainen", "'vihreä/keltainen' is not one light; write green"),
    ("3.1;ei vihreä", "'ei vihreä' is not one light"),
    ("3.1;sininen", "'sininen' is not one light"),
    ("3.1;", "gives neither light nor phase; write the word, since the colour of a cell is not read"),
    (";vihreä", "names no action; write its number"),
]


@pytest.mark.parametrize(("row", "reason"), REJECTED, ids=[row for row, _ in REJECTED])
def test_rows_that_are_not_taken(folder: Path, row: str, reason: str) -> None:
    """Each with its line, what is wrong and what to do; the others are taken."""
    found = read(folder, f"nro;valo;selite\n3.10;vihreä;x\n{row};x\n")

    assert found.lights.keys() == {"3.10"}
    assert [one.line for one in found.rejected] == [3]
    assert found.rejected[0].reason.startswith(reason)


def test_days(folder: Path) -> None:
    """As dates, months and words with a year; one without a year or none at all is rejected where no day is given for it."""
    rows = {
        "20.2.2024": date(2024, 2, 20),
        "2/2024": date(2024, 2, 29),
        "helmikuussa 2024": date(2024, 2, 29),
        "20.2.24": date(2024, 2, 20),
    }
    for cell, day in rows.items():
        assert read(folder, f"nro;valo;pvm\n3.1;vihreä;{cell}\n", None).lights["nayttelyt"].on == day
    for cell in ("20.2.", "2024", "pian", ""):
        (rejected,) = read(folder, f"nro;valo;pvm\n3.1;vihreä;{cell}\n", None).rejected
        assert "day" in rejected.reason
    with pytest.raises(UsageFailure, match="does not say when") as failure:
        read(folder, "nro;valo\n3.1;vihreä\n", None)
    assert "--on" in failure.value.advice


def test_the_newest_light_of_an_action_counts(folder: Path) -> None:
    """A table of several years: each older row is named with the line that goes before it."""
    found = read(folder, "nro;valo;pvm\n3.1;red;1.2.2023\n3.1;green;1.2.2024\n3.1;yellow;1.2.2022\n3.1;red;1.2.2024\n")

    assert found.lights["nayttelyt"].light is GREEN
    assert [(one.line, one.reason.partition(";")[2].strip()) for one in found.rejected] == [
        (2, "the later one was taken"),
        (4, "line 3 was taken"),
        (5, "line 3 was taken"),
    ]


def test_several_columns_of_lights_are_not_guessed_among(folder: Path) -> None:
    """One a year: a person says which; nothing is read before."""
    text = "nro;Liikennevalo 2022;Liikennevalo 2023\n3.1;vihreä;punainen\n"
    with pytest.raises(UsageFailure, match="Several columns may hold the light") as failure:
        read(folder, text)
    assert failure.value.advice == 'Name the one of last time, such as --column "light=Liikennevalo 2023".'
    chosen = LightsOptions(on=DAY.on, columns={"light": "liikennevalo 2023"})
    assert read(folder, text, chosen).lights["nayttelyt"].light is RED


def test_a_number_that_a_program_spoiled(folder: Path) -> None:
    """A cell of Excel that holds the number 3.1 may have been 3.10: the title tells, else a person."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["nro", "toimenpide", "valo"], [3.1, "Seuranta", "green"], [3.1, "", "red"]):
        book.active.append(row)
    book.save(folder / "valot.xlsx")
    found = import_lights(folder / "valot.xlsx", folder / "lights.yaml", DAY)

    assert {action: light.light for action, light in found.lights.items()} == {"3.10": GREEN}
    assert [(one.line, one.reason) for one in found.rejected] == [(3, "may be 3.1 or 3.10; write the number as a text")]


def test_a_title_tells_where_there_is_no_number_and_must_not_contradict(folder: Path) -> None:
    """Numbers of last year may have moved on: beside the title of another action the row is rejected."""
    found = read(folder, "nro;toimenpide;valo\n;näyttelyt tyhjiin tiloihin;green\n3.1;Seuranta;red\n")

    assert found.lights.keys() == {"nayttelyt"}
    assert found.rejected[0].reason.startswith("3.1 is another action than 3.10, whose title stands beside it")


def test_headings_within_the_table_are_no_faults(folder: Path) -> None:
    """`Painopiste 1` over some rows is named as what it is, and so are the actions of which nothing is told."""
    found = read(folder, "nro;valo\nPainopiste 1: Keskusta;\n3.1;vihreä\n")

    assert found.rejected == ()
    assert found.notes == ("Taken as headings within the table: lines 2.", "Nothing is told of 1 actions of elinvoima: 3.10.")


@pytest.mark.parametrize(
    ("cell", "letters", "said"),
    [
        ("Vihreä", "", (GREEN, None, "")),
        ("vihreällä", "", (GREEN, None, "")),
        ("● vihreä", "", (GREEN, None, "")),
        ("gult", "", (YELLOW, None, "")),
        ("amber", "", (YELLOW, None, "")),
        ("🟥", "", (RED, None, "")),
        ("punainen, rahat puuttuvat", "", (RED, None, "rahat puuttuvat")),
        ("valmis", "", (None, Phase.DONE, "")),
        ("V", "fi", (GREEN, None, "")),
        ("k.", "fi", (YELLOW, None, "")),
        ("r", "sv", (RED, None, "")),
        ("y", "en", (YELLOW, None, "")),
        ("g", "", None),
        ("?", "", None),
        ("vihreä?", "", None),
        ("1", "", None),
        ("", "", (None, None, "")),
    ],
)
def test_cells_of_lights(cell: str, letters: str, said: tuple[TrafficLight | None, Phase | None, str] | None) -> None:
    """Words with their endings, signs, and single letters where the column tells their language; the rest is doubtful."""
    found = read_light_cell(cell, letters)
    assert (None if found is None else (found.light, found.phase, found.text)) == said


@pytest.mark.parametrize(
    ("column", "language"), [("v k p", "fi"), ("V vihreä", "fi"), ("g y r", "en"), ("g r", ""), ("r", "sv"), ("vihreä", ""), ("v g", "")]
)
def test_letters_are_read_where_their_language_is_certain(column: str, language: str) -> None:
    """g may be green or gul; only a y or an a beside it tells."""
    assert find_letters(column.split()) == language


@pytest.mark.parametrize(
    ("cell", "phase"), [("not_started", Phase.NOT_STARTED), ("Ei aloitettu", Phase.NOT_STARTED), ("pågår", Phase.ONGOING), ("kohta", None)]
)
def test_cells_of_phases(cell: str, phase: Phase | None) -> None:
    """Our own words and those of replies."""
    assert read_phase_cell(cell) is phase


def test_without_a_programme_there_is_nothing_to_tie_to(tmp_path: Path, folder: Path, edit: object) -> None:
    """A missing programme, a faulty one and one of several are wrong use with advice."""
    table = write_table(tmp_path, "nro;valo\n3.1;vihreä\n")
    with pytest.raises(UsageFailure, match="is not there") as failure:
        import_lights(table, tmp_path / "lights.yaml", DAY)
    assert "--programme" in failure.value.advice
    found = import_lights(table, tmp_path / "lights.yaml", LightsOptions(on=DAY.on, programme_file=folder / "programme.yaml"))
    assert found.lights.keys() == {"nayttelyt"}
    with pytest.raises(UsageFailure) as failure:
        read(folder, "nro;valo\n3.1;vihreä\n", LightsOptions(on=DAY.on, programme="elinvoma"))
    assert failure.value.advice == "Did you mean elinvoima?"
    (folder / "programme.yaml").write_text("programmes: {a: {tag: x}}\n", encoding="utf-8")
    with pytest.raises(ConfigurationFailure):
        read(folder, "nro;valo\n3.1;vihreä\n")


def test_merging_keeps_what_only_the_file_has(folder: Path) -> None:
    """Comments, order, keys and values stay as they are written; what the table says otherwise is changed; all of it is told."""
    path = folder / "lights.yaml"
    before = (
        "# ours\nprogrammes:\n  elinvoima:\n    on: 20.2.2024 # the meeting\n    lights:\n"
        '      "3.1": yellow # by hand\n      "3.10": {light: red, text: Odottaa.}\n'
    )
    path.write_text(before, encoding="utf-8")
    text, difference = write_lights(read(folder, "nro;valo\n3.1;vihreä\n"), path, keeps=True)

    assert difference.changed == ("3.1: yellow (2024-02-20) becomes green (2024-02-20)",)
    assert difference.only_in_file == ("3.10: red (2024-02-20), 'Odottaa.'",)
    path.write_text(text, encoding="utf-8")
    assert text == before.replace("yellow", "green ")
    loaded = load_or_raise(folder).earlier["elinvoima"]
    assert (loaded["nayttelyt"].light, loaded["3.10"].text) == (GREEN, "Odottaa.")


def test_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes where nothing is, refuses where something is and says what differs, merges or replaces when told; a dry run does none."""
    table, out = write_table(folder, "nro;valo\n3.1;vihreä\n9;vihreä\n"), folder / "lights.yaml"
    command = ["--config", str(folder), "import", "lights", str(table), "--out", str(out), "--on", "20.2.2024"]

    assert run([*command, "--dry-run"]) == 1
    assert not out.exists()
    assert run(command) == 1
    assert f"{table}:3: elinvoima has no action 9" in capsys.readouterr().err
    first = out.read_text(encoding="utf-8")
    out.write_text(first.replace("green", "red") + '      "3.10": red\n', encoding="utf-8")
    assert run(command) == 2
    told = capsys.readouterr()
    assert "changed: 3.1: red (2024-02-20) becomes green (2024-02-20)" in told.out
    assert "only in lights.yaml, stays: 3.10: red (2024-02-20)" in told.out
    assert "--merge" in told.err
    assert "red" in out.read_text(encoding="utf-8")
    assert run([*command, "--merge"]) == 1
    assert '"3.10": red' in out.read_text(encoding="utf-8")
    capsys.readouterr()
    assert run([*command, "--replace"]) == 1
    assert "only in lights.yaml, is lost: 3.10: red (2024-02-20)" in capsys.readouterr().out
    assert out.read_text(encoding="utf-8") == first
    assert run([*command[:-1], "viime vuonna"]) == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), light=st.sampled_from(["vihreä", "gul", "🔴"]))
def test_any_text_comes_back_as_it_was(folder: Path, text: str, light: str) -> None:
    """Whatever stands in the column of words, the file that is written is accepted and says the same."""
    cell = '"' + text.replace('"', '""') + '"'
    table = folder / "valot.csv"
    table.write_bytes(f"nro;valo;selite\n3.1;{light};{cell}\n".encode("utf-8", "replace"))
    found = import_lights(table, folder / "lights.yaml", DAY)
    written, _ = write_lights(found, folder / "lights.yaml", keeps=False)
    (folder / "lights.yaml").write_text(written, encoding="utf-8")

    assert load_or_raise(folder).earlier["elinvoima"] == found.lights
