"""The year as one document for programs: everything that the picture shows."""

from __future__ import annotations

from reminder.compose.reasons import explain_steps
from reminder.compose.year.views import YearMail, YearView
from reminder.domain.programme import Language


def write_document(view: YearView, language: Language) -> dict[str, object]:
    """Facts as JSON values; names and reasons in the language asked for, days and instants in ISO form."""
    return {
        "as_of": view.as_of.isoformat(),
        "first": view.first.isoformat(),
        "last": view.last.isoformat(),
        "armed": view.is_armed,
        "closed": {day.isoformat(): name.in_language(language) for day, name in sorted(view.closed.items())},
        "quiet": {day.isoformat(): name.in_language(language) for day, name in sorted(view.quiet.items())},
        "mails": [_write_mail(mail, language) for mail in view.mails],
        "marks": [
            {
                "kind": mark.kind.value,
                "on": mark.on.isoformat(),
                "name": mark.name.in_language(language) if mark.name else None,
                "round": f"{mark.programme}/{mark.round}" if mark.round else None,
                "parties": [party.in_language(language) for party in mark.parties],
                "planned": mark.is_planned,
            }
            for mark in view.marks
        ],
        "decided": [
            {
                "kind": spell.what or spell.kind.value,
                "start": spell.start.isoformat(),
                "until": spell.until.isoformat() if spell.until else None,
                "who": spell.who.in_language(language) if spell.who else None,
                "because": spell.because,
            }
            for spell in view.spells
        ],
    }


def _write_mail(mail: YearMail, language: Language) -> dict[str, object]:
    return {
        "at": mail.at.isoformat(),
        "round": f"{mail.programme}/{mail.round}",
        "kind": mail.kind.value,
        "ordinal": mail.ordinal,
        "version": mail.version,
        "parties": [party.id for party in mail.parties],
        "to": list(mail.recipients),
        "why": list(explain_steps(mail.why, language)),
        "state": mail.state.value,
        "reason": mail.state_reason,
        "on": mail.state_on.isoformat() if mail.state_on else None,
    }
