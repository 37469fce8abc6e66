"""What `status`, `health` and the digest say of the test mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminder.compose.words import format_moment
from reminder.domain.programme import Language
from reminder.flows.trial import Trial, load_trial
from reminder.store import control

NOT_BACK, UNTRIED, JUNK, RETURNED, BACK, ANSWERED = "not_back", "untried", "junk", "returned", "back", "answered"

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "fi": {
        NOT_BACK: "Koeviestin ({sent}) kopio ei ole palannut omaan postilaatikkoomme. Vastaukset eivät ehkä tule perille.",
        UNTRIED: "Palvelu käynnistettiin ilman koeviestiä ({sent}). Vastausten paluuta ei ole kokeiltu.",
        JUNK: "Koeviestin ({sent}) kopio palasi roskapostikansioon {folder}. Vastaukset voivat päätyä samaan kansioon.",
        RETURNED: "Koeviesti ({sent}) ei mennyt perille: {text}",
        BACK: "Koeviestin ({sent}) kopio palasi omaan postilaatikkoomme {at}.",
        ANSWERED: "Koordinaattori on vastannut koeviestiin ({at}).",
    },
    "sv": {
        NOT_BACK: "Kopian av provmejlet ({sent}) har inte kommit tillbaka till vår egen brevlåda. Svaren kommer kanske inte fram.",
        UNTRIED: "Tjänsten startades utan provmejl ({sent}). Ingen har prövat om svaren kommer tillbaka.",
        JUNK: "Kopian av provmejlet ({sent}) hamnade i skräpposten, mappen {folder}. Svar kan hamna i samma mapp.",
        RETURNED: "Provmejlet ({sent}) kom inte fram: {text}",
        BACK: "Kopian av provmejlet ({sent}) kom tillbaka till vår egen brevlåda {at}.",
        ANSWERED: "Koordinatorn har svarat på provmejlet ({at}).",
    },
    "en": {
        NOT_BACK: "The copy of the test mail ({sent}) has not come back to our own mailbox. Replies may not reach us.",
        UNTRIED: "Armed without a test mail ({sent}). Nobody has tried whether replies come back.",
        JUNK: "The copy of the test mail ({sent}) came back into the junk folder {folder}. Replies may end there too.",
        RETURNED: "The test mail ({sent}) could not be delivered: {text}",
        BACK: "The copy of the test mail ({sent}) came back to our own mailbox {at}.",
        ANSWERED: "The coordinator has answered the test mail ({at}).",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWords:
    """What is to be said of the test mail: what somebody has to look at, and what is good to know."""

    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def tell_trial(conn: Connection, zone: ZoneInfo, language: Language, *, since: datetime | None = None) -> TrialWords:
    """How it stands with the test mail; nothing where there was none, as before this was known.

    What is over and done is left out where it was known before `since`; what is still open never is.
    """
    trial = load_trial(conn)
    if trial is None:
        return TrialWords()
    return TrialWords(
        warnings=tuple(_say(trial, word, zone, language) for word in _warnings(trial, since)),
        notes=tuple(_say(trial, word, zone, language) for word in _notes(trial, since)),
    )


def name_open_trial(conn: Connection) -> str | None:
    """For `health`: what is still open of it, in two words; None where nothing is, and before `arm`."""
    trial = load_trial(conn)
    if trial is None or trial.is_proven or not control.load_control(conn).is_armed:
        return None
    return "not back yet" if trial.was_sent else "not sent"


def _warnings(trial: Trial, since: datetime | None) -> list[str]:
    found = [RETURNED] if trial.returned and trial.answered_at is None and _is_news(trial.returned_at, since) else []
    if not trial.is_proven:
        found.append(NOT_BACK if trial.was_sent else UNTRIED)
    elif trial.is_in_junk and _is_news(trial.arrived_at, since):
        found.append(JUNK)
    return found


def _notes(trial: Trial, since: datetime | None) -> list[str]:
    found = [ANSWERED] if trial.answered_at is not None and _is_news(trial.answered_at, since) else []
    # The digest is about what changes; that the copy came back was said when it was armed.
    return [BACK, *found] if since is None and trial.folder and not trial.is_in_junk else found


def _is_news(at: datetime | None, since: datetime | None) -> bool:
    return since is None or (at is not None and at >= since)


def _say(trial: Trial, word: str, zone: ZoneInfo, language: Language) -> str:
    at = trial.answered_at if word == ANSWERED else trial.arrived_at
    shown = format_moment(at.astimezone(zone), language) if at is not None else ""
    sent = format_moment(trial.sent_at.astimezone(zone), language)
    return _WORDS[language][word].format(sent=sent, at=shown, folder=trial.folder, text=trial.returned)
