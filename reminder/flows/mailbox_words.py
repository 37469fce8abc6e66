"""What is said of trouble with the mailbox: in the alert to the coordinators and in the digest."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.programme import LANGUAGES, Language
from reminder.flows.alerting import AlertText

_WHAT: Mapping[str, Mapping[Language, str]] = {
    "connection": {
        "fi": "postilaatikkoon ei saada yhteyttä",
        "sv": "postlådan kan inte nås",
        "en": "the mailbox cannot be reached",
    },
    "login": {
        "fi": "postipalvelin ei päästä meitä postilaatikkoon",
        "sv": "e-postservern släpper oss inte in i postlådan",
        "en": "the mail server does not let us into the mailbox",
    },
    "folder": {
        "fi": "postilaatikosta puuttuu kansio, jota pitäisi lukea",
        "sv": "en mapp som ska läsas saknas i postlådan",
        "en": "a folder that is to be read is missing in the mailbox",
    },
    "moving": {
        "fi": "luettuja viestejä ei voi siirtää pois saapuneista",
        "sv": "lästa mejl kan inte flyttas ur inkorgen",
        "en": "mails that were read cannot be moved out of the inbox",
    },
    "deleting": {
        "fi": "nimettömän kyselyn vastauksia ei voi poistaa postipalvelimelta",
        "sv": "svaren på en anonym enkät kan inte raderas på e-postservern",
        "en": "the replies to an anonymous survey cannot be deleted on the mail server",
    },
    "full": {
        "fi": "palvelun tietokanta on täynnä",
        "sv": "tjänstens databas är full",
        "en": "the database of the service is full",
    },
}
_WAITS: Mapping[Language, str] = {
    "fi": "Vastaukset odottavat palvelimella, mitään ei katoa. Muistutukset lähtevät entiseen tapaan, myös jo vastanneille.",
    "sv": "Svaren väntar på servern, inget försvinner. Påminnelserna går ut som förut, även till dem som redan har svarat.",
    "en": "Replies wait on the server, nothing is lost. Reminders go out as before, also to those who have answered already.",
}
_READ_ALL_THE_SAME: Mapping[Language, str] = {
    "fi": "Vastaukset luetaan ja kirjataan entiseen tapaan; viestit vain jäävät saapuneiden kansioon.",
    "sv": "Svaren läses och antecknas som förut; mejlen stannar bara kvar i inkorgen.",
    "en": "Replies are read and recorded as before; the mails only stay in the inbox.",
}
_COUNTED_ALL_THE_SAME: Mapping[Language, str] = {
    "fi": "Vastaukset on laskettu ja poistettu palvelusta. Postilaatikon lukija voi kuitenkin vielä nähdä, kuka vastasi ja mitä.",
    "sv": "Svaren är räknade och raderade i tjänsten. Men den som läser postlådan kan ännu se vem som svarat vad.",
    "en": "The answers are counted, and deleted in the service. But who reads the mailbox can still see who answered what.",
}
_MEANS: Mapping[str, Mapping[Language, str]] = {"moving": _READ_ALL_THE_SAME, "deleting": _COUNTED_ALL_THE_SAME}
_TO_DO: Mapping[str, Mapping[Language, str]] = {
    "connection": {
        "fi": "Pyydä tietohallintoa katsomaan, onko postipalvelin tavoitettavissa. Palvelin sanoi: {text}",
        "sv": "Be IT-avdelningen se efter om e-postservern kan nås. Servern sade: {text}",
        "en": "Ask your IT whether the mail server can be reached. It said: {text}",
    },
    "login": {
        "fi": "Pyydä tietohallintoa tarkistamaan postilaatikon tunnus ja salasana. Palvelin sanoi: {text}",
        "sv": "Be IT-avdelningen kontrollera postlådans användarnamn och lösenord. Servern sade: {text}",
        "en": "Ask your IT to check the user name and the password of the mailbox. The server said: {text}",
    },
    "folder": {
        "fi": "Palauta kansion nimi, tai muuta asetus. {text}",
        "sv": "Ge mappen dess namn tillbaka, eller ändra inställningen. {text}",
        "en": "Give the folder its name back, or change the setting. {text}",
    },
    "moving": {
        "fi": "Pyydä tietohallintoa katsomaan, onko postilaatikko täynnä ja saako kansioon siirtää viestejä. {text}",
        "sv": "Be IT-avdelningen se efter om postlådan är full och om mejl får flyttas till mappen. {text}",
        "en": "Ask your IT whether the mailbox is full and whether mails may be moved into the folder. {text}",
    },
    "deleting": {
        "fi": "Poista kyselyn vastaukset postilaatikosta itse lukematta niitä, myös roskakorista. {text}",
        "sv": "Radera själv svaren på enkäten i postlådan utan att läsa dem, även i papperskorgen. {text}",
        "en": "Delete the replies to the survey in the mailbox yourself without reading them, in the trash too. {text}",
    },
    "full": {
        "fi": "Katso, tuliko postia poikkeuksellisen paljon. Nosta rajaa asetuksella REMINDER_QUOTA_MB, jos levyllä on tilaa. {text}",
        "sv": "Se efter om det har kommit ovanligt mycket post. Höj gränsen med REMINDER_QUOTA_MB om det finns rum på disken. {text}",
        "en": "See whether unusually much mail has come. Raise the limit by REMINDER_QUOTA_MB if the disk has room. {text}",
    },
}
_SINCE: Mapping[Language, str] = {"fi": "{since} UTC alkaen", "sv": "sedan {since} UTC", "en": "since {since} UTC"}


def alert_texts(kind: str, text: str) -> dict[Language, AlertText]:
    """The alert in each language. `text` is what the server said, or the figures, in whatever language they are."""
    return {
        language: AlertText(
            what=_WHAT[kind][language],
            means=_MEANS.get(kind, _WAITS)[language],
            to_do=_TO_DO[kind][language].format(text=text),
            command="reminder health" if kind == "full" else "reminder check --connect",
        )
        for language in LANGUAGES
    }


def warn_of_trouble(kind: str, since: str, language: Language) -> str:
    """Two sentences for the digest."""
    what = _WHAT[kind][language]
    means = _MEANS.get(kind, _WAITS)[language]
    return f"{what[0].upper()}{what[1:]} ({_SINCE[language].format(since=since)}). {means}"
