"""What the coordinators are told about troubles of the service itself: what is wrong, what it means for the mails, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from reminder.domain.programme import LANGUAGES, Language
from reminder.flows.alerting import AlertText
from reminder.flows.lasting_troubles import Lasting, Trouble, load_lasting

Told = Mapping[Language, tuple[str, str, str]]
"""What is wrong, what it means, what to do."""

PAGE: Told = {
    "fi": (
        "julkista sivua ei voi kirjoittaa",
        "Julkinen sivu näyttää vanhan tilanteen. Viestit lähtevät ja vastaukset kirjataan kuten ennenkin.",
        "Pyydä ylläpitoa katsomaan hakemiston oikeudet ja levytila; palvelu yrittää itse uudelleen. {text}",
    ),
    "sv": (
        "den offentliga sidan kan inte skrivas",
        "Den offentliga sidan visar ett gammalt läge. Meddelandena går ut och svaren registreras som förut.",
        "Be administratören se över katalogens rättigheter och diskutrymmet; tjänsten försöker själv på nytt. {text}",
    ),
    "en": (
        "the public page cannot be written",
        "The public page shows an old state. Mails go out and replies are recorded as before.",
        "Ask the administrator to look at the rights of the folder and the room on the disk; the service tries again by itself. {text}",
    ),
}
ROOM: Told = {
    "fi": (
        "palvelun levytila on loppumassa",
        "Uusia vastauksia ei haeta, ne odottavat palvelimella eikä mitään katoa. Jos tila vähenee edelleen, viestejäkään ei enää lähetetä.",
        "Pyydä ylläpitoa vapauttamaan levytilaa; palvelu jatkaa itse. {text}",
    ),
    "sv": (
        "diskutrymmet för tjänsten håller på att ta slut",
        "Nya svar hämtas inte, de väntar på servern och inget försvinner. Minskar utrymmet ytterligare skickas inte heller meddelanden.",
        "Be administratören frigöra diskutrymme; tjänsten fortsätter själv. {text}",
    ),
    "en": (
        "the disk of the service is nearly full",
        "New replies are not fetched; they wait on the server and nothing is lost. If the room shrinks further, nothing is sent either.",
        "Ask the administrator to make room on the disk; the service goes on by itself. {text}",
    ),
}
CRASHES: Told = {
    "fi": (
        "palvelu on kaatunut {count} kertaa peräkkäin",
        "Viestejä ei ehkä lähetetä eikä vastauksia lueta. Mitään ei ole kadonnut eikä mitään lähetetä kahdesti.",
        "Välitä tämä viesti ylläpidolle: virhe on ohjelmassa, ja loki kertoo siitä enemmän. {text}",
    ),
    "sv": (
        "tjänsten har kraschat {count} gånger i följd",
        "Kanske skickas inga meddelanden och läses inga svar. Inget har gått förlorat och inget skickas två gånger.",
        "Skicka det här vidare till administratören: felet är i programmet, och loggen berättar mer. {text}",
    ),
    "en": (
        "the service has crashed {count} times in a row",
        "Perhaps no mails are sent and no replies are read. Nothing is lost, and nothing is sent twice.",
        "Pass this on to the administrator: the fault is in the program, and the log tells more. {text}",
    ),
}
STORE: Told = {
    "fi": (
        "tietokantaan ei voitu kirjoittaa {count} kierroksella peräkkäin",
        "Viestit ja vastaukset odottivat sen ajan; nyt palvelu toimii taas.",
        "Jos tämä toistuu, pyydä ylläpitoa katsomaan, mikä varaa tietokantaa. {text}",
    ),
    "sv": (
        "databasen kunde inte skrivas under {count} varv i följd",
        "Meddelanden och svar väntade under den tiden; nu fungerar tjänsten igen.",
        "Om detta upprepas, be administratören se efter vad som upptar databasen. {text}",
    ),
    "en": (
        "the database could not be written in {count} passes in a row",
        "Mails and replies waited meanwhile; the service works again.",
        "If this happens again, ask the administrator to look what holds the database. {text}",
    ),
}
MAILS: Told = {
    "fi": (
        "osaa viesteistä ei voi kirjoittaa",
        "Nämä viestit odottavat, ja muut lähtevät kuten ennenkin. Yhtäkään puolikasta viestiä ei ole lähtenyt.",
        "Välitä tämä viesti ylläpidolle: viestipohja on korjattava. {text}",
    ),
    "sv": (
        "en del av meddelandena kan inte skrivas",
        "De meddelandena väntar och de andra går ut som förut. Inget halvt meddelande har skickats.",
        "Skicka det här vidare till administratören: mallen måste rättas. {text}",
    ),
    "en": (
        "some mails cannot be written",
        "These mails wait, the others go out as before. No half mail has been sent.",
        "Pass this on to the administrator: the template has to be put right. {text}",
    ),
}
_LASTING: Mapping[Lasting, Told] = {Lasting.MAILS: MAILS, Lasting.PAGE: PAGE, Lasting.ROOM: ROOM, Lasting.CRASHES: CRASHES}


def words_of(told: Told, trouble: Trouble) -> Mapping[Language, AlertText]:
    """The alert in each language."""
    return {language: _write(told[language], trouble) for language in LANGUAGES}


def tell_lasting(conn: Connection, language: Language) -> tuple[str, ...]:
    """A line for the digest about each that was told by mail and is still open."""
    found = [(told[language], trouble) for which, told in _LASTING.items() if (trouble := load_lasting(conn, which)) and trouble.is_told]
    texts = [_write(told, trouble) for told, trouble in found]
    return tuple(f"{text.what[:1].upper()}{text.what[1:]}. {text.means}" for text in texts)


def _write(told: tuple[str, str, str], trouble: Trouble) -> AlertText:
    what, means, to_do = told
    return AlertText(
        what=what.format(count=trouble.count),
        means=means,
        to_do=to_do.format(text=f"({trouble.text})" if trouble.text else "").strip(),
        command="reminder health",
    )
