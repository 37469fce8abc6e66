"""The words of the answers in Finnish, Swedish and English, with their endings and everyday typos.

Genitives (`vihreän siirtymän`) are no lights, for they nearly always belong to a noun; forms of change (`vihreäksi`,
`keltaiseen`) name a light without giving it, and are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from reminder.domain.assessments import Phase, TrafficLight


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


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
    selkeästi ehdottomasti overall clearly definitely tydligt absolut olemme tilanteemme tilamme valomme liikennevalomme meidän osalta
    voitte voit voisitte from our side vår sida från bedömning bedömer meiltä kaikkien
    vielä vain only endast
    viä nog jå joo juu de e o oo
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
    så
    """
)
"""Small words at the beginning of a clause that change nothing about the light behind them."""
FOLLOWING = re.compile(
    r"(?:täällä|tässä|toistaiseksi|osaltamme|osaltani|meiltä|meidän (?:osalta|puolelta)|kuten|niin kuin|tänä vuonna|tällä hetkellä"
    r"|här|hittills|enligt (?:plan|tidtabell)|från (?:vår|min) sida|för (?:vår|min) del|för (?:oss|tillfället|närvarande)|just nu"
    r"|meidän (?:puolella|päässä)|hos oss|on our end|i (?:år|dag|nuläget|dagsläget)|here|so far|on our (?:part|side)|for (?:us"
    r"|now|the moment)|from (?:us|our side|my side)"
    r"|at (?:the moment|present)|this (?:year|time)|as (?:planned|expected|before|agreed))\b"
)
"""What may stand behind a light that is said of something: a noun may not, for then the light would be its adjective."""
WHENS = _words("kun då när as when once")
"""Behind red and yellow they give the reason, behind green the condition."""
RETRACTING = _words(
    """
    oikeasti oikeastaan vitsi vitsit leikki helt riktigt alls egentligen nej really kidding joking sort of kind guess hope hoppas toivon
    luulen tror think suppose skojar bara say so they tycker ni vad eikun eiku väärin actually wait
    sittenkään kuitenkaan todellakaan täysin rehellisesti sanottuna haha mitä mieltä olette toisinpäin kuulemma
    vai vasta först luonnos draft utkast fast yet
    """
)
"""A few words behind a light that take it back: `vihreä, vitsi vitsi`, `green, sort of`."""
INTRODUCING = _words(
    """
    vastaus vastaukseni vastauksemme tulos johtopäätös yhteenveto valinta valintani lopputulos svar svaret bedömning slutsats
    sammanfattning answer assessment summary conclusion result rating
    """
)
"""Words that may stand before a colon and a light, which is then what is said now."""
ASPECTS = _words(
    """
    budjetti budjetin rahoitus rahoituksen raha rahat aikataulu aikataulun kustannukset kustannus riski riskit resurssit henkilöstö laatu
    viestintä budget budgeten finansiering tidtabell tidtabellen kostnader kostnaderna risker resurser personal schedule cost costs risk
    risks funding finance resources partner staff quality tavoite ennuste mål prognos goal target aim hope
    """
)
"""Sides of an action: a light that is given to one of them is not the light of the action."""
SALUTING = _words(
    """
    tässä tässäpä vastaukset vastaukseni vastauksia arviot arvioni tilat liikennevalot omat omani omamme näin tulee tulevat
    raportti raporttini toimenpiteiden toimenpiteet here are answers our my statuses lights ours mine här kommer svaren svar
    våra mina följer lägena lägen korjaus lisäys rättelse correction Words from which on what stands before a colon is a
    sentence, not a heading such as `Infra:`.  _ON_BEHALF = frozenset([ ,  ,  ,  ,  ,  ,  vastaan vastaamme suomeksi svarar
    svenska finska english englanniksi ruotsiksi
    eiliseen edelliseen aiempaan viestiin vastaukseeni mejl mail
    """
)
"""Words before a list of answers that say nothing of it."""
FRAMING = re.compile(
    r"\b(?:esim|esimerkiksi|esimerkki|malli|älk?ää? kirja\w*|älä kirja\w*|ehdot\w*|ehdoin|tavoit\w*|ennuste\w*|toive\w*|unelma\w*"
    r"|exempel\w*|förslag\w*|föreslår|mål|målet|prognos\w*|dröm\w*|example|please ignore|ignore this|propos\w*|target\w*|forecast\w*"
    r"|hope\w*|wish\w*|don['’]?t record|onko|ovatko|näinkö|miten|ohje\w*|luki|anvisning\w*|instruction\w*|seuraavan viestin"
    r"|meddelande från|following message)\b",
    re.IGNORECASE,
)
"""What makes the lights behind it an example, a draft, a wish or a question."""
TAKING_BACK = re.compile(
    r"\b(?:toisin ?päin|väärin ?päin|väärässä järjestyksessä|vaihda\w*|vaihtakaa|vain luonno\w*|älkää kirjatko|älä kirjaa|viime vuoden"
    r"|vastaavasti|mainitussa järjestyksessä|respektive|i den ordningen|respectively"
    r"|tvärtom|byt (?:plats|dem)|åt fel håll|bara (?:ett )?utkast|fjolårets|other way (?:a)?round|swap|(?:just|only) (?:a )?draft"
    r"|last year['’]?s"
    r"|do not record|(?:just )?kidding|vitsi|skojar)\b",
    re.IGNORECASE,
)
"""Words anywhere in the mail that take back or turn round all that it says."""
RESERVING = re.compile(
    r"\b(?:ehdol\w*|ehtona|ehdoin|edellyt\w*|varauksella|varauksin|riippu\w*|riippuen|olettaen|arvaus|arvaan|veikkaan|veikkaus"
    r"|peru(?:n|utan)"
    r"|unohda|unohtakaa|förbehåll\w*|villkor\w*|förutsatt\w*|förutsättning|beroende|gissning\w*|conditional\w*|provided|assuming"
    r"|subject to"
    r"|pending|depend\w*|guess\w*|possibly|to be confirmed|tbc|dreams|yeah right|in theory|teoriassa|i teorin|liioittelua|rajalla"
    r"|välissä|välimaastossa|välillä|mellan|gränsen|between|border)\b",
    re.IGNORECASE,
)
"""Words behind or before a light that make it depend on something, a guess, or something in between."""
POLITICAL = re.compile(
    r"\b(?:demari\w*|kokoomus\w*|keskusta(?:n|puolue\w*)? (?:tuk|kannat|vastust)\w*|vasemmisto\w*"
    r"|perussuomalai\w*|valtuustoryhm\w*|socialdemokrat\w*"
    r"|samlingspartiet|vänsterförbundet|sfp|rkp)\b",
    re.IGNORECASE,
)
"""Beside these, `vihreät` are a party."""
IDIOMATIC = re.compile(
    r"\bvihreä(?:ä|n)? valo\w*|\bgrön(?:t|a) ljus (?!\W)\w+|\bgreen light (?:for|from|to|by)\b|\bpunai(?:nen|sta|sen) lan[kg]\w*"
    r"|\bröda tråd\w*",
    re.IGNORECASE,
)
"""Lights that are none: a permission, a common thread."""
SIDE = re.compile(
    r"(?:in|without|with|by|at|according|as for|next|financially|officially|enligt|utan|med|vid|ilman|parhaimmillaan|pahimmillaan"
    r"|haaveena|toiveena"
    r"|teoriassa|periaatteessa)\b|.*\b(?:mielestä|mukaan|osalta|kannalta|näkökulmasta|view|opinion)$",
    re.IGNORECASE,
)
"""A few words before a light that make it that of a side, of a case, or of somebody else."""
DENYING = re.compile(r"\b(?:anything but|far from|kaikkea muuta kuin|kaukana|allt annat än|långt ifrån)\b", re.IGNORECASE)

