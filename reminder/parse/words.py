"""The lights, the phases and the months in Finnish, Swedish and English, with their endings and everyday slips of the finger.

Genitives (`vihreän siirtymän`) are no lights, for they nearly always belong to a noun; forms of change (`vihreäksi`,
`keltaiseen`) name a light without giving it, and are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from reminder.domain.assessments import Phase, TrafficLight
from reminder.parse.small_words import FILLERS, word_set

GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED

_FORMS: tuple[tuple[TrafficLight, str], ...] = (
    (
        GREEN,
        r"vihi?re?i?ä|vihre(?:etä|et|ä|a|e|ää|eä|aa|ät|at|et|ällä|alla|ellä|älla|ella|änä|ana|enä|itä|ita|eitä|illä|illa|inä|ina|)|vihr",
    ),
    (YELLOW, r"kelta(?:i?nen|i?ne|ane|i?sella|i?sena|i?sta|i?set|i?sia|i?silla|i?sina)|kelt"),
    (RED, r"puna(?:i?nen|i?ne|ane|i?sella|i?sena|i?sta|i?set|i?sia|i?silla|i?sina)|pun"),
    (GREEN, r"gr(?:ö|o)n(?:t|a|n|)"),
    (YELLOW, r"gul(?:t|a|)"),
    (RED, r"r(?:ö|o)d(?:a|)|r(?:ö|o)tt"),
    (GREEN, r"green"),
    (YELLOW, r"yellow|amber"),
    (RED, r"red"),
)
_LIGHT = tuple((light, re.compile(pattern)) for light, pattern in _FORMS)
_CHANGE = re.compile(
    r"(vihre(?:äksi|aksi|eksi|ään|aan|een|ästä|asta|estä|ältä|älle|iksi))|(kelta(?:i?seksi|i?seen|i?sesta|i?selta|i?selle|i?siksi))"
    r"|(puna(?:i?seksi|i?seen|i?sesta|i?selta|i?selle|i?siksi))"
)
EMOJI: Mapping[str, TrafficLight] = {"🟢": GREEN, "🟩": GREEN, "🟡": YELLOW, "🟨": YELLOW, "🔴": RED, "🟥": RED}
PLAIN_WORD = re.compile(rf"[{''.join(EMOJI)}]|[^\W\d_]+")
"""A word or a light."""
_TYPO_BASES: tuple[tuple[str, TrafficLight], ...] = (("vihreä", GREEN), ("keltainen", YELLOW), ("punainen", RED), ("yellow", YELLOW))
_NO_TYPOS = word_set(
    """
    vihreän vihjeä vihkeä vihreys virheä virheitä keltaisen punaisen keltaiset punaiset yellows punaiten
    """
)
LETTERS: Mapping[str, Mapping[str, TrafficLight]] = {
    "fi": {"v": GREEN, "k": YELLOW, "p": RED},
    "sv": {"r": RED},  # g is grön and gul
    "en": {"g": GREEN, "y": YELLOW, "a": YELLOW, "r": RED},
}


_PHASES: tuple[tuple[Phase, str], ...] = (
    (
        Phase.NOT_STARTED,
        "ei aloitettu|ei ole aloitettu|ei vielä aloitettu|ei ole vielä aloitettu|aloittamatta|ei käynnissä"
        "|inte påbörjad|inte påbörjat|ej påbörjad",
    ),
    (Phase.NOT_STARTED, "ej påbörjat|inte ännu påbörjad|not started|not yet started|not begun"),
    (
        Phase.ONGOING,
        "käynnissä|kesken|meneillään|työn alla|aloitettu|käynnistetty|pågår|pågående"
        "|under arbete|påbörjad|påbörjat|ongoing|in progress|started|under way|underway",
    ),
    (
        Phase.DONE,
        "valmis|valmista|valmiina|valmiit|valmistunut|valmistui|tehty|toteutettu|toteutunut|toteutui|suoritettu|klar|klart|klara|färdig|färdigt|färdiga",
    ),
    (Phase.DONE, "slutförd|slutfört|genomförd|genomfört|avslutad|avslutat|done|completed|complete|finished|implemented"),
    (
        Phase.POSTPONED,
        "lykätty|lykättiin|siirretty|lykkääntynyt|lykkääntyy|siirtynyt|uppskjuten|uppskjutet|framskjuten|framskjutet|senarelagd|postponed|deferred",
    ),
    (
        Phase.DROPPED,
        "peruttu|peruutettu|peruuntunut|luovuttu|hylätty|ei toteuteta"
        "|inställd|inställt|slopad|slopat|nedlagd|nedlagt|genomförs inte|genomförs ej",
    ),
    (Phase.DROPPED, "dropped|cancelled|canceled|abandoned"),
    (Phase.MERGED, "yhdistetty|sammanslagen|sammanslaget|merged"),
)
PHASES: Mapping[str, Phase] = {phrase: phase for phase, phrases in _PHASES for phrase in phrases.split("|")}
_UNTIL = re.compile(r"(?:vuo|lukuvuo|seuraav|ensi|syks|kevä|kesä|talv|till|to|until|nästa|next|hamaan|\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_INTO = re.compile(r"\w*(?:hankkee|ohjelma|kokonaisuu)\w*(?:en|an|on|un)$|toimenpite|kohtaan|osaksi|into|with|med|till|i\b")
_AUXILIARIES = word_set("has have been is was ole ollut on ovat har blivit är vielä ännu yet")
MONTHS: Mapping[str, int] = {
    stem: number
    for number, stems in enumerate(
        (
            "tammiku januari january",
            "helmiku februari february",
            "maalisku mars march",
            "huhtiku april",
            "toukoku maj may",
            "kesäku juni june",
            "heinäku juli july",
            "eloku augusti august",
            "syysku september",
            "lokaku oktober october",
            "marrasku november",
            "jouluku december",
        ),
        start=1,
    )
    for stem in stems.split()
}


@lru_cache(maxsize=8192)
def light_of(word: str) -> TrafficLight | None:
    """The light that a word gives, in lower case; exact forms only."""
    if word in EMOJI:
        return EMOJI[word]
    return next((light for light, pattern in _LIGHT if pattern.fullmatch(word)), None)


def split_words(text: str) -> list[str]:
    """The words and lights of a text, in lower case."""
    return PLAIN_WORD.findall(text.lower())


def holds_light(text: str) -> bool:
    """Whether any word of a text gives a light; exact forms only."""
    return any(light_of(word) is not None for word in split_words(text))


def change_of(word: str) -> TrafficLight | None:
    """The light that a word names as the goal or the origin of a change."""
    match = _CHANGE.fullmatch(word)
    if match is None:
        return None
    return GREEN if match.group(1) else YELLOW if match.group(2) else RED


def assessed_light_of(word: str) -> TrafficLight | None:
    """The light that a word gives as the object of a verb of `ASSESSING`: `vihreäksi`, `keltaisen`."""
    if word.endswith("ksi"):
        return change_of(word)
    return {"vihreän": GREEN, "keltaisen": YELLOW, "punaisen": RED}.get(word)


def typo_of(word: str) -> TrafficLight | None:
    """The light that a word gives with one slip of the finger: a letter lost, doubled, wrong or swapped."""
    if len(word) < 5 or word in _NO_TYPOS:
        return None
    return next((light for base, light in _TYPO_BASES if _is_one_slip(word, base)), None)


def _is_one_slip(word: str, base: str) -> bool:
    if abs(len(word) - len(base)) > 1 or word == base or word[0] != base[0]:
        return False
    start = next((index for index, (a, b) in enumerate(zip(word, base, strict=False)) if a != b), min(len(word), len(base)))
    if len(word) > len(base):
        return word[start + 1 :] == base[start:]
    if len(word) < len(base):
        return word[start:] == base[start + 1 :]
    return word[start + 1 :] == base[start + 1 :] or (
        word[start + 2 :] == base[start + 2 :] and word[start : start + 2] == base[start : start + 2][::-1]
    )


def phase_of(words: Iterable[str]) -> Phase | None:
    """The phase that these words name and nothing else, fillers aside: `lykätty vuoteen 2026` still says postponed."""
    said = list(words)
    phase = PHASES.get(" ".join(said)) or PHASES.get(" ".join(word for word in said if word not in FILLERS))
    if phase is not None or len(said) < 2:
        return phase
    kept = [word for word in said if word not in FILLERS and word not in _AUXILIARIES]
    first = PHASES.get(kept[0]) if kept else None
    if first is Phase.POSTPONED and len(kept) > 1 and _UNTIL.match(kept[1]):
        return first
    return first if first is Phase.MERGED and any(_INTO.match(word) for word in kept[1:4]) else PHASES.get(" ".join(kept))


def month_of(word: str) -> int | None:
    """The month that a word names, in any ending."""
    return next((number for stem, number in MONTHS.items() if word.startswith(stem)), None)


def is_year(word: str) -> bool:
    """Whether a word or a number is but a year."""
    return _YEAR.fullmatch(word) is not None
