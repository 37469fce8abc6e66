"""The words of the answers in Finnish, Swedish and English, with their endings and everyday typos.

Genitives (`vihreän siirtymän`) are no lights, for they nearly always belong to a noun; forms of change (`vihreäksi`,
`keltaiseen`) name a light without giving it, and are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reminder.domain.assessments import Phase, TrafficLight


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GREEN, YELLOW, RED = TrafficLight.GREEN, TrafficLight.YELLOW, TrafficLight.RED

_FORMS: tuple[tuple[TrafficLight, str], ...] = (
    (GREEN, r"vihre(?:ä|a|e|ää|eä|aa|ät|at|et|ällä|alla|ellä|älla|ella|änä|ana|enä|itä|ita|eitä|illä|illa|inä|ina|)|vihr"),
    (YELLOW, r"kelta(?:i?nen|i?ne|i?sella|i?sena|i?sta|i?set|i?sia|i?silla|i?sina)|kelt"),
    (RED, r"puna(?:i?nen|i?ne|i?sella|i?sena|i?sta|i?set|i?sia|i?silla|i?sina)|pun"),
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
_TYPO_BASES: tuple[tuple[str, TrafficLight], ...] = (("vihreä", GREEN), ("keltainen", YELLOW), ("punainen", RED), ("yellow", YELLOW))
_NO_TYPOS = _words(
    """
    vihreän vihjeä vihkeä vihreys virheä virheitä keltaisen punaisen keltaiset punaiset yellows punaiten
    """
)
LETTERS: Mapping[str, Mapping[str, TrafficLight]] = {
    "fi": {"v": GREEN, "k": YELLOW, "p": RED},
    "sv": {"r": RED},  # g is grön and gul
    "en": {"g": GREEN, "y": YELLOW, "a": YELLOW, "r": RED},
}

FILLERS = _words(
    """
    both båda molemmat good onkin sittenkin toimenpiteemme kohtamme on ovat tila tilanne tilassa valo valona valossa valolla
    liikennevalo liikennevalona status läge läget ljus trafikljus är is are it its it's this light edelleen yhä nyt tällä
    hetkellä tämä tämän se ne sekä still currently now fortfarande nu mennään ollaan menee siis eli väri värinä väriltään
    färg färgen colour color toimenpide toimenpiteet toimenpiteen kohta kohdat åtgärd åtgärden åtgärder åtgärderna action
    actions item items traffic aktuellt meillä tässä kokonaan selvästi ihan kyllä ok helt stays remains pysyy jatkuu på the
    a we at förblir vi ligger visar näyttää annamme annetaan laitetaan merkitään arvio arviomme too also myös samoin också
    likaså joka jotka som which valitettavasti harmillisesti ikävä onneksi toistaiseksi edelleenkin yhäkin taas puolestaan
    sitten mielestäni mielestämme arvioni sanoisin antaisin annan laitan laittaisin merkitsen täysin lyhyesti
    tyvärr dessvärre tillsvidare fortsatt alltjämt ännu får ger jag det den unfortunately sadly fully i give tilan tilaksi tilaa
    sille niille siitä niistä värin väriksi valon valoksi täällä tänään här here then
    """
)
CONNECTORS = _words(
    """
    koska kuten sillä kun mutta ja että joten vaikka eftersom för då men och because since as but and due pga johtuen därför
    vaikkakin although though fast trots despite tosin
    """
)
NEGATIONS = _words(
    """
    ei eivät eikä en emme et älä eipä enää inte ej icke aldrig not no never isn't isnt aren't ain't nt neither nor ingen
    varken tuskin hardly knappast
    """
)
DOUBTS = _words(
    """
    ehkä kai varmaan melkein lähes pian luultavasti ehkäpä toivottavasti kanske nästan snart troligen förhoppningsvis maybe
    perhaps almost nearly soon probably hopefully towards likely would could should voisi pitäisi olisi jos kunhan
    edellyttäen ellei mikäli om if unless skulle borde joko tai eller or either
    """
)
PAST = _words(
    """
    edellinen edellisen edellisessä aiempi viime ennuste ensi föregående prognos mål målet previously former target goal
    forecast tavoite tavoitteena pyritään oli aiemmin viimeksi ennen var tidigare förra was were last earlier
    """
)
"""Words of the past, of a forecast or of a goal."""
HEDGES = DOUBTS | PAST
"""Words that make a light doubtful, or one of another time."""
HEADS = _words(
    """
    mutta men but vaan utan joten eli siis ja och and so alltså niin nyt nu now thus hence kuitenkin
    """
)
"""Small words at the beginning of a clause that change nothing about the light behind them."""
FOLLOWERS = _words(
    """
    från för i på med av hos under inom for from in on with of by at this here här tänä tältä siltä siitä meiltä osaltamme osaltani
    täällä toistaiseksi kuten niinkuin vielä
    """
)
"""What may stand behind a light that is said of something: a noun may not, for then the light would be its adjective."""
ASSESSING = _words(
    """
    arvioin arvioimme arvioisin arvioisimme annan annamme antaisin antaisimme merkitsen merkitsemme merkitään laitan laitamme laittaisin
    valitsen valitsemme määritän bedömer bedömde sätter ger väljer rate rated assess mark give choose
    """
)
"""Verbs by which somebody gives a light: with them `vihreäksi` and `keltaisen` are lights too."""
TELLING = _words(
    "sanoi sanoo sanovat sanottiin kysyi kysyivät väitti väittää pyysi kuulemma kuulin säger sa frågade påstår said says asked claims told"
)
"""Verbs that make the light behind them somebody else's."""
LATER = _words(
    """
    pian kohta ensi kesällä syksyllä keväällä talvella tulevana myöhemmin tulee muuttuu vaihtuu nousee siirtyy loppuvuodesta
    snart nästa senare blir kommer ska soon next later will becomes turns
    """
)
"""Words of a time to come: the light beside them is not today's."""
UNSURE = re.compile(
    r"\b(?:en ole(?: ihan| aivan| täysin)? varma|emme ole varmoja|en tiedä|emme tiedä|(?:en|emme) osaa sanoa|en muista|vaikea(?:a)? sanoa"
    r"|vet (?:inte|ej)|är osäker|kan inte säga|svårt att säga|not sure|unsure|don['’]?t know|can(?:['’]?t|not) (?:say|tell)|hard to say)\b",
    re.IGNORECASE,
)
ORDINALS: Mapping[str, int] = {
    word: place
    for place, words in enumerate(
        (
            "ensimmäinen ensimmäisen ensimmäisessä första first",
            "toinen toisen toisessa andra second",
            "kolmas kolmannen kolmannessa tredje third",
            "neljäs neljännen fjärde fourth",
            "viides viidennen femte fifth",
        )
    )
    for word in words.split()
}
"""`Ensimmäinen on vihreä ja toinen keltainen`: in the order of our mail."""

