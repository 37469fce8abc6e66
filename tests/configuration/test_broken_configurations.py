"""Broken configurations: each fault at its place, with a sentence that tells what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reminder.configuration.loading import load_setup
from reminder.errors import Severity

Edit = Callable[[str, str, str], None]


@dataclass(frozen=True)
class Case:
    """One edit of the sample, and what `check` must say about it."""

    id: str
    file: str
    old: str
    new: str
    place: str
    message: str
    advice: str
    severity: Severity = Severity.FAULT


WARNING, NOTE = Severity.WARNING, Severity.NOTE
SCHEDULE, SERVICE, PROGRAMME, CONTACTS = "schedule.yaml", "service.yaml", "programme.yaml", "contacts.yaml"

CASES = (
    # YAML
    Case("syntax", SERVICE, "languages: [fi, sv]", "languages: [fi, sv", "service.yaml:7:9", "not YAML", "a bracket"),
    Case("tab", SERVICE, "  phone:", "\tphone:", "service.yaml:4:1", "not YAML", "indentation"),
    Case(
        "duplicate key",
        SERVICE,
        "country: FI",
        "country: FI\ncity: Toinen",
        "service.yaml:9:1",
        "`city` stands twice; first in line 1",
        "Remove",
    ),
    Case(
        "alias",
        CONTACTS,
        "[anna], manager: anna",
        "&x [anna], manager: *x",
        "contacts.yaml:13:68",
        "`*x` repeats",
        "Write the value itself",
    ),
    Case("merge key", SERVICE, "country: FI", "<<: {country: FI}", "service.yaml:8:1", "`<<` merges", "Write its keys here"),
    Case("tag", PROGRAMME, "number: 3.10", "number: !!float 3.10", "programme.yaml:22:25", "The tag `!!float`", "Remove it"),
    Case(
        "second document", SERVICE, "country: FI", "country: FI\n---", "service.yaml:9:1", "A second YAML document", "Remove the line `---`"
    ),
    # Shapes and near misses
    Case(
        "mistyped key",
        SCHEDULE,
        "    reminders:",
        "    remainders:",
        "schedule.yaml:13:5",
        "`remainders` is not known",
        "Did you mean `reminders`?",
    ),
    Case(
        "wrong shape",
        SERVICE,
        'office:\n  name: Ohjelmatoimisto\n  phone: "09 1"',
        "office: toimisto",
        "service.yaml:2:9",
        "must hold keys",
        "indented",
    ),
    Case(
        "list for text",
        CONTACTS,
        "address: jaosto@kunta.example",
        "address: [a, b]",
        "contacts.yaml:11:14",
        "must be a single text",
        "Write the text",
    ),
    Case("missing key", SERVICE, "city: {fi: Mallila, sv: Mallby}\n", "", "service.yaml:1:1", "`city` is missing", "Add `city:"),
    Case(
        "no yes or no", SERVICE, "publish_texts: no", "publish_texts: maybe", "service.yaml:13:16", "neither yes nor no", "Write yes or no"
    ),
    Case(
        "address of a page with a query",
        SERVICE,
        "publish_texts: no",
        "page: {address: https://x.example/?a}",
        "service.yaml:13:17",
        "not the address of a site",
        "without `?`",
    ),
    Case(
        "no colour",
        SERVICE,
        "publish_texts: no",
        "page: {colours: {link: blue}}",
        "service.yaml:13:24",
        "`blue` is not a colour",
        "#12455a",
    ),
    Case(
        "pale colour",
        SERVICE,
        "publish_texts: no",
        "page: {colours: {brand: '#7fb0c4'}}",
        "service.yaml:13:25",
        "#7fb0c4 on #ffffff cannot be read by everybody: the contrast is 2.4 : 1",
        "4.5 : 1",
    ),
    Case(
        "no logo",
        SERVICE,
        "publish_texts: no",
        "page: {logo: logo.svg}",
        "service.yaml:13:14",
        "The logo `logo.svg` is not there",
        "Put it",
    ),
    Case("logo kind", SERVICE, "publish_texts: no", "page: {logo: logo.gif}", "service.yaml:13:14", "neither SVG nor PNG", "Give an .svg"),
    Case(
        "mistyped handling",
        SERVICE,
        "publish_texts: no",
        "answers_from: {same_domain: provisionally}",
        "service.yaml:13:29",
        "`provisionally` is not possible for `same_domain`",
        "Did you mean `provisional`?",
    ),
    Case(
        "a stranger's answer that counts at once",
        SERVICE,
        "publish_texts: no",
        "answers_from: {stranger: apply}",
        "service.yaml:13:26",
        "`apply` is not possible for `stranger`",
        "provisional, hold",
    ),
    Case(
        "control character",
        SERVICE,
        "name: Ohjelmatoimisto",
        'name: "A\\x07B"',
        "service.yaml:3:9",
        "cannot be printed",
        "Type the text again",
    ),
    # service.yaml
    Case(
        "time zone",
        SERVICE,
        "Europe/Helsinki",
        "Europe/Helsingki",
        "service.yaml:7:11",
        "not a time zone",
        "Did you mean `Europe/Helsinki`?",
    ),
    Case("country", SERVICE, "country: FI", "country: Suomi", "service.yaml:8:10", "holidays of `Suomi`", "two capital letters"),
    Case("language", SERVICE, "[fi, sv]", "[fi, de]", "service.yaml:6:17", "`de` is not a language", "Use fi, sv or en"),
    Case("closed day", SERVICE, "2025-02-24: talv", "2025-02-30: talv", "service.yaml:10:3", "`2025-02-30` is not a date", "28.2.2025"),
    Case("window", SERVICE, "until: 16:00", "until: 07:00", "service.yaml:11:31", "ends before it begins", "{from: 08:00, until: 16:00}"),
    Case("no coordinator", SERVICE, "coordinator: [anna]\n", "", "service.yaml:1:1", "No coordinator", "Add `coordinator: [id]`"),
    Case("unknown coordinator", SERVICE, "[anna]", "[anja]", "service.yaml:5:15", "`anja` is not in contacts.yaml", "Did you mean `anna`?"),
    # schedule.yaml
    Case("date", SCHEDULE, "2025-02-14", "2025-02-31", "schedule.yaml:2:32", "`2025-02-31` is not a date", "Write it as 2025-02-28"),
    Case("rule", SCHEDULE, "last_call: due", "last_call: due minus 1", "schedule.yaml:14:16", "not a date rule", "due - 5 working days"),
    Case("mistyped unit", SCHEDULE, "due + 8 weeks", "due + 8 weaks", "schedule.yaml:16:13", "not a date rule", "Did you mean `weeks`?"),
    Case("too far", SCHEDULE, "due + 8 weeks", "due + 800 weeks", "schedule.yaml:16:13", "reaches too far", "at most two years"),
    Case("repetition", SCHEDULE, "then every 2 weeks", "then 2 weeks", "schedule.yaml:15:50", "not a repetition", "then every 2 weeks"),
    Case("digest", SCHEDULE, "every monday", "every mondy", "schedule.yaml:17:13", "not a rhythm", "Did you mean `monday`?"),
    Case("digest at night", SCHEDULE, "08:30", "03:30", "schedule.yaml:17:13", "may not exist", "not between 03:00 and 04:00"),
    Case(
        "unknown anchor",
        SCHEDULE,
        "notice: financial_statements",
        "notice: financial_statement",
        "schedule.yaml:10:13",
        "is not an anchor",
        "Did you mean",
    ),
    Case(
        "anchor without year",
        SCHEDULE,
        "years: [2024]",
        "years: [2025]",
        "schedule.yaml:10:13",
        "no date for 2025",
        "Add `2025: YYYY-MM-DD`",
    ),
    Case(
        "nothing asked",
        SCHEDULE,
        "years: [2024]",
        "years: [2030]\n    anchor_year: 2024",
        "schedule.yaml:9:12",
        "asks for no action",
        "Correct `years`",
    ),
    Case(
        "due before request",
        SCHEDULE,
        "statements + 10",
        "statements - 10",
        "schedule.yaml:12:10",
        "not after the request on Fri 14.2.2025",
        "Let `due`",
    ),
    Case(
        "closes before due", SCHEDULE, "due + 8 weeks", "due - 8 weeks", "schedule.yaml:16:13", "before the report is due", "Let `closes`"
    ),
    Case(
        "overdue too early",
        SCHEDULE,
        "due + 1 working day,",
        "due - 1 working day,",
        "schedule.yaml:15:15",
        "says that the report is late",
        "come after `due`",
    ),
    Case(
        "early reminder",
        SCHEDULE,
        "due - 5 working",
        "due - 5 weeks, due - 5 working",
        "schedule.yaml:13:17",
        "not after the request",
        "between",
        WARNING,
    ),
    Case(
        "late reminder",
        SCHEDULE,
        "last_call: due",
        "last_call: due + 1 day",
        "schedule.yaml:14:16",
        "after the report is due",
        "before `due`",
        WARNING,
    ),
    Case(
        "late notice",
        SCHEDULE,
        "statements - 6 weeks",
        "statements + 1 day",
        "schedule.yaml:10:13",
        "not before the request",
        "before `request`",
        WARNING,
    ),
    Case("never sent", SCHEDULE, "due + 1 week,", "due + 9 weeks,", "schedule.yaml:15:36", "it never will", "close later", WARNING),
    Case(
        "moved deadline",
        SCHEDULE,
        "statements + 10 working days",
        "statements + 63 days",
        "schedule.yaml:12:10",
        "Good Friday",
        "exact",
        NOTE,
    ),
    Case(
        "unknown programme",
        SCHEDULE,
        "programme: elinvoima",
        "programme: elinvoma",
        "schedule.yaml:8:16",
        "not in programme.yaml",
        "Did you mean `elinvoima`?",
    ),
    Case(
        "deadline rule",
        SCHEDULE,
        "last_call: due",
        "deadline_rule: fi-150",
        "schedule.yaml:14:20",
        "`fi-150` is not possible",
        "Did you mean `fi-150-1930`?",
    ),
    # programme.yaml
    Case("tag too long", PROGRAMME, "ELVO", "Elinvoima", "programme.yaml:4:10", "cannot be a tag", "2 to 6 capital letters"),
    Case("id of a party", PROGRAMME, "      jaosto:\n", "      Jäostö:\n", "programme.yaml:8:7", "cannot be an id", "such as `jaosto`"),
    Case(
        "number twice",
        PROGRAMME,
        "number: 3.10",
        "number: 3.1",
        "programme.yaml:22:25",
        "Number 3.1 belongs to two actions; first in line 17",
        "a number of its own",
    ),
    Case(
        "id twice",
        PROGRAMME,
        "- number: 3.10",
        "- number: 3.10\n                id: nayttelyt",
        "programme.yaml:23:21",
        "`nayttelyt` belongs to two",
        "an id of its own",
    ),
    Case(
        "unknown lead", PROGRAMME, "lead: kulttuuri", "lead: kultuuri", "programme.yaml:19:23", "not a party", "Did you mean `kulttuuri`?"
    ),
    Case(
        "unknown contributor",
        PROGRAMME,
        "contributors: [jaosto]",
        "contributors: [jaostot]",
        "programme.yaml:20:32",
        "not a party",
        "Did you mean `jaosto`?",
    ),
    Case(
        "nobody answers",
        PROGRAMME,
        "                lead: jaosto\n",
        "",
        "programme.yaml:22:17",
        "Nobody answers for action 3.10",
        "Add `lead: kulttuuri`",
    ),
    Case(
        "no years", PROGRAMME, "                years: 2024-2026\n", "", "programme.yaml:22:17", "no round will ask", "Add `years:", WARNING
    ),
    Case("years", PROGRAMME, "2024-2026", "2026-2024", "programme.yaml:25:24", "not a year", "2024-2026"),
    Case(
        "document",
        PROGRAMME,
        "    tag: ELVO",
        "    tag: ELVO\n    document: ohjelma.pdf",
        "programme.yaml:5:15",
        "is not there",
        "Put it into the folder",
    ),
    Case(
        "url",
        PROGRAMME,
        "    tag: ELVO",
        "    tag: ELVO\n    url: www.kunta.example",
        "programme.yaml:5:10",
        "not a web address",
        "https://",
    ),
    Case(
        "long title", PROGRAMME, "title: Seuranta", f"title: {'pitkä ' * 15}", "programme.yaml:23:24", "89 characters", "under 80", WARNING
    ),
    # contacts.yaml
    Case(
        "address",
        CONTACTS,
        "jaosto@kunta.example",
        "jaosto(at)kunta.example",
        "contacts.yaml:11:14",
        "not an email address",
        "rooli@kunta.example",
    ),
    Case(
        "unknown contact",
        CONTACTS,
        "jaosto: [jaosto]",
        "jaosto: [jaostot]",
        "contacts.yaml:14:12",
        "`jaostot` is not in contacts.yaml",
        "Did you mean `jaosto`?",
    ),
    Case(
        "unknown party",
        CONTACTS,
        "  jaosto: [jaosto]",
        "  jaosto: [jaosto]\n  jaastot: [jaosto]",
        "contacts.yaml:15:3",
        "not a party of any programme",
        "Did you mean `jaosto`?",
    ),
    Case(
        "nobody to write to",
        CONTACTS,
        "  jaosto: [jaosto]\n",
        "",
        "programme.yaml:8:7",
        "answers for actions of round 2024 but has no contact",
        "under `parties` in contacts.yaml",
    ),
    Case("contact language", CONTACTS, "language: sv", "language: ru", "contacts.yaml:8:15", "`ru` is not a language", "Use fi, sv or en"),
    Case(
        "two parties",
        CONTACTS,
        "jaosto: [jaosto]",
        "jaosto: [kulttuuri]",
        "contacts.yaml:5:3",
        "stands for 2 parties: kulttuuri, jaosto",
        "",
        NOTE,
    ),
    Case(
        "address twice",
        CONTACTS,
        "jaosto@kunta.example",
        "KULTTUURI@kunta.example",
        "contacts.yaml:9:3",
        "belongs to contact `kulttuuri` as well, in line 5",
        "Keep one",
        NOTE,
    ),
)


@pytest.mark.fault("G2")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_fault_has_its_place_and_its_advice(case: Case, folder: Path, edit: Edit) -> None:
    """One edit makes one finding of its severity, at file:line:column, that says what is wrong and what to do; faults leave no setup."""
    edit(case.file, case.old, case.new)
    loaded = load_setup(folder)
    found = [finding for finding in loaded.findings if f"{finding.file}:{finding.line}:{finding.column}" == case.place]
    assert [finding.severity for finding in found] == [case.severity], [str(finding) for finding in loaded.findings]
    assert case.message in found[0].message
    assert case.advice in found[0].advice
    assert (loaded.setup is None) == (case.severity is Severity.FAULT)


@pytest.mark.fault("G2")
def test_request_and_due_that_hang_on_each_other(folder: Path, edit: Edit) -> None:
    """A circle is reported at both ends, once each."""
    edit(SCHEDULE, "request: financial_statements", "request: due - 1 week")
    edit(SCHEDULE, "due: financial_statements + 10", "due: request + 10")
    found = [(finding.line, finding.message) for finding in load_setup(folder).findings]
    assert found == [(11, "`due - 1 week` hangs on itself."), (12, "`request + 10 working days` hangs on itself.")]


def test_a_contact_without_an_address(folder: Path, edit: Edit) -> None:
    """An address left empty is named at its key, as after an import."""
    edit(CONTACTS, "address: jaosto@kunta.example", "address:")
    (finding,) = load_setup(folder).findings
    assert str(finding) == ("contacts.yaml:11:5: fault: Contact `jaosto` has no address. Write its email address after `address:`.")


def test_all_faults_of_all_files_at_once(folder: Path, edit: Edit) -> None:
    """One look shows everything; a syntax error hides only the rest of its own file, and causes no faults elsewhere."""
    edit(SERVICE, "country: FI", "country: XX")
    edit(SCHEDULE, "    reminders:", "    remainders:")
    edit(PROGRAMME, "tag: ELVO", "tag: [")
    edit(CONTACTS, "language: sv", "language: ru")
    places = [(finding.file, finding.line) for finding in load_setup(folder).findings]
    assert places == [(SERVICE, 8), (SCHEDULE, 13), (PROGRAMME, 6), (CONTACTS, 8)]


@pytest.mark.parametrize("file", [SERVICE, SCHEDULE, PROGRAMME, CONTACTS])
@pytest.mark.parametrize(
    "content", [None, b"", b"# nothing yet\n", b"---\n", b"\xff\xfe\x00"], ids=["missing", "empty", "comment", "marker", "binary"]
)
def test_a_file_that_is_not_there_is_one_fault(folder: Path, file: str, content: bytes | None) -> None:
    """A missing or empty file is one fault that says how to get one, and the other files are read all the same."""
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    loaded = load_setup(folder)
    assert loaded.setup is None
    assert [finding.file for finding in loaded.findings if finding.severity is Severity.FAULT] == [file]
    assert all(finding.advice for finding in loaded.findings if finding.severity is Severity.FAULT)


def test_nesting_without_end_is_a_fault(folder: Path) -> None:
    """A file of brackets neither exhausts the stack nor time."""
    (folder / SERVICE).write_text("[" * 50_000, encoding="utf-8")
    assert any("nested more than" in finding.message for finding in load_setup(folder).findings)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    """Four missing files are four faults."""
    assert len(load_setup(tmp_path / "nowhere").findings) == 4
