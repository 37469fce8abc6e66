"""The list of contacts out of a spreadsheet: what `check` accepts, what people write into cells, and a file that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminder.cli.main import run
from reminder.configuration.import_contacts import ContactsOptions, ImportedContacts, import_contacts
from reminder.configuration.import_contacts_file import write_contacts_file
from reminder.configuration.loading import load_or_raise, load_setup
from reminder.configuration.people_cells import Duty, read_duty, read_language, read_mailboxes
from reminder.domain.programme import PartyContacts
from reminder.errors import ConfigurationFailure, Severity, UsageFailure
from tests.configuration.tables import write_table

LIST = """\
Vastuutaho;Nimi;Sähköposti;Kieli;Puhelin;Varahenkilö;Esihenkilö
Kulttuuripäällikkö;Kulttuuripäällikkö;Kulttuuri@Kunta.Example;suomi;09 000;sijainen@kunta.example;Hallintojohtaja
elinvoimajaosto;Sihteeri;jaosto@kunta.example;ruotsi;;;johtaja@kunta.example
;Puheenjohtaja;pj@kunta.example;;;;
hallinto;Hallintojohtaja;hallinto@kunta.example;;;;
Koordinaattori;Koordinaattori;anna@kunta.example;;;;
"""


@pytest.fixture
def beside(folder: Path) -> Path:
    """The sample without its contacts, with a third party."""
    (folder / "contacts.yaml").unlink()
    programme = folder / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("    focus_areas:", "      hallinto: hallinto\n    focus_areas:"), encoding="utf-8")
    return folder


def read(folder: Path, text: str, options: ContactsOptions | None = None, *, encoding: str = "utf-8") -> ImportedContacts:
    """An import beside these files."""
    return import_contacts(write_table(folder, text, encoding=encoding, name="yhteystiedot.csv"), folder / "contacts.yaml", options)


def put(folder: Path, text: str, *, keeps: bool = True) -> str:
    """Imports and writes."""
    path = folder / "contacts.yaml"
    path.write_text(write_contacts_file(read(folder, text), path, keeps=keeps)[0], encoding="utf-8")
    return path.read_text(encoding="utf-8")


def addresses(people: PartyContacts) -> tuple[list[str], list[str], str]:
    """Contacts, deputies and manager by address."""
    return (
        [one.address for one in people.contacts],
        [one.address for one in people.deputies],
        people.manager.address if people.manager else "",
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_what_is_written_is_what_check_accepts(beside: Path, encoding: str) -> None:
    """Parties by id or name, several contacts, deputy, manager by name or address, coordinator: loaded as the list says."""
    path = beside / "contacts.yaml"
    found = read(beside, LIST, encoding=encoding)
    text, _, missing = write_contacts_file(found, path, keeps=True)
    path.write_text(text, encoding="utf-8")
    loaded = load_setup(beside)

    assert (found.rejected, missing) == ((), ())
    assert [finding for finding in loaded.findings if finding.severity is Severity.FAULT] == []
    assert loaded.setup is not None
    directory = loaded.setup.directory
    assert addresses(directory.parties["kulttuuri"]) == (["kulttuuri@kunta.example"], ["sijainen@kunta.example"], "hallinto@kunta.example")
    assert addresses(directory.parties["jaosto"]) == (["jaosto@kunta.example", "pj@kunta.example"], [], "johtaja@kunta.example")
    assert [(one.id, one.address) for one in directory.coordinators] == [("anna", "anna@kunta.example")]
    (culture,) = directory.parties["kulttuuri"].contacts
    assert (culture.name, culture.language, culture.phone) == ("Kulttuuripäällikkö", "fi", "09 000")
    assert directory.parties["jaosto"].contacts[0].language == "sv"


def test_the_file_reads_like_one_that_a_person_wrote(beside: Path) -> None:
    """Coordinators, then the list in its order; short forms where they do; numbers as texts."""
    assert put(beside, "Part;Namn;E-post;Telefon\njaosto;Sektionen;s@kunta.example;0401\nSamordnare;Anna;a@kunta.example;\n") == (
        "# The people behind the parties; imported by `reminder import contacts`. These are personal data: keep the file apart.\n\n"
        "contacts:\n"
        "  anna:\n    name: Anna\n    address: a@kunta.example\n"
        '  sektionen:\n    name: Sektionen\n    address: s@kunta.example\n    phone: "0401"\n\n'
        "parties:\n  jaosto: [sektionen]\n"
    )


@pytest.mark.parametrize(
    "rows",
    [
        [["Responsible party", "Contact", "", "Language"], ["", "Name", "Email", ""], ["Kulttuuri", "K", "k@kunta.example", "English"]],
        [["Yhteystiedot 2025"], [], ["Vastuutaho", "Yhteyshenkilö", "S-posti", "Kieli"], ["Kulttuuri", "K", "k@kunta.example", "englanti"]],
        [["Ansvarig part", "Kontaktperson", "E-postadress", "Språk"], ["Kulttuuri", "K", "mailto:k@kunta.example", "engelska"]],
    ],
    ids=["two rows", "a title", "Swedish"],
)
def test_headings_of_workbooks(beside: Path, rows: Sequence[Sequence[str]]) -> None:
    """Merged cells above the headings or within them, in three languages."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if len(rows[0]) < 3 or not rows[0][2]:
        book.active.merge_cells("B1:C1")
    book.save(beside / "a.xlsx")
    found = import_contacts(beside / "a.xlsx", beside / "contacts.yaml")

    assert found.rejected == ()
    assert [(one.name, one.address, one.language) for one in found.people.values()] == [("K", "k@kunta.example", "en")]
    assert list(found.parties["kulttuuri"].contacts) == ["k@kunta.example"]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Etunimi.Sukunimi@Kunta.Example", [("", "etunimi.sukunimi@kunta.example")]),
        ("mailto:a@kunta.example?subject=Hei", [("", "a@kunta.example")]),
        ("\u00a0a@kunta.example. ", [("", "a@kunta.example")]),
        ("a@kunta.example; b@kunta.example", [("", "a@kunta.example"), ("", "b@kunta.example")]),
        ("a@kunta.example\nb@kunta.example,", [("", "a@kunta.example"), ("", "b@kunta.example")]),
        ("a@kunta.example, b@kunta.example", [("", "a@kunta.example"), ("", "b@kunta.example")]),
        ("a(at)kunta.example", [("", "a@kunta.example")]),
        ("a [ät] kunta.example", [("", "a@kunta.example")]),
        ('"Rooli, toinen" <a@kunta.example>', [("Rooli, toinen", "a@kunta.example")]),
        ("Rooli a@kunta.example", [("Rooli", "a@kunta.example")]),
        ("A@kunta.example; a@KUNTA.example", [("", "a@kunta.example")]),
        ("<a@kunta.example>", [("", "a@kunta.example")]),
        ("ei ole", []),
    ],
)
def test_addresses_as_people_write_them(cell: str, people: list[tuple[str, str]]) -> None:
    """Links, brackets, dots left behind, several in a cell, capitals: each address once, with the name that stands beside it."""
    found = read_mailboxes(cell.replace("\u00a0", " "))
    assert (list(found.people), found.broken) == (people, ())