ALTERNATIVES = _words(
    """
    tai joko eller or vai taikka
    """
)
"""Between two lights they leave it open which one is meant."""
UNITS = _words(
    """
    miljoonaa milj mrd miljardia euroa eur prosenttia tuntia päivää viikkoa kuukautta vuotta kpl kertaa hehtaaria km metriä
    miljoner kronor procent timmar dagar veckor million millions billion percent hours days weeks
    """
)
"""`1,5 miljoonaa` is an amount."""
EVERYTHING = _words(
    """
    kaikki kaikissa kaikkien kaikkiin kaikille kaikilla alla samtliga allt all everything
    """
)
BOTH = _words(
    """
    molemmat molemmissa kumpikin båda bägge both
    """
)
"""All of two; where more or fewer are asked, nobody knows which."""
THE_REST = _words(
    """
    muu muut loput muissa loppujen muilta muille muihin muilla lopuille loppuihin övriga resten andra others rest remaining
    """
)
EXCEPTING = re.compile(
    r"\b(?:paitsi|pois\s?lukien|lukuun\s?ottamatta|poikkeuksena|utom|förutom|bortsett från|undantaget|med undantag (?:för|av)"
    r"|except(?:ing)?(?: for)?|apart from|excluding|exception of|other than|but(?=\D{0,12}\d)|kuin)\b",
    re.IGNORECASE,
)
"""What takes something out of `kaikki`; the Finnish ones may stand behind what they take out."""
CONTRASTS = _words(
    """
    mutta tosin kuitenkin kylläkin vaan sensijaan sijaan poikkeus ongelma men dock däremot undantag but however though
    although whereas
    """
)
INDEFINITE = _words(
    """
    yksi yhtä yhdestä yhden yhdessä osa osassa osasta joku jokin jotkut jossain eräs kaksi muutama muutamat muutamassa någon
    något några vissa ett one some several few two
    """
)
"""`Kaikki vihreällä, mutta yhdestä en ole varma` doubts an action without a name."""
NUMERALS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "kaksi två two",
            "kolme tre three",
            "neljä fyra four",
            "viisi fem five",
            "kuusi sex six",
            "seitsemän sju seven",
            "kahdeksan åtta eight",
            "yhdeksän nio nine",
            "kymmenen tio ten",
        ),
        start=2,
    )
    for word in words.split()
}
OPENERS = _words(
    """
    ja och and muuten muutoin annars otherwise näistä meillä eli siis så so mutta men but tilanne lyhyesti kort
    laitetaan annetaan merkitään sanotaan annan laitan merkitsen
    """
)
"""Small words before `kaikki`."""

CONDITIONS = _words(
    """
    jos kunhan mikäli ellei edellyttäen edellyttää om ifall förutsatt if unless provided subject
    """
)
"""A clause that begins so makes the light depend on something that has not happened."""

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
_INTO = re.compile(r"toimenpite|kohtaan|osaksi|into|with|med|till|i\b")
_AUXILIARIES = _words("has have been is was ole ollut on ovat har blivit är vielä ännu yet")
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


def light_of(word: str) -> TrafficLight | None:
    """The light that a word gives, in lower case; exact forms only."""
    if word in EMOJI:
        return EMOJI[word]
    return next((light for light, pattern in _LIGHT if pattern.fullmatch(word)), None)


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
    return first if first is Phase.MERGED and len(kept) > 1 and _INTO.match(kept[1]) else PHASES.get(" ".join(kept))


def month_of(word: str) -> int | None:
    """The month that a word names, in any ending."""
    return next((number for stem, number in MONTHS.items() if word.startswith(stem)), None)
