"""What the answer to a coordinator's commands says, in three languages; the decisions of `by_hand` have words of their own."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.commands import NotCommand
from reminder.domain.programme import Language

_TOLD: Mapping[str, Mapping[Language, str]] = {
    "heard": {
        "fi": "Viestin {number} vastaus kutsuun on kirjattu. Kuulemisaika: {parties}, {when}. Jos aika muuttui, uusi kutsu lähtee.",
        "sv": "Svaret {number} på kallelsen är antecknat. Tid för hörandet: {parties}, {when}. Om tiden ändrades går en ny kallelse ut.",
        "en": "Answer {number} to the invitation is recorded. Time of the hearing: {parties}, {when}. If it changed, an update leaves.",
    },
    "slot_unreadable": {
        "fi": "Viestissä {number} ei ole aikaa, jonka kuulemisiin voisi ottaa. Muuta kohtaa wishes tiedostossa schedule.yaml, tai soita.",
        "sv": "I mejl {number} finns ingen tid som hörandena kan ta upp. Ändra wishes i schedule.yaml, eller ring.",
        "en": "In mail {number} is no time that the hearings could take up. Set wishes in schedule.yaml, or call.",
    },
    "slot_outside": {
        "fi": "Viestin {number} ehdottama aika ({when}) ei ole kuulemisten ajan sisällä. Aika jäi ennalleen.",
        "sv": "Tiden som mejl {number} föreslår ({when}) ligger inte inom hörandenas tider. Tiden är oförändrad.",
        "en": "The time that mail {number} proposes ({when}) is not within the hours of the hearings. Nothing was changed.",
    },
    "slot_taken": {
        "fi": "Viestin {number} ehdottamaan aikaan ({when}) kuullaan jo toista. Aika jäi ennalleen.",
        "sv": "Vid tiden som mejl {number} föreslår ({when}) hörs redan en annan. Tiden är oförändrad.",
        "en": "At the time that mail {number} proposes ({when}) somebody else is heard. Nothing was changed.",
    },
    "accepted": {
        "fi": "Vastaus {number} on kirjattu: {answers}.",
        "sv": "Svar {number} är antecknat: {answers}.",
        "en": "Reply {number} is recorded: {answers}.",
    },
    "rejected": {
        "fi": "Vastausta {number} ei oteta huomioon.",
        "sv": "Svar {number} räknas inte.",
        "en": "Reply {number} does not count.",
    },
    "withdrawn": {"fi": "Poistettu: {answers}.", "sv": "Borttaget: {answers}.", "en": "Withdrawn: {answers}."},
    "answered": {
        "fi": "Palaute {number} on merkitty vastatuksi; se on tallessa.",
        "sv": "Respons {number} är markerad som besvarad; den finns kvar.",
        "en": "Feedback {number} is marked as answered; it is kept.",
    },
    "no_feedback": {
        "fi": "Viesti {number} ei ole saavutettavuuspalaute. Muun viestin siirtää sivuun rivi: {example}",
        "sv": "Mejl {number} är ingen respons om tillgänglighet. Ett annat mejl läggs undan med raden: {example}",
        "en": "Mail {number} is no feedback on accessibility. Another mail is put away by the line: {example}",
    },
    "discarded": {
        "fi": "Viesti {number} on siirretty sivuun; se on tallessa.",
        "sv": "Mejl {number} är undanlagt; det finns kvar.",
        "en": "Mail {number} is put away; it is kept.",
    },
    "already": {
        "fi": "Viesti {number} oli jo niin; mitään ei muuttunut.",
        "sv": "Mejl {number} var redan så; inget ändrades.",
        "en": "Mail {number} was so already; nothing has changed.",
    },
    "nothing_to_accept": {
        "fi": "Viestistä {number} ei löytynyt yhtään arviota, joten kirjattavaa ei ole. Kirjaa arvio itse: {example}",
        "sv": "I mejl {number} fanns ingen bedömning, så det finns inget att anteckna. Anteckna den själv: {example}",
        "en": "No light could be read in mail {number}, so there is nothing to record. Record it yourself: {example}",
    },
    "for_whom": {
        "fi": "Viestistä {number} ei selviä, kenen puolesta se vastaa. Kirjoita: {example}",
        "sv": "Det framgår inte för vem mejl {number} svarar. Skriv: {example}",
        "en": "Nobody can tell for whom mail {number} speaks. Write: {example}",
    },
    "no_mail": {
        "fi": "Viestiä {number} ei ole, tai siitä ei voi päättää.",
        "sv": "Mejl {number} finns inte, eller går inte att besluta om.",
        "en": "There is no mail {number}, or nothing can be decided about it.",
    },
    "recorded": {
        "fi": "Kirjattu: {number} {title}, {light} ({party}).",
        "sv": "Antecknat: {number} {title}, {light} ({party}).",
        "en": "Recorded: {number} {title}, {light} ({party}).",
    },
    "recorded_before": {
        "fi": "Tästä viestistä on jo kirjattu {number}. Lähetä korjaus uudessa viestissä.",
        "sv": "Ur detta mejl är {number} redan antecknat. Skicka rättelsen i ett nytt mejl.",
        "en": "{number} was recorded from this mail already. Send a correction in a new one.",
    },
    "no_action": {
        "fi": "Kierros {round} ei kysy toimenpidettä {number}.",
        "sv": "Rundan {round} frågar inte om åtgärd {number}.",
        "en": "Round {round} does not ask for action {number}.",
    },
    "no_party": {
        "fi": "En tunnista vastuutahoa ”{words}”.",
        "sv": "Jag känner inte igen parten ”{words}”.",
        "en": "I do not know a party “{words}”.",
    },
    "which_party": {
        "fi": "”{words}” voi olla {names}. Kirjoita nimi kokonaan.",
        "sv": "”{words}” kan vara {names}. Skriv hela namnet.",
        "en": "“{words}” may be {names}. Write the whole name.",
    },
    "no_round": {
        "fi": "Kierrosta, jota kooste koski, ei enää ole.",
        "sv": "Rundan som sammandraget gällde finns inte längre.",
        "en": "The round that the digest was about no longer exists.",
    },
    "paused": {
        "fi": "Aikataulun viestit on pysäytetty{until}. Kuittaukset lähtevät, ja vastaukset luetaan.",
        "sv": "Schemats mejl är pausade{until}. Kvitteringar skickas, och svar läses.",
        "en": "The mails of the schedule are paused{until}. Acknowledgements go, and replies are read.",
    },
    "until": {"fi": " {day} asti", "sv": " till och med {day}", "en": " until {day}"},
    "resumed": {
        "fi": "Aikataulun viestit lähtevät taas. Väliin jääneet yhdistetään uusimpaan.",
        "sv": "Schemats mejl skickas igen. De som uteblev tas in i det nyaste.",
        "en": "The mails of the schedule go again. What was missed is taken into the newest one.",
    },
    "not_paused": {"fi": "Taukoa ei ole.", "sv": "Det finns ingen paus.", "en": "There is no pause."},
    "day_is_past": {"fi": "{day} on jo mennyt.", "sv": "{day} har redan varit.", "en": "{day} is past."},
    "released": {
        "fi": "Viesti {number} lähtee vuorollaan.",
        "sv": "Mejl {number} skickas i sin tur.",
        "en": "Mail {number} goes out in its turn.",
    },
    "cancelled": {
        "fi": "Viestiä {number} ei lähetetä.",
        "sv": "Mejl {number} skickas inte.",
        "en": "Mail {number} is not sent.",
    },
    "retried": {
        "fi": "Viesti {number} yritetään lähettää uudelleen.",
        "sv": "Mejl {number} skickas på nytt.",
        "en": "Mail {number} is tried anew.",
    },
    "not_again": {
        "fi": "Viestiä {number} ei voi enää lähettää: sen aika on mennyt, tai kukaan ei tarvitse sitä. Kirjoita uusi: {example}",
        "sv": "Mejl {number} går inte längre att skicka: dess tid har gått, eller ingen behöver det. Skriv ett nytt: {example}",
        "en": "Mail {number} cannot be sent any more: its time has passed, or nobody needs it. Write a new one: {example}",
    },
    "put_away": {
        "fi": "Viesti {number} ei lähtenyt, ja se on nyt kuitattu. Sitä ei yritetä uudelleen.",
        "sv": "Mejl {number} gick inte ut, och det är nu noterat. Det skickas inte på nytt.",
        "en": "Mail {number} did not go out, and that is now noted. It is not tried again.",
    },
    "settled": {
        "fi": "Viesti {number} on merkitty perille tulleeksi, eikä sitä lähetetä uudelleen.",
        "sv": "Mejl {number} är antecknat som framkommet och skickas inte på nytt.",
        "en": "Mail {number} counts as arrived, and is not sent again.",
    },
    "no_message": {
        "fi": "Viesti {number} ei odota päätöstä.",
        "sv": "Mejl {number} väntar inte på något beslut.",
        "en": "Mail {number} does not wait for a decision.",
    },
    "code": {
        "fi": "Vahvista vastaamalla tähän viestiin pelkkä koodi {code}. Se on voimassa {until} asti.",
        "sv": "Bekräfta genom att svara på detta mejl med bara koden {code}. Den gäller till {until}.",
        "en": "To confirm, answer this mail with the code {code} alone. It is good until {until}.",
    },
    "once_confirmed": {"fi": "Vahvistettuna: {said}", "sv": "När det är bekräftat: {said}", "en": "Once confirmed: {said}"},
    "code_used": {
        "fi": "Koodi on jo käytetty: {line}",
        "sv": "Koden är redan använd: {line}",
        "en": "The code was used already: {line}",
    },
    "code_expired": {
        "fi": "Koodi on vanhentunut. Kirjoita komento uudelleen: {line}",
        "sv": "Koden har gått ut. Skriv kommandot på nytt: {line}",
        "en": "The code has run out. Write the command again: {line}",
    },
    "code_unknown": {
        "fi": "Koodia ei tunneta. Tarkista, että se on kirjoitettu oikein.",
        "sv": "Koden är okänd. Kontrollera att den är rätt skriven.",
        "en": "The code is not known. Look whether it is written right.",
    },
    "published": {
        "fi": "Julkiselle sivulle tulee {number}: ”{words}”",
        "sv": "På den offentliga sidan visas {number}: ”{words}”",
        "en": "The public page shows {number}: “{words}”",
    },
    "published_before": {
        "fi": "{number} on jo julkaistu.",
        "sv": "{number} är redan publicerad.",
        "en": "{number} is published already.",
    },
    "nothing_to_publish": {
        "fi": "Yksikään teksti ei odota julkaisua.",
        "sv": "Ingen text väntar på att publiceras.",
        "en": "No text waits to be published.",
    },
    "no_words": {
        "fi": "Toimenpiteestä {number} ei ole kirjoitettu mitään, mitä voisi julkaista.",
        "sv": "Om åtgärd {number} finns ingen text att publicera.",
        "en": "Nothing was written about action {number} that could be published.",
    },
    "corrected": {
        "fi": "Julkisella sivulla lukee nyt {number}: ”{words}”",
        "sv": "På den offentliga sidan står nu {number}: ”{words}”",
        "en": "The public page now says {number}: “{words}”",
    },
    "own_words_stay": {
        "fi": "Vastuutahon omat sanat säilyvät vastauksessa. Jos se vastaa uudelleen, uusi teksti odottaa taas julkaisua.",
        "sv": "Partens egna ord finns kvar i svaret. Svarar parten på nytt väntar den nya texten åter på publicering.",
        "en": "The party's own words stay in its answer. If it answers again, the new text waits to be published.",
    },
    "unpublished": {
        "fi": "Tekstit poistetaan julkiselta sivulta: {numbers}.",
        "sv": "Texterna tas bort från den offentliga sidan: {numbers}.",
        "en": "The texts are taken off the public page: {numbers}.",
    },
    "uncorrected": {
        "fi": "Korjaus on kumottu: {numbers}.",
        "sv": "Rättelsen är återtagen: {numbers}.",
        "en": "The correction is taken back: {numbers}.",
    },
    "nothing_published": {
        "fi": "Sellaista tekstiä ei ole julkaistu päätökselläsi.",
        "sv": "Ingen sådan text har publicerats genom ditt beslut.",
        "en": "No such text was published by a decision of yours.",
    },
    "approved": {
        "fi": "Hyväksytty, {count} viestiä.",
        "sv": "Godkänt, {count} mejl.",
        "en": "Approved, {count} mails.",
    },
    "stopped": {
        "fi": "Pysäytetty, {count} viestiä. Mitään tämänlaista ei lähde ennen kuin hyväksyt.",
        "sv": "Stoppat, {count} mejl. Inget av detta slag skickas innan du godkänner.",
        "en": "Stopped, {count} mails. Nothing of this kind goes out until you approve.",
    },
    "leaves": {
        "fi": "Ensimmäinen lähtee {day} klo {at}.",
        "sv": "Det första skickas {day} kl. {at}.",
        "en": "The first leaves {day} at {at}.",
    },
    "no_previews": {
        "fi": "Mikään sinulle näytetty ei odota hyväksyntää.",
        "sv": "Inget som har visats för dig väntar på godkännande.",
        "en": "Nothing that you were shown waits for approval.",
    },
    "report_sent": {
        "fi": "Raportti on tulossa sinulle omana viestinään.",
        "sv": "Rapporten kommer till dig som ett eget mejl.",
        "en": "The report is on its way to you as a mail of its own.",
    },
    "digest_sent": {
        "fi": "Kooste tämän hetken tilanteesta tulee omana viestinään.",
        "sv": "Ett sammandrag av läget just nu kommer som ett eget mejl.",
        "en": "A digest of how it stands now comes as a mail of its own.",
    },
    "successor_told": {
        "fi": "Seuraajasi saa heti koosteen ja ohjeen.",
        "sv": "Din efterträdare får genast ett sammandrag med en instruktion.",
        "en": "Your successor gets a digest at once, and is told what to do.",
    },
    "party_told": {
        "fi": "Pyytäjälle kerrotaan siitä heti.",
        "sv": "Den som bad får genast veta det.",
        "en": "Whoever asked is told at once.",
    },
    "refused": {
        "fi": "{party}: pyyntöön vastattiin kieltävästi.",
        "sv": "{party}: begäran avslogs.",
        "en": "{party}: the request is refused.",
    },
    "no_request": {
        "fi": "{party}: mitään pyyntöä ei odota.",
        "sv": "{party}: ingen begäran väntar.",
        "en": "{party}: no request waits.",
    },
    "failed": {
        "fi": "Tätä ei voitu tehdä. Ylläpito näkee syyn lokista.",
        "sv": "Detta kunde inte göras. Underhållet ser orsaken i loggen.",
        "en": "This could not be done. The log has the cause for the admin.",
    },
}
_REASONS: Mapping[Language, str] = {
    "fi": "koordinaattorin päätös sähköpostitse",
    "sv": "samordnarens beslut per e-post",
    "en": "decided by the coordinator by mail",
}
_WHY_NOT: Mapping[Language, Mapping[NotCommand, str]] = {
    "fi": {
        NotCommand.QUESTION: "Rivi on kysymys.",
        NotCommand.NEGATED: "Rivissä on kielto.",
        NotCommand.CONDITION: "Rivissä on ehto tai varaus.",
        NotCommand.UNPLACED: "Rivissä on muutakin kuin komento.",
        NotCommand.TWO_VERBS: "Rivillä on kaksi komentoa. Kirjoita kumpikin omalle rivilleen.",
        NotCommand.OBJECT: "Riviltä puuttuu, mitä se koskee.",
    },
    "sv": {
        NotCommand.QUESTION: "Raden är en fråga.",
        NotCommand.NEGATED: "Raden innehåller en negation.",
        NotCommand.CONDITION: "Raden innehåller ett villkor.",
        NotCommand.UNPLACED: "På raden står annat än ett kommando.",
        NotCommand.TWO_VERBS: "På raden står två kommandon. Skriv dem på var sin rad.",
        NotCommand.OBJECT: "Det framgår inte vad raden gäller.",
    },
    "en": {
        NotCommand.QUESTION: "The line is a question.",
        NotCommand.NEGATED: "The line says not.",
        NotCommand.CONDITION: "The line has a condition.",
        NotCommand.UNPLACED: "The line says more than a command.",
        NotCommand.TWO_VERBS: "The line has two commands. Write each on a line of its own.",
        NotCommand.OBJECT: "What the line is about is missing.",
    },
}


def tell(sentence: str, language: Language, **values: object) -> str:
    """One sentence. Raises KeyError for a sentence that does not exist."""
    return _TOLD[sentence][language].format(**values)


def default_reason(language: Language) -> str:
    """What stands as the reason of a command that gives none."""
    return _REASONS[language]


def tell_why_not(why: NotCommand, language: Language) -> str:
    """Why a line that sounds like a command was not carried out."""
    return _WHY_NOT[language][why]
