"""What is said of broken files: in the alert, in the digest and in `status`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from reminder.compose.words import format_moment
from reminder.domain.programme import LANGUAGES, Language
from reminder.errors import Finding
from reminder.flows.alerting import AlertText

SHOWN = 5
_WHAT: Mapping[Language, tuple[str, str]] = {
    "fi": ("asetustiedostoissa on virhe", "asetustiedostoissa on {count} virhettä"),
    "sv": ("det finns ett fel i inställningsfilerna", "det finns {count} fel i inställningsfilerna"),
    "en": ("the configuration has a fault", "the configuration has {count} faults"),
}
_MEANS: Mapping[Language, str] = {
    "fi": "Muutosta ei ole otettu käyttöön. Viestit lähtevät entisten asetusten mukaan{since}, eikä mitään ole hukassa.",
    "sv": "Ändringen har inte tagits i bruk. Meddelandena går ut enligt de tidigare inställningarna{since}, och inget är förlorat.",
    "en": "The edit was not taken up. Mails go on by the configuration before it{since}, and nothing is lost.",
}
_SINCE: Mapping[Language, str] = {
    "fi": ", jotka ovat voimassa {moment} alkaen",
    "sv": ", i kraft sedan {moment}",
    "en": ", in force since {moment}",
}
_TO_DO: Mapping[Language, str] = {
    "fi": "Korjaa tiedosto ja tallenna se; palvelu huomaa sen itse. {findings}",
    "sv": "Rätta filen och spara den; tjänsten märker det själv. {findings}",
    "en": "Correct the file and save it; the service notices by itself. {findings}",
}
_MORE: Mapping[Language, str] = {"fi": "ja {count} muuta", "sv": "och {count} till", "en": "and {count} more"}
FAULT_WARNING: Mapping[str, str] = {
    "fi": "Asetustiedostoissa on ollut virhe {since} alkaen; entiset asetukset ovat voimassa. {finding}",
    "sv": "Det finns ett fel i inställningsfilerna sedan {since}; de tidigare inställningarna gäller. {finding}",
    "en": "The configuration files are faulty since {since}; those before stay in force. {finding}",
}


def alert_texts(faults: Sequence[Finding], since: datetime | None, zone: ZoneInfo) -> dict[Language, AlertText]:
    """The alert in each language; the findings themselves are worded by `check`."""
    return {language: _write(faults, since, zone, language) for language in LANGUAGES}


def _write(faults: Sequence[Finding], since: datetime | None, zone: ZoneInfo, language: Language) -> AlertText:
    one, many = _WHAT[language]
    in_force = _SINCE[language].format(moment=format_moment(since.astimezone(zone), language)) if since else ""
    told = [f"{number}) {finding}" for number, finding in enumerate(faults[:SHOWN], start=1)]
    if len(faults) > SHOWN:
        told.append(_MORE[language].format(count=len(faults) - SHOWN))
    return AlertText(
        what=one if len(faults) == 1 else many.format(count=len(faults)),
        means=_MEANS[language].format(since=in_force),
        to_do=_TO_DO[language].format(findings=" ".join(told)),
        command="reminder check",
    )


def warn_of_fault(finding: str, since: datetime, zone: ZoneInfo, language: Language) -> str:
    """One sentence for the digest and `status`."""
    return FAULT_WARNING[language].format(since=format_moment(since.astimezone(zone), language), finding=finding)
