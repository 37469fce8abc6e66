"""The kinds of mails in words and shapes, for those who show the year: one noun a kind, one shape a kind."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind

KIND_NAMES: Mapping[Language, Mapping[StepKind, tuple[str, str]]] = {
    "fi": {
        StepKind.CONTACTS: ("yhteystietojen tarkistus", "yhteystietojen tarkistusta"),
        StepKind.NOTICE: ("ennakkotieto", "ennakkotietoa"),
        StepKind.REQUEST: ("pyyntö", "pyyntöä"),
        StepKind.REMINDER: ("muistutus", "muistutusta"),
        StepKind.LAST_CALL: ("viimeinen muistutus", "viimeistä muistutusta"),
        StepKind.OVERDUE: ("muistutus määräajan jälkeen", "muistutusta määräajan jälkeen"),
        StepKind.ESCALATION: ("ilmoitus esihenkilölle", "ilmoitusta esihenkilölle"),
        StepKind.DIGEST: ("kooste", "koostetta"),
        StepKind.REPORT: ("raportti", "raporttia"),
    },
    "sv": {
        StepKind.CONTACTS: ("kontroll av kontaktuppgifter", "kontroller av kontaktuppgifter"),
        StepKind.NOTICE: ("förhandsinformation", "förhandsinformationer"),
        StepKind.REQUEST: ("begäran", "begäranden"),
        StepKind.REMINDER: ("påminnelse", "påminnelser"),
        StepKind.LAST_CALL: ("sista påminnelse", "sista påminnelser"),
        StepKind.OVERDUE: ("påminnelse efter sista svarsdag", "påminnelser efter sista svarsdag"),
        StepKind.ESCALATION: ("meddelande till chefen", "meddelanden till chefen"),
        StepKind.DIGEST: ("sammandrag", "sammandrag"),
        StepKind.REPORT: ("rapport", "rapporter"),
    },
    "en": {
        StepKind.CONTACTS: ("list of contacts", "lists of contacts"),
        StepKind.NOTICE: ("notice", "notices"),
        StepKind.REQUEST: ("request", "requests"),
        StepKind.REMINDER: ("reminder", "reminders"),
        StepKind.LAST_CALL: ("last call", "last calls"),
        StepKind.OVERDUE: ("overdue mail", "overdue mails"),
        StepKind.ESCALATION: ("escalation", "escalations"),
        StepKind.DIGEST: ("digest", "digests"),
        StepKind.REPORT: ("report", "reports"),
    },
}
MAIL_NAMES: Mapping[Language, tuple[str, str]] = {"fi": ("viesti", "viestiä"), "sv": ("meddelande", "meddelanden"), "en": ("mail", "mails")}


def kind_name(kind: StepKind, language: Language) -> str:
    """The noun for one mail of a kind."""
    return KIND_NAMES[language][kind][0]