def test_what_is_no_address_is_named(beside: Path) -> None:
    """A broken one does not take the sound one beside it along, and the reason tells what to do."""
    found = read(beside, 'taho;sähköposti\njaosto;"jäosto@kunta.example; j@kunta.example"\nkulttuuri;ei vielä\nhallinto;\n')

    assert list(found.people) == ["j@kunta.example"]
    assert [(one.line, one.reason.partition(";")[0]) for one in found.rejected] == [
        (2, "'jäosto@kunta.example' is no email address"),
        (3, "'ei vielä' is no email address"),
        (4, "has no email address"),
    ]
    assert found.notes == ("The list gives no contact for kulttuuri, hallinto.",)


def test_a_party_that_the_programme_does_not_have(beside: Path) -> None:
    """Near misses are named, nobody of the row is taken; of several in a cell the known ones are."""
    found = read(beside, "taho;sähköposti\nKultuuri;a@kunta.example\njaosto, Puutarha;b@kunta.example\nhallinto, jaosto;c@kunta.example\n")

    assert list(found.people) == ["b@kunta.example", "c@kunta.example"]
    assert {party: list(one.contacts) for party, one in found.parties.items()} == {
        "jaosto": ["b@kunta.example", "c@kunta.example"],
        "hallinto": ["c@kunta.example"],
    }
    assert [(one.line, one.reason) for one in found.rejected] == [
        (2, "'Kultuuri' is no party of programme.yaml; did you mean kulttuuri?"),
        (3, "'Puutarha' is no party of programme.yaml; add it there, or name its party with --aliases"),
    ]


