"""A whole round of the example city, from the financial statements to the close, on real servers and a moving clock."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reminder.cli.main import run
from reminder.domain.assessments import Assessment, latest
from reminder.domain.messages import OutboxState
from reminder.domain.readings import InboundState
from reminder.parse.message import Mail, read_mail
from reminder.resources import find_example
from reminder.sandbox.cast import SILENT, UNREACHABLE, expected_facts
from reminder.sandbox.demo import find_differences, finish, open_stage, play
from reminder.sandbox.servers import SentMail
from reminder.store import inbox, outbox, reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What a whole year left behind."""

    folder: Path
    exit_code: int
    differences: list[str]
    sent: tuple[SentMail, ...]
    facts: tuple[Assessment, ...]
    inbox: Counter[InboundState]
    outbox: Counter[OutboxState]

    def mails(self, kind: str, recipient: str = "") -> list[Mail]:
        """The mails of a kind, read as a person would."""
        found = [read_mail(mail.raw) for mail in self.sent if recipient in mail.recipient]
        return [mail for mail in found if mail.headers.text("x-reminder-kind").strip() == kind]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The demo's year, run once for all the tests of this file."""
    folder = tmp_path_factory.mktemp("year")
    with open_stage(find_example(), folder) as stage:
        counts = play(stage)
        code = finish(stage, counts, folder)
        with stage.house.store.read() as conn:
            yield Year(
                folder=folder,
                exit_code=code,
                differences=find_differences(stage.house),
                sent=tuple(stage.rehearsal.world.sent),
                facts=reports.load_assessments(conn),
                inbox=Counter(inbox.count_by_state(conn)),
                outbox=Counter(outbox.count_by_state(conn)),
            )


def text_of(mail: Mail) -> str:
    """The text part."""
    return "\n".join(part.text for part in mail.texts)


def test_what_the_parties_said_is_what_stands_in_the_database(year: Year) -> None:
    """Every light and phase that was said is recorded, and nothing that was not said."""
    assert year.differences == []
    assert year.exit_code == 0
    assert {(fact.party, fact.action) for fact in latest(year.facts).values()} != set()


def test_every_mail_that_came_in_ends_in_one_visible_state(year: Year) -> None:
    """29 mails came: replies applied, one that says nothing asked back, the forged one held, machines ignored; none is left."""
    assert year.inbox[InboundState.CAPTURED] == 0
    assert year.inbox[InboundState.HELD] == 1
    assert year.inbox[InboundState.ASKED_BACK] == 1
    assert year.inbox[InboundState.QUARANTINED] == 0


def test_the_outbox_is_empty_at_the_end(year: Year) -> None:
    """Everything was accepted by the relay or ended with a reason."""
    assert {state for state, count in year.outbox.items() if count} <= {OutboxState.ACCEPTED, OutboxState.CANCELLED, OutboxState.EXPIRED}


def test_each_person_gets_one_request(year: Year) -> None:
    """17 parties, one person for two of them: 16 requests, each under its own token."""
    requests = [mail for mail in year.sent if b"X-Reminder-Kind: request" in mail.raw]

    assert len(requests) == 16
    assert len({mail.raw for mail in requests}) == 16


def test_a_person_for_two_parties_gets_both_in_one_mail(year: Year) -> None:
    """The development director also reads for the management group."""
    (request,) = year.mails("request", "kaupunkikehitysjohtaja@")

    assert "[4.2]" in text_of(request)
    assert "[4.3]" in text_of(request)


def test_a_reminder_names_only_what_is_missing(year: Year) -> None:
    """The culture manager answered two of three: the reminder asks for the third alone, and thanks first."""
    reminder = text_of(year.mails("reminder", "kulttuuripaallikko@")[0])

    assert "[3.8]" in reminder
    assert "[1.1]" not in reminder
    assert "kiitos" in reminder


def test_who_has_answered_everything_is_never_reminded(year: Year) -> None:
    """A complete report stops the ladder at once."""
    for kind in ("reminder", "last_call", "overdue"):
        assert year.mails(kind, "opiston") == []
        assert year.mails(kind, "sivistysjohtaja@") == []


