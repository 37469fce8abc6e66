"""Importing a programme: an invented table with the oddities of real ones becomes files that `check` accepts."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from reminder.configuration.import_rows import Timetable, read_timetable, short_title
from reminder.configuration.importing import ImportOptions, import_programme, write_import
from reminder.configuration.loading import load_or_raise, load_setup
from reminder.configuration.party_names import PartyNames, mend, vocabulary_of
from reminder.domain.assessments import Phase
from reminder.domain.programme import Programme
from reminder.errors import ConfigurationFailure, UsageFailure
from reminder.resources import find_starter
from tests.configuration.tables import make_workbook, write_table

TABLE = """\
Tunniste,Toimenpide,Aikataulu,Vastuutaho,Hinta
1.1,"Satamaan rakennetaan uusi laituri. Laituri palvelee myös talvella, kun jää kantaa.",2024–2026,"Satama, Kaavoitus",●●
1.2,Kulttuuritalon katto korjataan,Complete,"Liikunta, Kulttuuri ja Nuoriso, Talon Tilat Oy",●
1.10,Jäähallin valot vaihdetaan,2024-,"Liikunta, Kulttuuri ja Nuoriso",●
2.1,Kirjasto aukeaa iltaisin,2025,"Liikunta, Kulttuuri ja Nuoriso, talon tilat",●
2.1,Sama numero toistamiseen,2025,Satama,●
2.2,Vuosi ilman vuotta,joskus,Satama,●
2.3,Kukaan ei vastaa,2025,,●
2.4,,2025,Satama,●
2.5,Kaksi yhteen kirjoitettua,"2024, 2026",Satama Kaavoitus,●
2.6,Tavuviiva jäi,jatkuva,Kaa- voitus,●
"""


def load_imported(folder: Path) -> Programme:
    """The written programme, loaded with the starter's other files and addresses filled in."""
    for name in ("service.yaml", "schedule.yaml"):
        shutil.copy(find_starter() / name, folder)
    contacts = (folder / "contacts.yaml").read_text(encoding="utf-8")
    for count in range(contacts.count("address:\n")):
        contacts = contacts.replace("address:\n", f"address: rooli{count}@kunta.example\n", 1)
    (folder / "contacts.yaml").write_text(contacts, encoding="utf-8")
    return load_or_raise(folder).programmes["ohjelma"]


OPTIONS = ImportOptions(programme="ohjelma", name="Ohjelma", tag="OHJE")


def test_every_row_is_an_action_or_rejected_with_its_reason(tmp_path: Path) -> None:
    """Ten rows: six actions, four rejected, each with its line."""
    result = import_programme(write_table(tmp_path, TABLE), OPTIONS)
    assert (result.rows_read, result.actions) == (10, 6)
    assert [(row.line, row.reason) for row in result.rejected] == [
        (6, "the number 2.1 stands in line 5 already"),
        (7, "the timetable 'joskus' cannot be read"),
        (8, "names no responsible party"),
        (9, "says nothing to be done"),
    ]
    assert "Columns not used: Hinta." in result.notes
    assert any(note.startswith("1 actions are complete: phase done, no years") for note in result.notes)


def test_the_files_are_accepted_after_the_addresses_are_filled_in(tmp_path: Path) -> None:
    """What was written loads, and says what the table says: lead first, the others contribute, done is a phase."""
    write_import(import_programme(write_table(tmp_path, TABLE), OPTIONS), tmp_path / "programme.yaml")
    programme = load_imported(tmp_path)
    by_number = {action.number: action for action in programme.actions}
    assert list(by_number) == ["1.1", "1.2", "1.10", "2.1", "2.5", "2.6"]
    assert by_number["1.1"].title == "Satamaan rakennetaan uusi laituri"
    assert by_number["1.1"].text.endswith("kun jää kantaa.")
    assert (by_number["1.1"].lead, by_number["1.1"].contributors) == ("satama", ("kaavoitus",))
    assert by_number["1.1"].years == frozenset({2024, 2025, 2026})
    assert (by_number["1.2"].phase, by_number["1.2"].years) == (Phase.DONE, frozenset())
    assert by_number["1.10"].years == frozenset({2024, 2025, 2026})
    assert by_number["2.5"].years == frozenset({2024, 2026})
    assert by_number["2.6"].years == frozenset({2024, 2025, 2026})
    assert {party: one.kind.value for party, one in programme.parties.items()} == {
        "satama": "team",
        "kaavoitus": "team",
        "liikunta-kulttuuri-ja-nuoriso": "team",
        "talon-tilat-oy": "company",
    }


