"""The composer: a view and the templates of its language in, a finished draft out.

One template a kind and language is the only source; text, HTML and spans are readings of the blocks that it collects.
Values are never templates: the environment is sandboxed, and everything between `{{ }}` passes through `make_inert`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from jinja2 import BaseLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reminder.compose import words
from reminder.compose.answer_forms import write_form
from reminder.compose.blocks import clip, plain
from reminder.compose.contact_views import ContactsView
from reminder.compose.desk_views import DeskView, FeedbackView, OutcomeView
from reminder.compose.facts import DigestFacts, ScheduleFacts
from reminder.compose.judging_views import JudgementView, LightsView
from reminder.compose.mail import ItemKey, MailWriter, Marked, key_of, said_words
from reminder.compose.meeting_views import InvitationView
from reminder.compose.numbering import drop_repeated, number_items
from reminder.compose.reasons import explain_date
from reminder.compose.renderings import write_spans, write_text
from reminder.compose.report_views import ReportView
from reminder.compose.survey_views import ReceiptView, SurveyView
from reminder.compose.views import (
    AcknowledgementView,
    AlertView,
    DecidedView,
    DigestView,
    Heading,
    PartySection,
    PreviewView,
    ScheduleMailView,
    StandingView,
    TrialView,
)
from reminder.domain.messages import Attachment, DraftMessage, Item, MailKind
from reminder.domain.programme import Language, Localised
from reminder.errors import TemplateBroken

LAYOUT = "layout.html.j2"
MEND_ADVICE = "Put the template right; the mails that wait for it go out then."
_PREFIXES = re.compile(r"^(?:(?:re|vs|sv|fw|fwd|vb|vl|aw|antw)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


class Composer:
    """Composes mails. Holds only compiled templates; may be used for any number of mails and languages.

    Each method raises TemplateBroken where a template is at fault; there is no half mail.
    """

    def __init__(self, loader: BaseLoader) -> None:
        self.loader = loader
        self._prose = ImmutableSandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=False, finalize=make_inert, keep_trailing_newline=False
        )
        self._html = ImmutableSandboxedEnvironment(
            loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
        )

    def schedule_mail(self, view: ScheduleMailView) -> DraftMessage:
        """Notice, request, reminder, last call, overdue mail or escalation to one person."""
        kept = {key_of(one.item) for one in drop_repeated(action for section in view.sections for action in section.actions)}
        sections = tuple(_only(section, kept) for section in view.sections)
        items = number_items(
            (action.item for section in sections for action in section.actions), view.tags or _tags(view.heading, sections)
        )
        facts = ScheduleFacts.of(replace(view, sections=sections))
        values = {"facts": facts, "sections": sections, "decision": view.decision, "programme_url": view.programme_url}
        values |= {"has_attachment": bool(view.attachments), "is_above": view.is_above}
        values |= {"party_names": _name_parties(sections, view.heading.language)}
        values |= {"has_sheet": bool(view.sheet_name)}
        forms = (write_form(view.sheet_name, view.heading, sections, items),) if view.sheet_name else ()
        return self._compose(view.kind, view.heading, items, values, (*view.attachments, *forms))

    def acknowledgement(self, view: AcknowledgementView) -> DraftMessage:
        """What was recorded of a reply. Its items are all that it names, so that a correction of any of them can be read."""
        named = [answer.item for answer in view.recorded]
        named += [ask.item for ask in view.ask_back if ask.item is not None]
        named += [action.item for action in view.missing]
        named += [answer.item for answer in view.stands]
        items = number_items({key_of(item): item for item in named}.values())
        values = {"view": view, "their_subject": reply_subject(view.their_subject), "asked_keys": frozenset(map(key_of, items))}
        return self._compose(MailKind.ACKNOWLEDGEMENT, view.heading, items, values)

    def standing(self, view: StandingView) -> DraftMessage:
        """How things stand, for who asked. Its items are all that it names: what is missing can be answered, what stands corrected."""
        named = [answer.item for answer in view.answered]
        named += [action.item for section in view.sections for action in (*section.missing, *section.open_contributions)]
        items = number_items({key_of(item): item for item in named}.values())
        values = {"view": view, "their_subject": reply_subject(view.their_subject)}
        return self._compose(MailKind.ACKNOWLEDGEMENT, view.heading, items, values, template="standing")

    def digest(self, view: DigestView) -> DraftMessage:
        """The overdue digest to the coordinator."""
        return self._compose(MailKind.DIGEST, view.heading, (), {"view": view, "facts": DigestFacts.of(view)})

    def alert(self, view: AlertView) -> DraftMessage:
        """What is wrong, to the admin."""
        return self._compose(MailKind.ALERT, view.heading, (), {"view": view})

    def preview(self, view: PreviewView) -> DraftMessage:
        """The first mails of a kind, to be approved by the coordinator."""
        return self._compose(MailKind.PREVIEW, view.heading, (), {"view": view})

    def trial(self, view: TrialView) -> DraftMessage:
        """The test mail before `arm`."""
        return self._compose(MailKind.TEST, view.heading, (), {"view": view})

    def contacts(self, view: ContactsView) -> DraftMessage:
        """Who will be written to in a round, to be confirmed by the coordinator."""
        return self._compose(MailKind.CONTACTS, view.heading, (), {"view": view})

    def report(self, view: ReportView, attachments: tuple[Attachment, ...]) -> DraftMessage:
        """The report for the executive, to the coordinator."""
        return self._compose(MailKind.REPORT, view.heading, (), {"view": view}, attachments)

    def invitation(self, view: InvitationView) -> DraftMessage:
        """When a person is heard, or that they are not; the calendar object is added by who knows the address."""
        return self._compose(MailKind.INVITATION, view.heading, (), {"view": view})

    def lights(self, view: LightsView) -> DraftMessage:
        """The parties' lights, for the sub-committee before its meeting."""
        return self._compose(MailKind.LIGHTS, view.heading, (), {"view": view})

    def judgement(self, view: JudgementView) -> DraftMessage:
        """The question for the sub-committee's own lights."""
        items = number_items(one.view.item for party in view.parties for one in party.actions)
        return self._compose(MailKind.JUDGEMENT, view.heading, items, {"view": view})

    def decided(self, view: DecidedView) -> DraftMessage:
        """What came of the coordinator's word."""
        values = {"view": view, "their_subject": reply_subject(view.their_subject)}
        return self._compose(MailKind.ACKNOWLEDGEMENT, view.heading, (), values, template="decided")

    def outcome(self, view: OutcomeView) -> DraftMessage:
        """What came of a party's request. Its items are what is still missing, so that it can be answered."""
        items = number_items(action.item for action in view.missing)
        return self._compose(MailKind.ACKNOWLEDGEMENT, view.heading, items, {"view": view}, template="outcome")

    def feedback(self, view: FeedbackView) -> DraftMessage:
        """That feedback on accessibility has arrived."""
        return self._compose(MailKind.ACKNOWLEDGEMENT, view.heading, (), {"view": view}, template="feedback")

    def survey(self, view: SurveyView) -> DraftMessage:
        """The questions of a survey to one person; the same words for everybody."""
        return self._compose(MailKind.SURVEY, view.heading, tuple(one.item for one in view.questions), {"view": view})

    def survey_receipt(self, view: ReceiptView) -> DraftMessage:
        """Whether an answer to a survey counts. It quotes nothing of the mail that it answers, its subject neither."""
        return self._compose(MailKind.SURVEY_RECEIPT, view.heading, tuple(one.item for one in view.questions), {"view": view})

    def desk(self, view: DeskView) -> DraftMessage:
        """What came of the coordinator's commands."""
        return self._compose(MailKind.DESK, view.heading, (), {"view": view, "their_subject": reply_subject(view.their_subject)})

    def _compose(
        self,
        kind: MailKind,
        heading: Heading,
        items: tuple[Item, ...],
        values: Mapping[str, object],
        files: tuple[Attachment, ...] = (),
        *,
        template: str = "",
    ) -> DraftMessage:
        mail = MailWriter(heading, items)
        name = f"{heading.language}/{template or kind.value}.j2"
        try:
            self._prose.get_template(name).render(_vocabulary(heading, mail), **values)
            mail.close()
            titles = {"title": mail.subject_line, "preheader": mail.preheader_line}
            html = self._layout().render(language=heading.language, blocks=mail.blocks, **titles)
        except Exception as fault:  # whatever a template does, it is that template's mails that wait
            raise TemplateBroken(f"The template {name} is broken ({type(fault).__name__}): {fault}", advice=MEND_ADVICE) from fault
        return DraftMessage(
            kind=kind,
            language=heading.language,
            subject=mail.subject_line,
            text=write_text(mail.blocks),
            html=html,
            spans=write_spans(mail.preheader_line, mail.blocks),
            items=items,
            attachments=files,
        )

    def _layout(self) -> Template:
        return self._html.get_template(LAYOUT)


