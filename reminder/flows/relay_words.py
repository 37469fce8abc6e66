"""What the coordinator is told of the relay, in each language."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.domain.programme import Language
from reminder.flows.alerting import AlertText


def down_texts(text: str) -> Mapping[Language, AlertText]:
    """The relay took no mails for half an hour or more. Who reads this, reads it since it takes them again."""
    return {
        "fi": AlertText(
            what=f"Postipalvelin ei ottanut viestejämme vastaan: {text}",
            means="Viestit odottivat vuoroaan, mikään ei kadonnut. Kun luet tämän, palvelin ottaa viestejä taas.",
            to_do="Jos tämä toistuu, kysy postipalvelimen ylläpidosta. Yhteyden voi kokeilla komennolla:",
            command="reminder check --connect",
        ),
        "sv": AlertText(
            what=f"E-postservern tog inte emot våra meddelanden: {text}",
            means="Meddelandena väntade på sin tur, inget gick förlorat. När du läser det här tar servern emot igen.",
            to_do="Om det här upprepas, fråga e-postserverns administratör. Förbindelsen kan prövas med kommandot:",
            command="reminder check --connect",
        ),
        "en": AlertText(
            what=f"The mail relay did not take our mails: {text}",
            means="The mails waited for their turn, nothing was lost. As you read this, the relay takes them again.",
            to_do="If this comes again, ask those who run the mail relay. The connection can be tried with:",
            command="reminder check --connect",
        ),
    }


def refused_texts(text: str) -> Mapping[Language, AlertText]:
    """Three mails in a row were refused by policy, and sending is paused."""
    return {
        "fi": AlertText(
            what=f"Postipalvelin torjui peräkkäin kolme viestiämme sääntöjensä perusteella: {text}",
            means="Vika on todennäköisesti lähettäjässä eikä osoitteissa, joten kaikki lähetys on keskeytetty.",
            to_do="Selvitä syy postipalvelimen ylläpidon kanssa. Torjutut viestit: `reminder outbox list`. Jatka lähetystä komennolla:",
            command="reminder resume",
        ),
        "sv": AlertText(
            what=f"E-postservern avvisade tre av våra meddelanden i rad enligt sina regler: {text}",
            means="Felet ligger troligen hos avsändaren och inte i adresserna, så all sändning har pausats.",
            to_do="Red ut orsaken med e-postserverns administratör. Avvisade: `reminder outbox list`. Fortsätt sändningen med kommandot:",
            command="reminder resume",
        ),
        "en": AlertText(
            what=f"The mail relay refused three of our mails in a row by its policy: {text}",
            means="It is probably about the sender and not about the addresses, so all sending is paused.",
            to_do="Find the cause with those who run the relay. What was refused: `reminder outbox list`. Go on sending with:",
            command="reminder resume",
        ),
    }