def test_the_table_of_aliases_of_the_programme_is_understood(beside: Path) -> None:
    """The spellings that were merged for the programme are merged for the contacts."""
    aliases = beside / "aliases.yaml"
    aliases.write_text("Puutarha: hallinto\n", encoding="utf-8")

    found = read(beside, "taho;sähköposti\npuutarha;b@kunta.example\n", ContactsOptions(aliases=aliases))
    assert (list(found.parties), found.rejected) == (["hallinto"], ())


def test_an_empty_party_means_the_one_above_only_where_nothing_stands_between(beside: Path) -> None:
    """Merged cells of a party with two contacts, said in a note; after an empty row, or with no party above, nobody is guessed."""
    table = "taho;sähköposti\n;x@kunta.example\njaosto;a@kunta.example\n;b@kunta.example\n;;\n;c@kunta.example\n;d@kunta.example\n"
    found = read(beside, table)

    assert list(found.parties["jaosto"].contacts) == ["a@kunta.example", "b@kunta.example"]
    assert [one.line for one in found.rejected] == [2, 6, 7]
    assert "No party is named; taken as one more of the party above: line 4." in found.notes


def test_rows_for_deputies_and_managers(beside: Path) -> None:
    """A column that says in which place somebody stands; other words in it are the name of the role."""
    found = read(
        beside,
        "taho;rooli;sähköposti\njaosto;Varsinainen;a@kunta.example\njaosto;varahenkilö;b@kunta.example\njaosto;Esihenkilö;c@kunta.example\n"
        "jaosto;chef;d@kunta.example\nhallinto;Hallintojohtaja;e@kunta.example\n",
    )

    jaosto = found.parties["jaosto"]
    assert (list(jaosto.contacts), list(jaosto.deputies), jaosto.manager) == (["a@kunta.example"], ["b@kunta.example"], "c@kunta.example")
    assert found.people["e@kunta.example"].name == "Hallintojohtaja"
    assert [one.reason.partition(";")[0] for one in found.rejected] == ["d@kunta.example is a second manager"]


def test_what_is_only_half_said_is_told(beside: Path) -> None:
    """Languages that we do not write, formulas as names, details that differ, deputies without an address, groups, lost zeros."""
    found = read(
        beside,
        "taho;nimi;sähköposti;kieli;varahenkilö;ryhmä;puh\njaosto;=1+1;a@kunta.example;klingon;Joku Muu;Pienet;=cmd()\n"
        "hallinto;Toinen;b@kunta.example;sv;;Pienet;+358 1\nkulttuuri;Kolmas;b@kunta.example;fi;;;\n",
    )

    assert [one.reason.partition(";")[0] for one in found.rejected] == [
        "the name '=1+1' is a formula",
        "mails are not written in 'klingon'",
        "the phone number '=cmd()' is a formula",
        "the deputy 'Joku Muu' has no address here",
    ]
    assert (found.people["a@kunta.example"].name, found.people["b@kunta.example"].language) == ("", "sv")
    assert "The address stands in an earlier row with other details; those were kept: line 4." in found.notes
    assert "Groups stand in schedule.yaml; write there under `groups`: `pienet: [jaosto, hallinto]`." in found.notes