def reply_subject(subject: str) -> str:
    """`Re: ` and the subject of the mail that is answered, without the prefixes that clients pile up; empty where it had none."""
    bare = _PREFIXES.sub("", plain(subject))
    return f"Re: {bare}" if bare else ""


def make_inert(value: object) -> str:
    """What `{{ }}` writes: one line without controls or marks of ours, unless it is our own link or emphasis."""
    return value if isinstance(value, Marked) else plain(str(value))


def _vocabulary(heading: Heading, mail: MailWriter) -> dict[str, object]:
    """What every template may say."""
    language = heading.language

    def name(text: Localised) -> str:
        return words.capital(plain(text.in_language(language)))

    return {
        "mail": mail,
        "strong": mail.strong,
        "link": mail.link,
        "reply_link": mail.reply_link,
        "heading": heading,
        "today": heading.today,
        "programme": name(heading.programme),
        "round_name": name(heading.round_name),
        "city": name(heading.office.city),
        "office": name(heading.office.name),
        "phone": heading.office.phone,
        "name": name,
        "small": words.small,
        "quote": lambda text, limit: words.quote(clip(text, limit), language),
        "capital": words.capital,
        "count": words.count,
        "short": partial(words.format_date, language=language),
        "day": partial(words.format_day, language=language),
        "moment": partial(words.format_moment, language=language),
        "hours": partial(words.format_hours, language=language),
        "long": partial(words.format_long, language=language),
        "on": partial(words.format_on, language=language),
        "by": partial(words.format_by, language=language),
        "light_word": partial(words.light_word, language=language),
        "said": partial(said_words, language=language),
        "explain": partial(explain_date, language=language),
    }


def _name_parties(sections: Iterable[PartySection], language: Language) -> str:
    names = (section.party.name.in_language(language) for section in sections if section.actions)
    return plain(", ".join(dict.fromkeys(words.capital(name) for name in names)))


def _only(section: PartySection, kept: Collection[ItemKey]) -> PartySection:
    return replace(section, actions=tuple(action for action in section.actions if key_of(action.item) in kept))


def _tags(heading: Heading, sections: Iterable[PartySection]) -> dict[str, str]:
    own = heading.tag.rpartition("-")[0]
    first = next((action.item.programme for section in sections for action in section.actions), "")
    return {first: own} if own else {}