def test_before_the_addresses_are_filled_in_each_is_named(tmp_path: Path) -> None:
    """The skeleton leaves addresses empty, so that `check` names each one."""
    write_import(import_programme(write_table(tmp_path, TABLE), OPTIONS), tmp_path / "programme.yaml")
    for name in ("service.yaml", "schedule.yaml"):
        shutil.copy(find_starter() / name, tmp_path)
    findings = load_setup(tmp_path).findings
    assert [finding.message.partition(" has ")[2] for finding in findings if finding.severity == "fault"] == ["no address."] * 5


def test_the_table_of_aliases_merges_what_the_admin_says(tmp_path: Path) -> None:
    """The first run writes a draft; after an edit the next run follows it, names with commas and lists included."""
    table, aliases = write_table(tmp_path, TABLE), tmp_path / "aliases.yaml"
    options = ImportOptions(programme="ohjelma", tag="OHJE", aliases=aliases)
    first = import_programme(table, options)
    written = write_import(first, tmp_path / "programme.yaml", aliases=aliases)
    assert aliases in written
    assert import_programme(table, options).programme_text == first.programme_text
    draft = aliases.read_text(encoding="utf-8")
    assert "Satama Kaavoitus: [Satama, Kaavoitus]" in draft
    aliases.write_text(
        draft.replace("Liikunta, Kulttuuri ja Nuoriso: Liikunta, Kulttuuri ja Nuoriso", "Liikunta, Kulttuuri ja Nuoriso: Hyvinvointi"),
        encoding="utf-8",
    )
    second = import_programme(table, options)
    assert second.parties == ("Satama", "Kaavoitus", "Hyvinvointi", "Talon Tilat Oy")
    with pytest.raises(UsageFailure, match="is there already"):
        write_import(second, tmp_path / "programme.yaml", aliases=aliases)
    edited = aliases.read_bytes()
    assert write_import(second, tmp_path / "programme.yaml", aliases=aliases, replace=True) == (tmp_path / "programme.yaml",)
    assert aliases.read_bytes() == edited


def test_a_faulty_table_of_aliases_says_where(tmp_path: Path) -> None:
    """A duplicate alias would lose one of the two: a fault with its place."""
    aliases = tmp_path / "aliases.yaml"
    aliases.write_text("a: b\na: c\n", encoding="utf-8")
    with pytest.raises(ConfigurationFailure, match=r"aliases\.yaml:2:1"):
        import_programme(write_table(tmp_path, TABLE), ImportOptions(aliases=aliases))


