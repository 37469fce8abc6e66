"""The example city is what the mission says, and its files agree with each other and with the program."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from reminder.configuration.loading import load_setup
from reminder.configuration.settings import load_settings
from reminder.domain.programme import PartyKind
from reminder.errors import Severity
from reminder.resources import find_example
from tests.sandbox.mails import example


def test_the_example_is_accepted_without_a_warning() -> None:
    """One note is wanted: an address that stands for two parties."""
    findings = load_setup(find_example()).findings
    assert [finding.severity for finding in findings] == [Severity.NOTE]
    assert "stands for 2 parties" in findings[0].message


def test_it_has_the_parties_of_the_minutes() -> None:
    """Seventeen: persons, bodies, a team, two companies outside the city's domain; three languages of mail."""
    setup = example()
    programme, people = setup.programmes["elinvoima"], setup.directory.parties
    kinds = Counter(party.kind for party in programme.parties.values())
    assert kinds == {PartyKind.PERSON: 11, PartyKind.BODY: 3, PartyKind.TEAM: 1, PartyKind.COMPANY: 2}
    contacts = [contact for party in programme.parties for contact in people[party].contacts]
    assert Counter(contact.language for contact in contacts) == {"fi": 15, "sv": 1, "en": 1}
    outside = {contact.address.partition("@")[2] for contact in contacts} - {"suvikoski.example"}
    assert outside == {"suvimatkat.example", "suvikodit.example", "kuusiharju.example"}


def test_every_party_leads_something_that_the_round_asks() -> None:
    """Forty actions, twenty-five of them of 2024, in four focus areas; 3.1 and 3.10 are two."""
    setup = example()
    one, programme = setup.rounds[0], setup.programmes["elinvoima"]
    asked = [action for action in programme.actions if one.asks_for(action)]
    assert (len(programme.actions), len(asked)) == (40, 25)
    assert {action.lead for action in asked} == programme.parties.keys()
    assert len({action.focus_area for action in programme.actions}) == 4
    assert {"3.1", "3.10"} <= {action.number for action in asked}
    assert max(len(action.title) for action in programme.actions) <= 80


def test_the_attached_document_is_the_programme() -> None:
    """Every action stands in the document with its number and title, and no address does."""
    programme = example().programmes["elinvoima"]
    document = Path(programme.document).read_text(encoding="utf-8")
    assert all(f"<dt>{action.number} {action.title}</dt>" in document for action in programme.actions)
    assert ".example" not in document


def test_the_settings_of_the_example_are_those_of_the_program(tmp_path: Path) -> None:
    """Every line of .env.example, the commented ones too, is a setting that the program knows."""
    lines = (find_example() / ".env.example").read_text(encoding="utf-8")
    lines = re.sub(r"^#(?=REMINDER_)", "", lines, flags=re.MULTILINE)
    filled = {"SECRET_KEY": "a:nobody can guess this", "SMTP_PASSWORD": "x", "IMAP_PASSWORD": "x"}
    for name, value in filled.items():
        lines = lines.replace(f"REMINDER_{name}=\n", f"REMINDER_{name}={value}\n")
    secret = tmp_path / "secret"
    secret.write_text("x")
    lines = re.sub(r"(?<=_FILE=)/run/secrets/\S+", str(secret), lines)
    alone = "\n".join(line for line in lines.split("\n") if not re.match("REMINDER_(REHEARSAL|CLOCK|MAILDIR|CA_FILE)=", line))
    (tmp_path / ".env").write_text(alone, encoding="utf-8")
    settings = load_settings(tmp_path, {})
    assert settings.reply_to == "seuranta@suvikoski.example"