def test_without_a_programme_the_list_makes_the_parties(tmp_path: Path) -> None:
    """By the same names as `import programme` makes them, and it is said that nothing could be compared."""
    found = read(tmp_path, "Vastuutaho;Sähköposti\nSatama Oy;a@kunta.example\nsatama;b@kunta.example\n")

    assert {party: list(one.contacts) for party, one in found.parties.items()} == {"satama-oy": ["a@kunta.example", "b@kunta.example"]}
    assert any("could not be compared" in note for note in found.notes)


def test_what_import_programme_left_is_filled_in(beside: Path) -> None:
    """The contacts without an address get theirs, under the ids that they have; a second one is added."""
    (beside / "contacts.yaml").write_text(
        "# Fill in\ncontacts:\n  anna:\n    name: Koordinaattori\n    address:\n  kulttuuri:\n    name: Kulttuuri\n    address:\n"
        "parties:\n  kulttuuri: [kulttuuri]\n",
        encoding="utf-8",
    )
    text = put(
        beside, "taho;nimi;sähköposti\nkoordinaattori;;x@kunta.example\nkulttuuri;;k@kunta.example\nkulttuuri;Toinen;l@kunta.example\n"
    )

    assert text == (
        "# Fill in\ncontacts:\n  anna:\n    name: Koordinaattori\n    address: x@kunta.example\n"
        "  kulttuuri:\n    name: Kulttuuri\n    address: k@kunta.example\n  toinen:\n    name: Toinen\n    address: l@kunta.example\n"
        "parties:\n  kulttuuri: [kulttuuri, toinen]\n"
    )


BEFORE = """\
# ours
contacts:
  anna: {name: Anna, address: Anna@kunta.example, phone: 0401}  # by hand
  kulttuuri:
    name: Kulttuuripäällikkö
    address: vanha@kunta.example
    language: sv
  lopettanut:
    address: lopettanut@kunta.example
parties:
  kulttuuri:
    contacts: [kulttuuri, lopettanut]
    manager: anna
  jaosto: lopettanut
"""
CHANGE = (
    "taho;nimi;sähköposti;esihenkilö\nkulttuuri;Kulttuuripäällikkö;uusi@kunta.example;pomo@kunta.example\nhallinto;;anna@kunta.example;\n"
)


def test_merging_changes_what_the_list_says_and_keeps_the_rest(beside: Path) -> None:
    """An address that moved is known by its name; comments, quotes and numbers stay; everything that differs is told."""
    path = beside / "contacts.yaml"
    path.write_text(BEFORE, encoding="utf-8")
    text, difference, _ = write_contacts_file(read(beside, CHANGE), path, keeps=True)

    assert text == (
        BEFORE.replace("vanha@", "uusi@")
        .replace("parties:", "  pomo:\n    address: pomo@kunta.example\nparties:")
        .replace("manager: anna", "manager: pomo")
        + "  hallinto: [anna]\n"
    )
    assert difference.added == ("contact pomo, pomo@kunta.example", "party hallinto: anna")
    assert difference.changed == (
        "address of kulttuuri: vanha@kunta.example becomes uusi@kunta.example",
        "kulttuuri: manager pomo in place of anna",
    )
    assert difference.only_in_file == (
        "contact lopettanut, lopettanut@kunta.example",
        "party jaosto",
        "lopettanut as a contact of kulttuuri",
    )
    path.write_text(text, encoding="utf-8")
    again = write_contacts_file(read(beside, CHANGE), path, keeps=True)
    assert (again[0], again[1].added, again[1].changed) == (text, (), ())


def test_replacing_tells_what_is_lost(beside: Path) -> None:
    """The file is made anew of the list alone."""
    path = beside / "contacts.yaml"
    path.write_text(BEFORE, encoding="utf-8")
    text, difference, missing = write_contacts_file(read(beside, CHANGE), path, keeps=False)

    assert "lopettanut" not in text
    assert "contact lopettanut, lopettanut@kunta.example" in difference.only_in_file
    assert missing == ("anna",), "service.yaml names a coordinator whom the list does not have"


