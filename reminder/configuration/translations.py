"""Findings in Finnish and Swedish. A complaint without a translation is said in English."""

from __future__ import annotations

from collections.abc import Mapping

from reminder.configuration.settings_wording_fi import FINNISH_SETTINGS
from reminder.configuration.settings_wording_sv import SWEDISH_SETTINGS
from reminder.configuration.wording import Complaint
from reminder.configuration.wording_fi import FINNISH
from reminder.configuration.wording_fi_schedule import FINNISH_SCHEDULE
from reminder.configuration.wording_lights import FINNISH_LIGHTS, SWEDISH_LIGHTS
from reminder.configuration.wording_meetings import FINNISH_MEETINGS, SWEDISH_MEETINGS
from reminder.configuration.wording_surveys import FINNISH_SURVEYS, SWEDISH_SURVEYS
from reminder.configuration.wording_sv import SWEDISH
from reminder.configuration.wording_sv_schedule import SWEDISH_SCHEDULE
from reminder.domain.programme import Language

Translation = tuple[str, str]
"""Message and advice."""

TRANSLATIONS: Mapping[Language, Mapping[Complaint, Translation]] = {
    "fi": {**FINNISH, **FINNISH_SCHEDULE, **FINNISH_SETTINGS, **FINNISH_LIGHTS, **FINNISH_MEETINGS, **FINNISH_SURVEYS},
    "sv": {**SWEDISH, **SWEDISH_SCHEDULE, **SWEDISH_SETTINGS, **SWEDISH_LIGHTS, **SWEDISH_MEETINGS, **SWEDISH_SURVEYS},
}


def translate(complaint: Complaint, language: Language) -> Translation:
    """Message and advice of a complaint in a language, with their braces."""
    return TRANSLATIONS.get(language, {}).get(complaint, (complaint.message, complaint.advice))
