"""The mails that would go out at once, as findings of `check`, each at the line of its step."""

from __future__ import annotations

from collections.abc import Iterable

from reminder.configuration import keys
from reminder.configuration import wording as say
from reminder.configuration.findings import START, Report
from reminder.configuration.loading import Loaded
from reminder.configuration.phrases import phrase
from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind
from reminder.errors import Finding
from reminder.plan.sudden import SuddenMail

_KEYS = {StepKind.REMINDER: "reminders", StepKind.ESCALATION: "escalate"}
_KINDS = {
    StepKind.NOTICE: phrase("ilmoitus", "meddelandet", "notice"),
    StepKind.REQUEST: phrase("pyyntö", "begäran", "request"),
    StepKind.REMINDER: phrase("muistutus", "påminnelsen", "reminder"),
    StepKind.LAST_CALL: phrase("viimeinen muistutus", "sista påminnelsen", "last call"),
    StepKind.OVERDUE: phrase("myöhästymisviesti", "förseningsmeddelandet", "overdue mail"),
    StepKind.ESCALATION: phrase("ilmoitus esihenkilölle", "meddelandet till chefen", "escalation"),
}


def describe_sudden(loaded: Loaded, sudden: Iterable[SuddenMail], language: Language) -> tuple[Finding, ...]:
    """One warning for each."""
    report = Report(keys.SCHEDULE_FILE, [], language)
    for mail in sudden:
        places = loaded.places.get((mail.programme, mail.round), {})
        place = places.get(_KEYS.get(mail.kind, mail.kind.value), START)
        shown = {"round": mail.round, "kind": _KINDS[mail.kind], "count": mail.recipients, "of": mail.everybody, "day": mail.planned_on}
        report.add(say.SUDDEN, place, **shown)
    return tuple(report.findings)
