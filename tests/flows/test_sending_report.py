"""The report by mail: at its date, once, with what can be written, and again when it is asked for."""

from __future__ import annotations

import email
import io
from dataclasses import replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from types import ModuleType

import pypdf
import pytest

from reminder.domain.messages import MailKind
from reminder.domain.rounds import DateRule, ReportingRound, StepKind
from reminder.domain.workdays import Unit
from reminder.flows import sending_report
from reminder.plan.timeline import plan_timeline
from reminder.report.council import docx, pdf
from tests.flows.town import COORDINATOR, Town, text_of

REPORT = MailKind.REPORT


def with_report(one: ReportingRound, *, weeks: int = 3) -> ReportingRound:
    """The round with a report at its date."""
    return replace(one, schedule=replace(one.schedule, report=DateRule(base="due", amount=weeks, unit=Unit.WEEKS)))


def plan(town: Town, *, weeks: int = 3) -> None:
    """Somebody writes it into schedule.yaml."""
    rounds = tuple(with_report(one, weeks=weeks) for one in town.setup.rounds)
    town.house = replace(town.house, setup=replace(town.setup, rounds=rounds))
    town.arm()


def send(town: Town) -> list[EmailMessage]:
    """It comes due and leaves; what the coordinator has got."""
    town.move_to(StepKind.REPORT)
    town.announce()
    town.deliver()
    return [email.message_from_bytes(one.raw, policy=policy.default) for one in town.sent(COORDINATOR, REPORT)]


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """The attachments by name."""
    return {str(part.get_filename()): part.get_content() for part in mail.iter_attachments()}


def test_it_comes_at_its_date_once_with_both_documents(town: Town) -> None:
    """In the main language of the city; neither another pass nor another day sends it again."""
    plan(town)
    (mail,) = send(town)
    files = files_of(mail)
    assert list(files) == ["elinvoima-2024-fi.pdf", "elinvoima-2024-fi.docx"]
    reader = pypdf.PdfReader(io.BytesIO(files["elinvoima-2024-fi.pdf"]))
    assert "Vuoden 2024 toimenpiteet" in (reader.metadata.title or "" if reader.metadata else "")
    assert "seurantaraportti" in str(mail["Subject"])
    assert "liitteenä on seurantaraportti" in text_of(town.sent(COORDINATOR, REPORT)[0].raw)
    for _ in range(3):
        town.clock.advance(timedelta(days=1))
        town.announce()
        town.deliver()
    assert len(town.sent(COORDINATOR, REPORT)) == 1


def test_a_round_that_is_over_has_its_report_all_the_same(town: Town) -> None:
    """The executive may meet after it has closed."""
    plan(town, weeks=10)
    assert len(send(town)) == 1


def test_without_the_extras_the_page_goes_and_the_mail_says_what_is_missing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report comes in any case."""

    def refuse(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.setattr(pdf, "import_module", refuse)
    monkeypatch.setattr(docx, "import_module", refuse)
    plan(town)
    (mail,) = send(town)
    assert list(files_of(mail)) == ["elinvoima-2024-fi.html"]
    assert "Tästä puuttuu: PDF, DOCX." in text_of(town.sent(COORDINATOR, REPORT)[0].raw)


def test_what_is_too_large_is_not_attached(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail goes, and says how to get it."""
    monkeypatch.setattr(sending_report, "LARGEST", 1_000)
    plan(town)
    (mail,) = send(town)
    assert not files_of(mail)
    assert "liian suuri lähetettäväksi" in text_of(town.sent(COORDINATOR, REPORT)[0].raw)


def test_without_a_date_nothing_is_sent(town: Town) -> None:
    """It is not in the example, and is no surprise."""
    town.arm()
    assert not [step for step in plan_timeline(town.setup) if step.key.step is StepKind.REPORT]
