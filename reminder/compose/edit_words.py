"""The sentences of an edit in three languages: what moves, what comes, what goes, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reminder.domain.foreseen import CauseKind, ChangeKind, EffectKind
from reminder.domain.programme import Language

Pair = tuple[str, str]
"""For one and for many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditWords:
    """What an edit is told with. Verbs for one and for many."""

    verbs: Mapping[ChangeKind, Pair]
    new_later: Pair
    """What is said of new mails where something was counted before."""
    nothing: str
    nothing_sent: str
    untouched: str
    touched: str
    at_once: Pair
    unarmed: str
    headings: Mapping[ChangeKind, str]
    reason: str
    new_date: str
    to: str
    already_sent: str
    causes_now: Mapping[CauseKind, str]
    """Of what moves or comes."""
    causes_gone: Mapping[CauseKind, str]
    """Of what goes, where it is said otherwise."""
    effects: Mapping[EffectKind, str]


_MOVED, _CANCELLED, _ADDED = ChangeKind.MOVED, ChangeKind.CANCELLED, ChangeKind.ADDED
_REDIRECTED, _REWORDED = ChangeKind.REDIRECTED, ChangeKind.REWORDED

WORDS: Mapping[Language, EditWords] = {
    "fi": EditWords(
        verbs={
            _MOVED: ("siirtyy", "siirtyy"),
            _CANCELLED: ("peruuntuu", "peruuntuu"),
            _ADDED: ("on uusi", "on uusia"),
            _REDIRECTED: ("lähtee toiseen osoitteeseen", "lähtee toiseen osoitteeseen"),
            _REWORDED: ("kysyy eri toimenpiteitä", "kysyy eri toimenpiteitä"),
        },
        new_later=("on uusi", "on uusia"),
        nothing="Yksikään tuleva viesti ei muutu",
        nothing_sent="mitään ei ole vielä lähetetty",
        untouched="mitään jo lähetettyä muutos ei koske",
        touched="muutos koskee sitä, mitä {count} vastuutaholle on jo kerrottu",
        at_once=("Huomaa: 1 viesti lähtisi heti, {when}.", "Huomaa: {count} viestiä lähtisi heti, {when} alkaen."),
        unarmed="Lähetys ei ole päällä: mitään ei lähde ennen komentoa `reminder arm`.",
        headings={
            _MOVED: "Siirtyy",
            _CANCELLED: "Peruuntuu",
            _ADDED: "Uusi",
            _REDIRECTED: "Toiseen osoitteeseen",
            _REWORDED: "Kysyy muuta",
        },
        reason="Syy",
        new_date="Uusi päivä",
        to="Vastuutahot",
        already_sent="Jo lähetetty",
        causes_now={
            CauseKind.ANCHOR: "{name}, {was} → {now}",
            CauseKind.RULE: "sääntö aikataulussa on muuttunut",
            CauseKind.CLOSED_DAYS: "suljetut päivät muuttuvat: {days}",
            CauseKind.HOURS: "lähetysaika on muuttunut",
            CauseKind.EXTENSION: "lisäaika, {was} → {now}",
            CauseKind.ROUND: "kierros on uusi",
            CauseKind.PARTY: "kierroksella on uusi vastuutaho",
            CauseKind.CONTACT: "uusi yhteyshenkilö {now_address}",
            CauseKind.STEP: "uusi aikataulussa",
            CauseKind.CLOSES: "kierros päättyy {now}, aiemmin {was}",
            CauseKind.ACTIONS: "kysyy nyt {now_asks}, aiemmin {was_asks}",
            CauseKind.NEW_ACTIONS: "vastuutaho on saanut uusia toimenpiteitä",
            CauseKind.ORDER: "seuraa muista viesteistä: yksi viesti päivässä, monesta vain uusin",
        },
        causes_gone={
            CauseKind.ROUND: "kierros on poistettu tiedostoista",
            CauseKind.PARTY: "kierros ei enää kysy tältä vastuutaholta",
            CauseKind.CONTACT: "ei enää yhteyshenkilö {was_address}",
            CauseKind.STEP: "ei enää aikataulussa",
        },
        effects={
            EffectKind.DATE: "{kind} lähti {sent}; uuden aikataulun mukaan päivä olisi {now}. Sitä ei lähetetä uudelleen.",
            EffectKind.GONE: "{kind} lähti {sent}; uudessa aikataulussa sitä ei ole.",
            EffectKind.DEADLINE: "Määräajaksi on kerrottu {was}, ja se on nyt {now}. Seuraava viesti kertoo uuden.",
            EffectKind.ASKS_MORE: "Toimenpiteitä {actions} ei ole vielä kysytty; seuraava viesti kysyy niitä.",
            EffectKind.ASKS_LESS: "Toimenpiteitä {actions} on kysytty, ja nyt niitä ei enää kysytä.",
        },
    ),
    "sv": EditWords(
        verbs={
            _MOVED: ("flyttas", "flyttas"),
            _CANCELLED: ("ställs in", "ställs in"),
            _ADDED: ("tillkommer", "tillkommer"),
            _REDIRECTED: ("går till en annan adress", "går till en annan adress"),
            _REWORDED: ("frågar efter andra åtgärder", "frågar efter andra åtgärder"),
        },
        new_later=("tillkommer", "tillkommer"),
        nothing="Inget kommande meddelande ändras",
        nothing_sent="inget har skickats ännu",
        untouched="inget som redan har skickats berörs",
        touched="det berör vad {count} ansvariga parter redan har fått veta",
        at_once=("Obs: 1 meddelande skulle gå i väg genast, {when}.", "Obs: {count} meddelanden skulle gå i väg genast, från {when}."),
        unarmed="Utskicket är inte påslaget: inget går i väg före kommandot `reminder arm`.",
        headings={
            _MOVED: "Flyttas",
            _CANCELLED: "Ställs in",
            _ADDED: "Tillkommer",
            _REDIRECTED: "Till en annan adress",
            _REWORDED: "Frågar efter annat",
        },
        reason="Orsak",
        new_date="Ny dag",
        to="Ansvariga",
        already_sent="Redan skickat",
        causes_now={
            CauseKind.ANCHOR: "{name}, {was} → {now}",
            CauseKind.RULE: "regeln i tidtabellen har ändrats",
            CauseKind.CLOSED_DAYS: "andra stängda dagar: {days}",
            CauseKind.HOURS: "klockslaget för utskick har ändrats",
            CauseKind.EXTENSION: "förlängd tid, {was} → {now}",
            CauseKind.ROUND: "rundan är ny",
            CauseKind.PARTY: "rundan har en ny ansvarig part",
            CauseKind.CONTACT: "ny kontaktperson {now_address}",
            CauseKind.STEP: "nytt i tidtabellen",
            CauseKind.CLOSES: "rundan slutar {now}, tidigare {was}",
            CauseKind.ACTIONS: "frågar nu efter {now_asks}, tidigare {was_asks}",
            CauseKind.NEW_ACTIONS: "den ansvariga parten har fått nya åtgärder",
            CauseKind.ORDER: "följer av de andra meddelandena: ett om dagen, av flera bara det nyaste",
        },
        causes_gone={
            CauseKind.ROUND: "rundan har tagits bort ur filerna",
            CauseKind.PARTY: "rundan frågar inte längre den ansvariga parten",
            CauseKind.CONTACT: "inte längre kontaktperson {was_address}",
            CauseKind.STEP: "inte längre i tidtabellen",
        },
        effects={
            EffectKind.DATE: "{kind} skickades {sent}; enligt den nya tidtabellen vore dagen {now}. Det skickas inte på nytt.",
            EffectKind.GONE: "{kind} skickades {sent}; i den nya tidtabellen finns det inte.",
            EffectKind.DEADLINE: "Sista svarsdag har sagts vara {was}, och den är nu {now}. Nästa meddelande berättar det.",
            EffectKind.ASKS_MORE: "Åtgärderna {actions} har inte frågats efter ännu; nästa meddelande gör det.",
            EffectKind.ASKS_LESS: "Åtgärderna {actions} har frågats efter, och nu frågas de inte längre.",
        },
    ),
    "en": EditWords(
        verbs={
            _MOVED: ("moves", "move"),
            _CANCELLED: ("is cancelled", "are cancelled"),
            _ADDED: ("is new", "are new"),
            _REDIRECTED: ("goes to another address", "go to another address"),
            _REWORDED: ("asks for other actions", "ask for other actions"),
        },
        new_later=("new", "new"),
        nothing="No mail to come changes",
        nothing_sent="nothing has been sent yet",
        untouched="nothing already sent is affected",
        touched="what {count} parties have already been told is affected",
        at_once=("Careful: 1 mail would go out at once, {when}.", "Careful: {count} mails would go out at once, from {when}."),
        unarmed="Sending is not armed: nothing goes out before `reminder arm`.",
        headings={
            _MOVED: "Moves",
            _CANCELLED: "Cancelled",
            _ADDED: "New",
            _REDIRECTED: "To another address",
            _REWORDED: "Asks for something else",
        },
        reason="Reason",
        new_date="New date",
        to="Parties",
        already_sent="Already sent",
        causes_now={
            CauseKind.ANCHOR: "{name}, {was} → {now}",
            CauseKind.RULE: "its rule in the schedule was changed",
            CauseKind.CLOSED_DAYS: "other closed days: {days}",
            CauseKind.HOURS: "the hour of sending was changed",
            CauseKind.EXTENSION: "the extension, {was} → {now}",
            CauseKind.ROUND: "the round is new",
            CauseKind.PARTY: "the round has a new party",
            CauseKind.CONTACT: "a new contact, {now_address}",
            CauseKind.STEP: "new in the schedule",
            CauseKind.CLOSES: "the round closes on {now}, before it was {was}",
            CauseKind.ACTIONS: "now asks for {now_asks}, before {was_asks}",
            CauseKind.NEW_ACTIONS: "the party has got new actions",
            CauseKind.ORDER: "follows from the other mails: one a day, of several only the newest",
        },
        causes_gone={
            CauseKind.ROUND: "the round is gone from the files",
            CauseKind.PARTY: "the round no longer asks this party",
            CauseKind.CONTACT: "no longer a contact, {was_address}",
            CauseKind.STEP: "no longer in the schedule",
        },
        effects={
            EffectKind.DATE: "The {kind} went out on {sent}; by the new schedule it would be on {now}. It is not sent again.",
            EffectKind.GONE: "The {kind} went out on {sent}; the new schedule has none.",
            EffectKind.DEADLINE: "The deadline that was told is {was}, and it is now {now}. The next mail says so.",
            EffectKind.ASKS_MORE: "Actions not asked for yet: {actions}. The next mail asks for them.",
            EffectKind.ASKS_LESS: "Actions that were asked for and no longer are: {actions}.",
        },
    ),
}