ASSESSING = _words(
    """
    arvioin arvioimme arvioisin arvioisimme annan annamme antaisin antaisimme merkitsen merkitsemme merkitään laitan laitamme laittaisin
    valitsen valitsemme määritän bedömer bedömde sätter ger väljer rate rated assess mark give choose
    saa saavat gets merkitkää merkitä merkataan laita laittakaa laittaa pistä pistäkää
    säga say sanoa
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
    r"|vet (?:inte|ej)|är osäker|kan inte säga|svårt att säga|not sure|unsure|don['’]?t know|can(?:['’]?t|not) (?:say|tell)"
    r"|hard to say)\b",
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
    miljoner kronor procent timmar dagar veckor million millions billion percent hours days weeks pv htv krt
    """
)
"""`1,5 miljoonaa` is an amount."""
EVERYTHING = _words(
    """
    kaikki kaikissa kaikkien kaikkiin kaikille kaikilla alla samtliga allt all everything everything's
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
    muut loput muissa loppujen muilta muille muihin muilla lopuille loppuihin övriga resten andra others rest remaining
    """
)
EXCEPTING = re.compile(
    r"\b(?:paitsi|pois\s?lukien|poisl|pl|excl|exkl|lukuun\s?ottamatta|poikkeuksena|utom|förutom|bortsett från|undantaget"
    r"|med undantag (?:för|av)"
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
LEFT_OUT = re.compile(
    r"\b(?:poikkeu\w*|undantag\w*|exception\w*|ainoastaan|enbart|erikseen|separat\w*|kesken|auki|puuttu\w*|tarkistamatta"
    r"|viivästy\w*|palaan"
    r"|återkommer|saknas|missing|later|myöhemmin|senare|to follow|will follow|jäissä|takku\w*|ongelmi\w*|peru\w*)\b",
    re.IGNORECASE,
)
"""What `kaikki vihreällä` cannot stand beside: something is left out of it, and nobody says what."""
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
    mielestäni mielestämme meiltä meidän osalta osaltamme puolelta from our side hei moi kiitos
    """
)
"""Small words before `kaikki`."""

CONDITIONS = _words(
    """
    jos kunhan mikäli ellei edellyttäen edellyttää om ifall förutsatt if unless provided subject
    once pending assuming depending riippuen beroende förbehåll
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
_INTO = re.compile(r"\w*(?:hankkee|ohjelma|kokonaisuu)\w*(?:en|an|on|un)$|toimenpite|kohtaan|osaksi|into|with|med|till|i\b")
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


@lru_cache(maxsize=8192)
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
    return first if first is Phase.MERGED and any(_INTO.match(word) for word in kept[1:4]) else PHASES.get(" ".join(kept))


def month_of(word: str) -> int | None:
    """The month that a word names, in any ending."""
    return next((number for stem, number in MONTHS.items() if word.startswith(stem)), None)