def test_the_silent_are_chased_to_the_close(year: Year) -> None:
    """Two reminders, a last call and five overdue mails, then no more."""
    for party in SILENT:
        address = "kaupunginsihteeri@" if party == "kaupunginhallitus" else f"{party}@"
        kinds = Counter(kind for kind in ("reminder", "last_call", "overdue") for _ in year.mails(kind, address))
        assert kinds == {"reminder": 2, "last_call": 1, "overdue": 5}, party


def test_the_acknowledgement_stays_in_the_thread_and_says_what_was_recorded(year: Year) -> None:
    """In-Reply-To names the party's own mail, the subject is unchanged but for `Re:`, each action stands with its light."""
    mail = year.mails("acknowledgement", "kulttuuripaallikko@")[0]

    assert mail.in_reply_to
    assert mail.subject.startswith("Re: ")
    assert mail.subject.count("[") == 1
    assert "● vihreä" in text_of(mail)
    assert "Puuttuu vielä" in text_of(mail)
    assert "kirjoitti" not in text_of(mail)


def test_each_reads_in_their_own_language(year: Year) -> None:
    """Swedish to the college, English to the tourism coordinator."""
    assert "Läge (grön / gul / röd):" in text_of(year.mails("request", "rektor@")[0])
    assert "Status (green / yellow / red):" in text_of(year.mails("request", "matkailukoordinaattori@")[0])


def test_machines_get_no_answer(year: Year) -> None:
    """No acknowledgement goes to a mail system, an out-of-office note or a stranger (invariant I8)."""
    acknowledged = {mail.recipients[0] for mail in year.mails("acknowledgement")}

    assert not any("daemon" in address or "pikaposti" in address for address in acknowledged)


def test_the_digest_says_first_how_it_stands(year: Year) -> None:
    """One sentence first, then what waits, with its command, then the table; and it lists exactly who lacks something."""
    digest = text_of(year.mails("digest")[2])
    overdue = digest.split("Keneltä puuttuu")[1].split("Julkaisua odottavat tekstit")[0]
    late = {party for party in overdue.splitlines() if party and party[0].isupper()}

    assert "17 vastuutahosta 13 on vastannut kaikkeen; 4 on myöhässä, vanhin määräaika oli 28.2.2025." in " ".join(digest.split())
    assert "Hyväksy" in digest
    assert late == {"Kaupunginhallitus", "Rakennustarkastaja", "Suvikodit Oy:n toimitusjohtaja", "Tilapalvelupäällikkö"}


def test_the_public_page_has_the_lights_and_no_person(year: Year) -> None:
    """Roles are public, persons never (decision 22)."""
    page = (year.folder / "site" / "index.html").read_text()
    data = json.loads((year.folder / "site" / "data.json").read_text())
    lights = Counter(action["light"] for one in [data] for action in one["actions"] if action["light"])

    assert "@suvikoski.example" not in page.replace("seuranta@suvikoski.example", "")
    assert lights == Counter(fact.light.value for fact in expected_facts().values() if fact.light)


def test_the_folder_can_be_asked_with_the_command_line(year: Year, capsys: pytest.CaptureFixture[str]) -> None:
    """`status` of the folder that the demo leaves: 25 asked actions, what is missing is overdue, and something waits (exit 3)."""
    code = run(["--config", str(year.folder / "config"), "--json", "status"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert code == 3
    assert len(rows) == 25
    assert {row["party"] for row in rows if row["report"] == "overdue"} == SILENT | UNREACHABLE


def test_explain_reads_the_same_from_the_folder_of_sent_mails(year: Year, capsys: pytest.CaptureFixture[str]) -> None:
    """`explain --sent` knows our mails by their text alone, and reads what the service read from its database."""
    folder = year.folder / "mails"
    replies = sorted(folder.glob("*-in-*.eml"))
    config = str(year.folder / "config")
    run(["--config", config, "--json", "explain", *map(str, replies), "--sent", str(folder)])
    from_files = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    run(["--config", config, "--json", "explain", *map(str, replies)])
    from_database = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    def answers(rows: list[dict[str, object]]) -> list[object]:
        return [[row["kind"], row["verdict"], _lights(row["answers"])] for row in rows]

    assert len(replies) == year.inbox.total()
    assert answers(from_files) == answers(from_database)


def _lights(answers: object) -> list[tuple[object, ...]]:
    assert isinstance(answers, list)
    return [(one["party"], one["action"], one["light"], one["phase"]) for one in answers]
