"""What is told of a decision by hand, in the language of whoever decided: what was done, what follows, or why it was not."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.programme import Language
from reminder.domain.rounds import StepKind
from reminder.errors import UsageFailure

_TOLD: Mapping[str, Mapping[Language, str]] = {
    "extended": {
        "fi": "{party}: määräaika on nyt {until}, aiemmin {was}.",
        "sv": "{party}: tidsfristen är nu {until}, tidigare {was}.",
        "en": "{party} has until {until}; it was {was}.",
    },
    "ladder": {
        "fi": "Ellei vastausta tule: {steps}.",
        "sv": "Om inget svar kommer: {steps}.",
        "en": "Unless it reports: {steps}.",
    },
    "old_deadline": {
        "fi": "Vanhaa määräaikaa koskevat viestit, jotka eivät ole vielä lähteneet, perutaan.",
        "sv": "Mejl om den gamla tidsfristen som inte har gått ut ännu dras tillbaka.",
        "en": "Mails about the old deadline that have not gone out yet are cancelled.",
    },
    "waived": {
        "fi": "{party}: toimenpidettä {number} ({title}) ei enää kysytä tällä kierroksella.",
        "sv": "{party}: åtgärd {number} ({title}) frågas inte längre i denna runda.",
        "en": "{number} ({title}) is not asked of {party} any more.",
    },
    "still_missing": {"fi": "Vielä puuttuu: {numbers}.", "sv": "Saknas ännu: {numbers}.", "en": "Still missing: {numbers}."},
    "owes_nothing": {
        "fi": "{party}: mitään ei enää puutu, eikä uusia viestejä lähde.",
        "sv": "{party}: inget saknas längre, och inga fler mejl skickas.",
        "en": "{party} owes nothing more; no further mail goes to it.",
    },
    "reminded": {
        "fi": "{party}: muistutus toimenpiteistä {numbers} lähtee heti, kun viestejä saa lähettää, yksi päivässä henkilölle.",
        "sv": "{party}: en påminnelse om {numbers} går ut så snart mejl får skickas, högst ett om dagen till samma person.",
        "en": "{party} is reminded of {numbers} as soon as mails may leave, one a day to a person.",
    },
    "taken_in": {
        "fi": "Aiemmin erääntynyt mutta lähtemättä jäänyt muistutus sisältyy siihen.",
        "sv": "En påminnelse som skulle ha gått ut tidigare ingår i den.",
        "en": "What was due before and has not gone out is taken in by this mail.",
    },
    "closed": {
        "fi": "Kierros {round} on suljettu; tämän päivän vastaukset otetaan vielä mukaan.",
        "sv": "Rundan {round} är stängd; dagens svar räknas ännu.",
        "en": "Round {round} is closed; answers of today still count.",
    },
    "not_complete": {
        "fi": "{count} vastuutahoa ei ole vastannut kaikkeen. Kierroksen viestejä ei enää lähde.",
        "sv": "{count} parter har inte svarat på allt. Inga fler mejl i rundan skickas.",
        "en": "{count} parties have not reported everything. No further mail of the round goes out.",
    },
    "reopened": {
        "fi": "Kierros {round} on auki {until} asti.",
        "sv": "Rundan {round} är öppen till och med {until}.",
        "en": "Round {round} is open until {until}.",
    },
    "not_made_up": {
        "fi": "Sulun aikana erääntyneitä viestejä ei lähetetä jälkikäteen.",
        "sv": "Mejl som skulle ha gått ut medan den var stängd skickas inte i efterhand.",
        "en": "Mails that fell due while it was closed are not made up for.",
    },
    "taken_back": {
        "fi": "Kumottu: {what}, päätetty {on} ({because}).",
        "sv": "Återtaget: {what}, beslutat {on} ({because}).",
        "en": "Taken back: {what} of {on} ({because}).",
    },
    "contact_replaced": {
        "fi": "{party}: yhteyshenkilö on nyt {who}, aiemmin {was}.",
        "sv": "{party}: kontaktpersonen är nu {who}, tidigare {was}.",
        "en": "{party}: the contact is now {who}; it was {was}.",
    },
    "contact_named": {
        "fi": "{party}: yhteyshenkilö on nyt {who}.",
        "sv": "{party}: kontaktpersonen är nu {who}.",
        "en": "{party}: the contact is now {who}.",
    },
    "contact_follows": {
        "fi": "Avoin pyyntö lähtee hänelle seuraavaksi; entiselle osoitteelle ei lähde enää mitään.",
        "sv": "En öppen begäran går till den nya adressen härnäst; till den tidigare skickas inget mer.",
        "en": "An open request goes to the new address next; nothing more goes to the former one.",
    },
    "also_contact_of": {
        "fi": "{who} on yhä myös näiden yhteyshenkilö: {parties}.",
        "sv": "{who} är fortfarande kontaktperson även för: {parties}.",
        "en": "{who} is still a contact of: {parties}.",
    },
    "deputy_added": {
        "fi": "{party}: {who} saa nyt vastata sijaisena.",
        "sv": "{party}: {who} får nu svara som ställföreträdare.",
        "en": "{party}: {who} may now answer as deputy.",
    },
    "deputy_follows": {
        "fi": "Hänelle ei lähetetä mitään; välitä pyyntö tarvittaessa.",
        "sv": "Inget skickas till hen; vidarebefordra begäran vid behov.",
        "en": "Nothing is sent to a deputy; forward the request if needed.",
    },
    "handed_over": {
        "fi": "Koosteet lähtevät nyt osoitteeseen {who}.",
        "sv": "Sammandragen går nu till {who}.",
        "en": "The digests now go to {who}.",
    },
    "until_taken_up": {
        "fi": "Ne tulevat myös sinulle, kunnes seuraajasi on lähettänyt ensimmäisen komentonsa. Sen jälkeen komentosi eivät enää päde.",
        "sv": "De kommer också till dig tills efterträdaren har skickat sitt första kommando. Sedan gäller dina kommandon inte längre.",
        "en": "You get them too, until your successor has sent a first command. After that your commands no longer count.",
    },
    "is_contact": {
        "fi": "{party}: {who} on jo yhteyshenkilö.",
        "sv": "{party}: {who} är redan kontaktperson.",
        "en": "{party}: {who} is a contact already.",
    },
    "may_answer": {
        "fi": "{party}: {who} saa jo vastata.",
        "sv": "{party}: {who} får redan svara.",
        "en": "{party}: {who} may answer already.",
    },
    "is_coordinator": {
        "fi": "{who} saa jo koosteet.",
        "sv": "{who} får redan sammandragen.",
        "en": "{who} gets the digests already.",
    },
    "which_contact": {
        "fi": "{party}: yhteyshenkilöitä on monta ({names}). Kirjoita vanha ja uusi osoite: vanha@… -> uusi@…",
        "sv": "{party}: det finns flera kontaktpersoner ({names}). Skriv den gamla och den nya adressen: gammal@… -> ny@…",
        "en": "{party} has several contacts ({names}). Write the old and the new address: old@… -> new@…",
    },
    "no_such_contact": {
        "fi": "{party}: {who} ei ole yhteyshenkilö.",
        "sv": "{party}: {who} är inte kontaktperson.",
        "en": "{party}: {who} is no contact.",
    },
    "no_more_time": {
        "fi": "{until} ei anna lisäaikaa: {party} vastaa viimeistään {due}, ja tänään on {today}.",
        "sv": "{until} ger inte mera tid: {party} ska svara senast {due}, och i dag är det {today}.",
        "en": "{until} gives {party} no more time: the report is due {due}, and today is {today}.",
    },
    "not_its_action": {
        "fi": "{party}: toimenpidettä {action} ei kysytä tällä kierroksella.",
        "sv": "{party}: åtgärd {action} frågas inte i denna runda.",
        "en": "{party} is not asked for {action} in round {round}.",
    },
    "complete": {
        "fi": "{party} on jo vastannut kaikkeen; muistutettavaa ei ole.",
        "sv": "{party} har redan svarat på allt; det finns inget att påminna om.",
        "en": "{party} has reported everything; there is nothing to remind it of.",
    },
    "no_contact": {
        "fi": "{party}: yhteyshenkilöä ei ole merkitty.",
        "sv": "{party}: ingen kontaktperson är antecknad.",
        "en": "{party} has no contact.",
    },
    "not_asked_yet": {
        "fi": "{party} ei ole vielä saanut pyyntöä; se lähtee ensin.",
        "sv": "{party} har inte fått någon begäran ännu; den går ut först.",
        "en": "{party} has not been asked yet; the request comes first.",
    },
    "reminder_waits": {
        "fi": "{party}: pyytämäsi muistutus odottaa jo lähtöään.",
        "sv": "{party}: en påminnelse på begäran väntar redan.",
        "en": "A reminder of {party} by hand waits already.",
    },
    "is_open": {
        "fi": "Kierros {round} on auki {last} asti; {until} ei ole myöhempi.",
        "sv": "Rundan {round} är öppen till och med {last}; {until} är inte senare.",
        "en": "Round {round} is open until {last}; {until} is not later.",
    },
    "not_asked": {
        "fi": "Kierros {round} ei kysy mitään taholta {party}.",
        "sv": "Rundan {round} frågar inte {party} om något.",
        "en": "Round {round} asks {party} for nothing.",
    },
    "is_closed": {"fi": "Kierros {round} on suljettu.", "sv": "Rundan {round} är stängd.", "en": "Round {round} is closed."},
    "no_decision": {
        "fi": "Sellaista päätöstä ei ole, jonka voisi kumota.",
        "sv": "Det finns inget sådant beslut att återta.",
        "en": "There is no such decision to take back.",
    },
    "written_already": {
        "fi": "Viesti on jo kirjoitettu, joten sitä ei voi enää kumota.",
        "sv": "Mejlet är redan skrivet och kan inte återtas.",
        "en": "The mail has been written already.",
    },
}
_STEPS: Mapping[Language, Mapping[StepKind, str]] = {
    "fi": {
        StepKind.NOTICE: "ennakkotieto",
        StepKind.REQUEST: "pyyntö",
        StepKind.REMINDER: "muistutus",
        StepKind.LAST_CALL: "viimeinen muistutus",
        StepKind.OVERDUE: "muistutus määräajan jälkeen",
        StepKind.ESCALATION: "tieto esihenkilölle",
    },
    "sv": {
        StepKind.NOTICE: "förhandsbesked",
        StepKind.REQUEST: "begäran",
        StepKind.REMINDER: "påminnelse",
        StepKind.LAST_CALL: "sista påminnelse",
        StepKind.OVERDUE: "påminnelse efter tidsfristen",
        StepKind.ESCALATION: "besked till chefen",
    },
    "en": {},
}
_DECISIONS: Mapping[Language, Mapping[str, str]] = {
    "fi": {
        "extension": "lisäaika",
        "waiver": "kysymättä jättäminen",
        "added_step": "muistutus",
        "closing": "kierroksen päättymispäivä",
        "contact": "yhteyshenkilö",
        "deputy": "sijainen",
        "hand_over": "luovutus",
    },
    "sv": {
        "extension": "mera tid",
        "waiver": "undantag",
        "added_step": "påminnelse",
        "closing": "rundans sista dag",
        "contact": "kontaktperson",
        "deputy": "ställföreträdare",
        "hand_over": "överlämning",
    },
    "en": {},
}


def tell(sentence: str, language: Language, **values: object) -> str:
    """One sentence. Raises KeyError for a sentence that does not exist."""
    return _TOLD[sentence][language].format(**values)


def refuse(sentence: str, language: Language, *, advice: str = "", **values: object) -> UsageFailure:
    """Why it is not done, to be raised. `advice` is for the command line alone."""
    return UsageFailure(tell(sentence, language, **values), advice=advice)


def name_step(kind: StepKind, language: Language) -> str:
    """What a step is called within a sentence."""
    return _STEPS[language].get(kind, kind.value.replace("_", " "))


def name_decision(kind: str, language: Language) -> str:
    """What a decision is called within a sentence."""
    return _DECISIONS[language].get(kind, kind.replace("_", " "))
