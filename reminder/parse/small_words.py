"""The small words of Finnish, Swedish and English that stand around a light: which leave it what it is, and which take it away.

Each list holds whole words in lower case, for one purpose; a word may be in several lists.
"""

from __future__ import annotations

from collections.abc import Mapping


def word_set(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


FILLERS = word_set(
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
"""They stand around a light and leave it what it is."""
CONNECTORS = word_set(
    """
    koska kuten sillä kun mutta ja että joten vaikka eftersom för då men och because since as but and due pga johtuen därför
    vaikkakin although though fast trots despite tosin
    """
)
"""They lead over to a reason or to the next statement."""
HEADS = word_set(
    """
    mutta men but vaan utan joten eli siis ja och and so alltså niin nyt nu now thus hence kuitenkin så
    """
)
"""Small words at the beginning of a clause that change nothing about the light behind them."""
OPENERS = word_set(
    """
    ja och and muuten muutoin annars otherwise näistä meillä eli siis så so mutta men but tilanne lyhyesti kort
    laitetaan annetaan merkitään sanotaan annan laitan merkitsen
    mielestäni mielestämme meiltä meidän osalta osaltamme puolelta from our side hei moi kiitos
    """
)
"""Small words before `kaikki` or before the first statement of a line."""
SALUTING = word_set(
    """
    tässä tässäpä vastaukset vastaukseni vastauksia arviot arvioni tilat liikennevalot omat omani omamme näin tulee tulevat
    raportti raporttini toimenpiteiden toimenpiteet here are answers our my statuses lights ours mine här kommer svaren svar
    våra mina följer lägena lägen korjaus lisäys rättelse correction
    vastaan vastaamme suomeksi svarar svenska finska english englanniksi ruotsiksi eiliseen edelliseen aiempaan viestiin
    vastaukseeni mejl mail
    """
)
"""Words before a list of answers that say nothing of it."""
INTRODUCING = word_set(
    """
    vastaus vastaukseni vastauksemme tulos johtopäätös yhteenveto valinta valintani lopputulos svar svaret bedömning slutsats
    sammanfattning answer assessment summary conclusion result rating
    """
)
"""Words that may stand before a colon and a light, which is then what is said now."""
NEGATIONS = word_set(
    """
    ei eivät eikä en emme et älä eipä enää inte ej icke aldrig not no never isn't isnt aren't ain't nt neither nor ingen
    varken tuskin hardly knappast
    """
)
"""They deny the light beside them."""
DOUBTS = word_set(
    """
    ehkä kai varmaan melkein lähes pian luultavasti ehkäpä toivottavasti kanske nästan snart troligen förhoppningsvis maybe
    perhaps almost nearly soon probably hopefully towards likely would could should voisi pitäisi olisi jos kunhan
    edellyttäen ellei mikäli om if unless skulle borde joko tai eller or either
    """
)
"""They make the light beside them less than certain."""
PAST = word_set(
    """
    edellinen edellisen edellisessä aiempi viime ennuste ensi föregående prognos mål målet previously former target goal
    forecast tavoite tavoitteena pyritään oli aiemmin viimeksi ennen var tidigare förra was were last earlier
    """
)
"""Words of the past, of a forecast or of a goal."""
HEDGES = DOUBTS | PAST
"""Words that make a light doubtful, or one of another time."""
LATER = word_set(
    """
    pian kohta ensi kesällä syksyllä keväällä talvella tulevana myöhemmin tulee muuttuu vaihtuu nousee siirtyy loppuvuodesta
    snart nästa senare blir kommer ska soon next later will becomes turns
    """
)
"""Words of a time to come: the light beside them is not today's."""
WHENS = word_set("kun då när as when once")
"""Behind red and yellow they give the reason, behind green the condition."""
CONDITIONS = word_set(
    """
    jos kunhan mikäli ellei edellyttäen edellyttää om ifall förutsatt if unless provided subject
    once pending assuming depending riippuen beroende förbehåll
    """
)
"""A clause that begins so makes the light depend on something that has not happened."""
RETRACTING = word_set(
    """
    oikeasti oikeastaan vitsi vitsit leikki helt riktigt alls egentligen nej really kidding joking sort of kind guess hope hoppas toivon
    luulen tror think suppose skojar bara say so they tycker ni vad eikun eiku väärin actually wait
    sittenkään kuitenkaan todellakaan täysin rehellisesti sanottuna haha mitä mieltä olette toisinpäin kuulemma
    vai vasta först luonnos draft utkast fast yet
    """
)
"""A few words behind a light that take it back: `vihreä, vitsi vitsi`, `green, sort of`."""
TELLING = word_set(
    "sanoi sanoo sanovat sanottiin kysyi kysyivät väitti väittää pyysi kuulemma kuulin säger sa frågade påstår said says asked claims told"
)
"""Verbs that make the light behind them somebody else's."""
ASSESSING = word_set(
    """
    arvioin arvioimme arvioisin arvioisimme annan annamme antaisin antaisimme merkitsen merkitsemme merkitään laitan laitamme laittaisin
    valitsen valitsemme määritän bedömer bedömde sätter ger väljer rate rated assess mark give choose
    saa saavat gets merkitkää merkitä merkataan laita laittakaa laittaa pistä pistäkää
    säga say sanoa
    """
)
"""Verbs by which somebody gives a light: with them `vihreäksi` and `keltaisen` are lights too."""
ASPECTS = word_set(
    """
    budjetti budjetin rahoitus rahoituksen raha rahat aikataulu aikataulun kustannukset kustannus riski riskit resurssit henkilöstö laatu
    viestintä budget budgeten finansiering tidtabell tidtabellen kostnader kostnaderna risker resurser personal schedule cost costs risk
    risks funding finance resources partner staff quality tavoite ennuste mål prognos goal target aim hope
    """
)
"""Sides of an action: a light that is given to one of them is not the light of the action."""
ALTERNATIVES = word_set(
    """
    tai joko eller or vai taikka
    """
)
"""Between two lights they leave it open which one is meant."""
EVERYTHING = word_set(
    """
    kaikki kaikissa kaikkien kaikkiin kaikille kaikilla alla samtliga allt all everything everything's
    """
)
"""All that was asked."""
BOTH = word_set(
    """
    molemmat molemmissa kumpikin båda bägge both
    """
)
"""All of two; where more or fewer are asked, nobody knows which."""
THE_REST = word_set(
    """
    muut loput muissa loppujen muilta muille muihin muilla lopuille loppuihin övriga resten andra others rest remaining
    """
)
"""All that is not named elsewhere."""
INDEFINITE = word_set(
    """
    yksi yhtä yhdestä yhden yhdessä osa osassa osasta joku jokin jotkut jossain eräs kaksi muutama muutamat muutamassa någon
    något några vissa ett one some several few two
    """
)
"""`Kaikki vihreällä, mutta yhdestä en ole varma` doubts an action without a name."""
UNITS = word_set(
    """
    miljoonaa milj mrd miljardia euroa eur prosenttia tuntia päivää viikkoa kuukautta vuotta kpl kertaa hehtaaria km metriä
    miljoner kronor procent timmar dagar veckor million millions billion percent hours days weeks pv htv krt
    """
)
"""`1,5 miljoonaa` is an amount."""
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
"""`Kaikki kolme`: how many a sweep covers."""
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