def test_complete_can_be_given_years(tmp_path: Path) -> None:
    """With years of their own, actions that are done are asked about once more."""
    options = ImportOptions(programme="ohjelma", tag="OHJE", complete_years="2026")
    result = import_programme(write_table(tmp_path, TABLE), options)
    write_import(result, tmp_path / "programme.yaml")
    assert next(one for one in load_imported(tmp_path).actions if one.number == "1.2").years == frozenset({2026})
    assert any("years 2026" in note for note in result.notes)


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", ",")])
def test_what_offices_write_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Encodings and delimiters of spreadsheet programs, without being told."""
    text = (
        f"nro{delimiter}toimenpide{delimiter}aikataulu{delimiter}vastuutaho\r\n1{delimiter}Ääniraita{delimiter}2024{delimiter}Kääntäjä\r\n"
    )
    result = import_programme(write_table(tmp_path, text, encoding=encoding), OPTIONS)
    assert result.parties == ("Kääntäjä",)
    assert "title: Ääniraita" in result.programme_text


def test_columns_can_be_named(tmp_path: Path) -> None:
    """Headings that we do not know are named by the admin; a wrong name shows those of the table."""
    table = write_table(tmp_path, "a,b,c\n1,Laituri,Satama\n")
    with pytest.raises(UsageFailure, match="hold the action") as failure:
        import_programme(table, OPTIONS)
    assert "--column text=HEADING" in failure.value.advice
    assert "a, b, c" in failure.value.advice
    named = ImportOptions(columns={"number": "A", "text": "b", "lead": "c"})
    assert import_programme(table, named).parties == ("Satama",)
    with pytest.raises(UsageFailure, match="No column is headed 'd'"):
        import_programme(table, ImportOptions(columns={"text": "d"}))
    with pytest.raises(UsageFailure) as failure:
        import_programme(table, ImportOptions(columns={"leed": "c"}))
    assert failure.value.advice == "Did you mean lead?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022–2025", Timetable(years=frozenset({2022, 2023, 2024, 2025}))),
        ("2022 - 2023", Timetable(years=frozenset({2022, 2023}))),
        ("2022-23", Timetable(years=frozenset({2022, 2023}))),
        ("2024, 2026", Timetable(years=frozenset({2024, 2026}))),
        ("2024-", Timetable(years=frozenset({2024}), open_from=2024)),
        ("Com- plete", Timetable(is_done=True)),
        ("VALMIS", Timetable(is_done=True)),
        ("jatkuva", Timetable(is_always=True)),
        ("", Timetable()),
        ("2025-2022", None),
        ("1.1.2025", None),
        ("pian", None),
    ],
)
def test_timetables(text: str, expected: Timetable | None) -> None:
    """What a timetable may say, and what it may not."""
    assert read_timetable(text) == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Laituri rakennetaan.", "Laituri rakennetaan"),
        ("Laituri rakennetaan. Sitten se maalataan.", "Laituri rakennetaan"),
        ("Versio 3.1 otetaan käyttöön. Loppu.", "Versio 3.1 otetaan käyttöön"),
        (f"Laituri rakennetaan sataman pohjoisreunaan, {'jotta ' * 20}", "Laituri rakennetaan sataman pohjoisreunaan…"),
        ("sana " * 30, f"{'sana ' * 15}sana…"),
        ("x" * 100, "x" * 79 + "…"),
    ],
    ids=["sentence", "first sentence", "dot within", "clause", "word", "one long word"],
)
def test_short_titles(text: str, title: str) -> None:
    """A title ends at a sentence, a clause or a word, never beyond 80 characters; a cut is marked."""
    assert short_title(text) == title
    assert len(short_title(text)) <= 80


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Suvi- koski", "Suvikoski"),
        ("Messu- ja tapahtumakeskus", "Messu- ja tapahtumakeskus"),
        ("Kult-tuuri", "Kulttuuri"),
        ("Linja-auto", "Linja-auto"),
        ("Kaa\u00advoitus", "Kaavoitus"),
    ],
)
def test_stray_hyphens(text: str, mended: str) -> None:
    """A hyphen before a blank or within a known word is stray; one that joins words stays."""
    assert mend(text, vocabulary_of(["Kulttuuri elää"])) == mended


@pytest.mark.parametrize(
    ("texts", "text", "names"),
    [
        (["Satama", "satama", "SATAMA Oy"], "Satama oy", ("Satama",)),
        (["Satama", "Satama", "Kaavoitus", "Kaavoitus"], "Satama. Kaavoitus", ("Satama", "Kaavoitus")),
        (["Sisu, Saumat ja Sillat"] * 3, "Sisu, Saumat ja Sillat; Satama", ("Sisu, Saumat ja Sillat", "Satama")),
        (["Sisu, Saumat ja Sillat"] * 3 + ["Sisu"], "Sisu, Saumat ja Sillat", ("Sisu", "Saumat ja Sillat")),
    ],
    ids=["spellings", "no comma", "a name with a comma", "two that often meet"],
)
def test_names_in_free_text(texts: Sequence[str], text: str, names: tuple[str, ...]) -> None:
    """Spellings of one name are one party; what stands alone elsewhere is a party of its own."""
    parties = PartyNames()
    parties.learn([*texts, text])
    assert parties.split(text) == names


def test_workbooks_are_read(tmp_path: Path) -> None:
    """The first sheet of an .xlsx is read as a table is."""
    path = tmp_path / "ohjelma.xlsx"
    path.write_bytes(make_workbook([["nro", "toimenpide", "aikataulu", "vastuutaho"], ["1", "Laituri", "2024", "Satama"]]))
    assert import_programme(path, OPTIONS).parties == ("Satama",)


@pytest.mark.parametrize("separator", [" ", ",", ", ", ". "])
def test_a_story_in_the_cell_of_the_party_is_soon_read(separator: str) -> None:
    """As long as a cell may be: the names in it are looked for in so many cuts as there are words, and not in every one of them."""
    parties = PartyNames(aliases={"Satama": ("Satama",)})
    story = separator.join(["sana"] * 1_500 + ["Satama"])
    parties.learn([story])

    assert parties.split(story)
