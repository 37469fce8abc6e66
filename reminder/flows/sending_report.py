"""The report by mail: at its date, and whenever a coordinator asks for it, as attachments in the main language of the city.

Crash story: at its date it is a step like the list of contacts: the finished bytes and the step go into one transaction, so that it is
sent once. What cannot be written here, since its extra is missing, is left out and named; HTML can always be written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import Connection

from reminder.compose.report_views import ReportView
from reminder.domain.intents import Recipient, SendIntent
from reminder.domain.messages import Attachment, MailKind, OutgoingMessage
from reminder.domain.rounds import ReportingRound
from reminder.domain.surveys import SurveyResult
from reminder.errors import DocumentFailed, ExtraMissing
from reminder.flows.council_report import MEDIA_TYPES, ReportForm, count_withheld, load_report, load_survey, name_file, write_as
from reminder.flows.digest import DESK_OF
from reminder.flows.house import House
from reminder.flows.knowledge import Knowledge
from reminder.flows.posting import finish_posting, open_posting, write_heading
from reminder.report.site.views import SiteView
from reminder.report.words import write_summary

log = structlog.get_logger(__name__)

LARGEST = 8_000_000
"""Bytes of all attachments together; in base64 a third more, which relays and mailboxes take."""
FORMS = (ReportForm.PDF, ReportForm.DOCX)


def compose_report(house: House, knowledge: Knowledge, one: ReportingRound, intent: SendIntent, now: datetime) -> OutgoingMessage:
    """The finished mail of the step, to one coordinator."""
    with house.store.read() as conn:
        return write_report_mail(conn, house, knowledge, one, intent.recipient, now, expires_at=intent.head.expires_at, steps=intent.keys)


def write_report_mail(
    conn: Connection,
    house: House,
    knowledge: Knowledge,
    one: ReportingRound,
    recipient: Recipient,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    steps: Sequence[str] = (),
    kind: MailKind = MailKind.REPORT,
) -> OutgoingMessage:
    """The finished mail with the report as it stands now. One that somebody asked for is a mail of the desk, which no pause holds.

    Raises TemplateBroken for a broken template.
    """
    programme, language = house.setup.programmes[one.programme], recipient.language
    site = load_report(conn, house, one, now)
    attachments, left_out = attach(house, site, load_survey(conn, house, one))
    posting = open_posting(house, programme.tag)
    view = ReportView(
        heading=write_heading(house, posting, programme, one.name, language, knowledge.today),
        summary=write_summary(language, site.shown.tally, site.shown.figures),
        withheld=count_withheld(site),
        left_out=tuple(form.upper() for form in left_out),
        is_attached=bool(attachments),
    )
    draft = replace(house.composer.report(view, attachments), kind=kind)
    place = f"{one.programme}/{one.id}"
    message = finish_posting(house, posting, draft, recipient, now, expires_at=expires_at, steps=steps, programme_round=place)
    return replace(message, details={**message.details, DESK_OF: place})


def attach(house: House, site: SiteView, surveys: Sequence[SurveyResult]) -> tuple[tuple[Attachment, ...], tuple[ReportForm, ...]]:
    """The files that go with the mail, and the forms that do not. Where neither PDF nor DOCX can be written, the page goes."""
    written = dict(_write(house, site, surveys, FORMS))
    if not written:
        written = dict(_write(house, site, surveys, (ReportForm.HTML,)))
    language, attachments, room = house.setup.languages[0], [], LARGEST
    for form, content in written.items():
        if len(content) <= room:
            room -= len(content)
            name = name_file(site, form, language, house.setup.languages)
            attachments.append(Attachment(name=name, media_type=MEDIA_TYPES[form], content=content))
    there = {attachment.media_type for attachment in attachments}
    return tuple(attachments), tuple(form for form in FORMS if MEDIA_TYPES[form] not in there)


def _write(
    house: House, site: SiteView, surveys: Sequence[SurveyResult], forms: Sequence[ReportForm]
) -> Iterator[tuple[ReportForm, bytes]]:
    for form in forms:
        try:
            yield form, write_as(form, site, house.setup.languages[0], house.composer.loader, surveys)
        except (ExtraMissing, DocumentFailed) as fault:
            log.warning("the report is not attached in this form", form=form.value, reason=fault.message)