def test_a_faulty_file_is_not_touched(beside: Path) -> None:
    """What the program cannot read it does not edit: the faults are named with their places."""
    (beside / "contacts.yaml").write_text("contacts: {a: {adress: x@kunta.example}}\n", encoding="utf-8")
    with pytest.raises(ConfigurationFailure, match=r"contacts\.yaml:1:16"):
        put(beside, CHANGE)


def test_the_command(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Writes where nothing is, refuses where something is and says what differs, merges or replaces when told; a dry run does none."""
    table, out = write_table(beside, LIST), beside / "contacts.yaml"
    command = ["--config", str(beside), "import", "contacts", str(table), "--out", str(out)]

    assert run([*command, "--dry-run"]) == 0
    assert not out.exists()
    assert run(command) == 0
    assert "5 rows read, 7 contacts, 3 parties, 0 rows with something that was not taken." in capsys.readouterr().out
    assert run(["--config", str(beside), "--quiet", "check"]) in {0, 2}  # the settings are not there
    assert "contacts.yaml" not in capsys.readouterr().err
    out.write_text(BEFORE, encoding="utf-8")
    assert run(command) == 2
    told = capsys.readouterr()
    assert "only in contacts.yaml, stays: contact lopettanut" in told.out
    assert "--merge" in told.err
    assert out.read_text(encoding="utf-8") == BEFORE
    assert run([*command, "--merge"]) == 0
    assert "lopettanut" in out.read_text(encoding="utf-8")
    assert run([*command, "--replace"]) == 0
    assert "is lost: contact lopettanut" in capsys.readouterr().out
    assert "lopettanut" not in out.read_text(encoding="utf-8")
    assert run([*command, "--merge", "--replace"]) == 2


def test_columns_that_are_missing(beside: Path) -> None:
    """Which one, how to name it, and what columns there are."""
    with pytest.raises(UsageFailure, match="hold the email address") as failure:
        read(beside, "vastuutaho;jotain\na;b\n")
    assert "--column address=HEADING" in failure.value.advice


@pytest.mark.parametrize(
    ("cell", "language"), [("suomi", "fi"), ("Svenska", "sv"), ("ENG", "en"), ("fi/sv", "fi"), ("RUOTSI", "sv"), ("saksa", None)]
)
def test_languages(cell: str, language: str | None) -> None:
    """In any of the three languages; of several the first."""
    assert read_language(cell) == language


@pytest.mark.parametrize(("cell", "duty"), [("Varahenkilö", Duty.DEPUTY), ("chef", Duty.MANAGER), ("kulttuuripäällikkö", None), ("", None)])
def test_duties(cell: str, duty: Duty | None) -> None:
    """Words for a place, and no title of anybody."""
    assert read_duty(cell) is duty


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=40), party=st.sampled_from(["jaosto", "Kulttuuri"]), phone=st.text("0123456789+ -", max_size=12))
def test_any_name_comes_out_as_a_file_that_loads(beside: Path, name: str, party: str, phone: str) -> None:
    """Whatever stands in the cells, what is written has no fault of its own, and a second import changes nothing."""
    quoted = '"' + name.replace('"', '""') + '"'
    path, table = beside / "contacts.yaml", beside / "lista.csv"
    path.unlink(missing_ok=True)
    table.write_bytes(f"taho;nimi;sähköposti;puhelin\n{party};{quoted};a@kunta.example;{phone}\n".encode("utf-8", "replace"))
    text = write_contacts_file(import_contacts(table, path), path, keeps=True)[0]
    path.write_text(text, encoding="utf-8")

    assert [one for one in load_setup(beside).faults if one.file == "contacts.yaml"] == []
    assert write_contacts_file(import_contacts(table, path), path, keeps=True)[0] == text


def test_the_sample_itself_is_unchanged_by_its_own_list(folder: Path) -> None:
    """What the file says already, said again by a list, changes nothing of it."""
    path = folder / "contacts.yaml"
    setup = load_or_raise(folder)
    rows = [
        f"{party};{contact.name};{contact.address};{contact.language}"
        for party, entry in setup.directory.parties.items()
        for contact in entry.contacts
    ]
    table = write_table(folder, "taho;nimi;sähköposti;kieli\n" + "\n".join(rows) + "\n")
    text, difference, _ = write_contacts_file(import_contacts(table, path), path, keeps=True)

    assert (difference.added, [one for one in difference.changed if not one.startswith("language")]) == ((), [])
    path.write_text(text, encoding="utf-8")
    assert load_or_raise(folder).directory == setup.directory


def test_somebody_above_may_be_named_as_the_coordinator_or_as_a_party(beside: Path) -> None:
    """A name of the list goes first, then a party stands for its first contact, then the word for the coordinator."""
    found = read(
        beside,
        "taho;sähköposti;esihenkilö\nkulttuuri;k@kunta.example;Koordinaattori\njaosto;j@kunta.example;kulttuuri\n"
        "hallinto;h@kunta.example;Joku Muu\nkoordinaattori;anna@kunta.example;\n",
    )

    assert {party: one.manager for party, one in found.parties.items()} == {
        "kulttuuri": "anna@kunta.example",
        "jaosto": "k@kunta.example",
        "hallinto": "",
    }
    assert [(one.line, one.reason.partition(" has")[0]) for one in found.rejected] == [(4, "the manager 'Joku Muu'")]


def test_a_name_that_holds_commas_stands_among_others(beside: Path) -> None:
    """In one cell with other parties, with and without a comma between, and with the hyphen of a line that was broken."""
    programme = beside / "programme.yaml"
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text.replace("hallinto: hallinto", "hallinto: Talous, hallinto ja tilat"), encoding="utf-8")
    found = read(
        beside,
        'taho;sähköposti\n"Talous, hallinto ja tilat, elinvoima- jaosto";a@kunta.example\nelinvoimajaosto Kulttuuri;b@kunta.example\n',
    )

    assert found.rejected == ()
    assert {party: list(one.contacts) for party, one in found.parties.items()} == {
        "hallinto": ["a@kunta.example"],
        "jaosto": ["a@kunta.example", "b@kunta.example"],
        "kulttuuri": ["b@kunta.example"],
    }


def test_numbers_of_the_file_are_texts_when_they_are_compared(beside: Path) -> None:
    """0401 in the file is the 0401 of the list, not 401 and not a change; an id that only looks like a number is one."""
    path = beside / "contacts.yaml"
    before = "contacts:\n  110: {address: a@kunta.example, phone: 0401}\n"
    path.write_text(before + "parties:\n  jaosto: [110]\n", encoding="utf-8")
    text, difference, _ = write_contacts_file(
        read(beside, 'taho;sähköposti;puhelin\njaosto;a@kunta.example;"=""0401"""\n'), path, keeps=True
    )

    assert (text, difference.changed) == (before + "parties:\n  jaosto: [110]\n", ())


def test_a_coordinator_known_by_the_address_keeps_the_id_of_it(beside: Path) -> None:
    """Two contacts stand in the file, and the list names one of them as the coordinator: nobody takes the place of somebody else."""
    path = beside / "contacts.yaml"
    before = "contacts:\n  anna: {address: vanha@kunta.example}\n  sihteeri: {address: s@kunta.example}\nparties:\n  jaosto: [sihteeri]\n"
    path.write_text(before, encoding="utf-8")
    text, difference, _ = write_contacts_file(
        read(beside, "taho;sähköposti\nkoordinaattori;s@kunta.example\njaosto;s@kunta.example\n"), path, keeps=True
    )

    assert (text, difference.added, difference.changed) == (before, (), ())
    assert difference.only_in_file == ("contact anna, vanha@kunta.example",)
