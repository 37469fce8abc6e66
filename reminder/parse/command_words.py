"""The words of a coordinator's commands in Finnish, Swedish and English: a phrase a verb, in the forms that people write."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reminder.domain.commands import Verb
from reminder.domain.rounds import StepKind
from reminder.domain.workdays import Unit


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for line in text.strip().splitlines() for phrase in line.split("|"))


PHRASES: Mapping[Verb, tuple[str, ...]] = {
    Verb.ACCEPT: _phrases(
        """
        hyväksy|hyväksyn|hyväksymme|hyväksytään|hyväksytty|hyväksyttäköön|hyväksytään vastaus|kelpaa|kelpuuta|kelpuutan|ota mukaan
        otetaan mukaan
        godkänn|godkänner|godkänns|godkänd|godkänt|acceptera|accepterar|accepteras|ta med|tas med
        accept|accepts|accepted|approve|approved|take in|let it count|is fine
        """
    ),
    Verb.REJECT: _phrases(
        """
        hylkää|hylkään|hylätään|hylätty|hylkäämme|ei oteta mukaan|älä ota mukaan|ei kelpaa
        avslå|avslås|avvisa|avvisar|avvisas|förkasta|förkastas|tas inte med|ta inte med
        reject|rejected|refuse|refused|turn down|do not accept|does not count
        """
    ),
    Verb.DISCARD: _phrases(
        """
        ohita|ohitan|ohitetaan|sivuuta|sivuutetaan|ei vaadi mitään|ei vaadi toimia|ei toimenpiteitä|arkistoi|arkistoidaan
        lägg undan|läggs undan|bortse från|bortse|kräver inget|inga åtgärder|arkivera|arkiveras
        discard|discarded|put away|ignore|needs nothing|no action needed|archive
        """
    ),
    Verb.ANSWERED: _phrases(
        """
        vastattu|on vastattu|vastattiin|vastasin|vastasimme|palautteeseen vastattu|palautteeseen on vastattu|merkitse vastatuksi
        merkitään vastatuksi|palaute on käsitelty
        besvarad|besvarat|är besvarad|har besvarats|besvarades|jag har svarat|vi har svarat|responsen besvarad|responsen är besvarad
        markera som besvarad
        answered|was answered|has been answered|i answered|we answered|i have answered|mark as answered|marked as answered
        feedback answered|the feedback is answered
        """
    ),
    Verb.RECORD: _phrases(
        """
        kirjaa|kirjaan|kirjataan|kirjatkaa|merkitse|merkitään|merkitsen|kirjaa vastaus|kirjaa puhelinvastaus|merkitse vastaus
        anteckna|antecknar|antecknas|skriv in|för in|registrera|registreras|notera
        record|recorded|enter|note down|write down|register|log
        """
    ),
    Verb.EXTEND: _phrases(
        """
        lisäaikaa|lisäaika|anna lisäaikaa|annetaan lisäaikaa|annan lisäaikaa|myönnä lisäaikaa|myönnetään lisäaikaa|saa lisäaikaa
        jatka määräaikaa|pidennä määräaikaa
        mera tid|mer tid|ge mera tid|ge mer tid|får mera tid|får mer tid|förläng|förläng tiden|förläng tidsfristen|anstånd|ge anstånd
        får anstånd|längre tid
        extend|extension|more time|give more time|gets more time|extend the deadline|grant an extension|give an extension
        gets an extension|grant more time
        """
    ),
    Verb.WAIVE: _phrases(
        """
        älä kysy|ei kysytä|älkää kysykö|jätä pois|jätetään pois|jätä kysymättä|jätetään kysymättä|ei tarvitse raportoida|vapauta
        vapautetaan
        fråga inte|frågas inte|ska inte frågas|lämna bort|lämnas bort|behöver inte rapporteras|efterskänk|efterskänks|slopa|slopas
        waive|waived|do not ask|don't ask|leave out|need not be reported|skip|excuse
        """
    ),
    Verb.REMIND: _phrases(
        """
        muistuta|muistutus|muistuta nyt|muistutetaan|lähetä muistutus|lähetetään muistutus|muistuttakaa|muistutus nyt|karhua
        uusi muistutus
        påminn|påminn nu|påminnelse|skicka påminnelse|skicka en påminnelse|påminns|påminnelse nu|ny påminnelse|påminn om
        skicka ny påminnelse
        remind|remind now|reminder|send a reminder|send reminder|reminder now|nudge|chase|send another reminder|new reminder
        """
    ),
    Verb.PAUSE: _phrases(
        """
        tauko|tauolle|keskeytä|keskeytä lähetys|keskeytä lähetykset|keskeytetään|pidä tauko|pysäytä viestit|pysäytä|pidä viestit
        paus|pausa|pausas|ta paus|avbryt utskicken|håll mejlen|håll inne mejlen|stoppa utskicken|stoppa mejlen|gör en paus
        pause|hold|hold the mails|pause the mails|stop the mails|suspend|take a break|hold everything|pause sending|stop sending
        """
    ),
    Verb.RESUME: _phrases(
        """
        jatka|jatka lähetystä|jatka lähetyksiä|jatketaan|lopeta tauko|päätä tauko|jatka viestejä|tauko ohi|tauko loppuu
        käynnistä lähetykset
        fortsätt|fortsätt utskicken|avsluta pausen|sluta pausen|pausen är slut|fortsätt skicka|återuppta|återuppta utskicken
        starta utskicken|pausen slut
        resume|continue|end the pause|continue sending|resume sending|resume the mails|unpause|go on|the pause is over|restart the mails
        """
    ),
    Verb.RELEASE: _phrases(
        """
        vapauta viesti|päästä viesti|lähetä viesti|päästä|lähetä|lähetetään|lähtee|lähetä uudelleen|lähetä silti|saa lähteä
        skicka|skicka mejlet|släpp|släpp mejlet|skickas|får gå|skicka på nytt|skicka ändå|sänd|låt gå
        release|send|send it|let it go|may go|send again|send anyway|resend|release the mail|send the mail
        """
    ),
    Verb.CANCEL: _phrases(
        """
        peru|peruuta|perutaan|peruutetaan|peru viesti|älä lähetä|ei lähetetä|peruuta viesti|jätä lähettämättä|poista viesti
        avbryt|avbeställ|dra tillbaka|skicka inte|skickas inte|stryk|stryks|ta bort mejlet|annullera|ställ in
        cancel|cancelled|do not send|don't send|withdraw|drop|call off|cancel the mail|never send|do not send it
        """
    ),
    Verb.SETTLE: _phrases(
        """
        perillä|on perillä|on tullut perille|tuli perille|meni perille|on mennyt perille|saapui|on saapunut|merkitse perille|kuittaa
        kuittaa viesti|kuitataan
        framme|är framme|kom fram|har kommit fram|kommit fram|anlände|har anlänt|kvittera|kvittera mejlet|markera som framkommet
        är framkommet|kvitteras
        arrived|has arrived|did arrive|was delivered|delivered|got there|settle|settle the mail|mark as arrived|is there|reached them
        was received
        """
    ),
    Verb.CLOSE: _phrases(
        """
        sulje kierros|suljetaan kierros|kierros suljetaan|päätä kierros|päätetään kierros|kierros päätetään|kierros kiinni
        lopeta kierros|sulje|kierros voidaan sulkea
        stäng rundan|rundan stängs|stäng omgången|omgången stängs|avsluta rundan|avsluta omgången|rundan avslutas|omgången avslutas
        stäng|rundan kan stängas
        close the round|close round|the round is closed|end the round|close|finish the round|round closed|the round ends
        the round can be closed|shut the round
        """
    ),
    Verb.REOPEN: _phrases(
        """
        avaa kierros|avataan kierros|kierros avataan|avaa kierros uudelleen|avataan kierros uudelleen|kierros auki|avaa uudelleen
        jatka kierrosta|pidennä kierrosta|kierros avataan uudelleen
        öppna rundan|rundan öppnas|öppna omgången|omgången öppnas|öppna rundan igen|öppna omgången igen|öppna på nytt|förläng rundan
        förläng omgången|öppna igen
        reopen|reopen the round|open the round|open the round again|the round is open again|extend the round|open again|round open
        continue the round|reopen round
        """
    ),
    Verb.APPROVE: _phrases(
        """
        hyväksy ennakot|hyväksy ennakko|hyväksyn ennakot|ennakot hyväksytään|hyväksy ennakkokatselu|hyväksy ennakkokatselut
        hyväksy lähtevät|hyväksy lähtevät viestit|hyväksy lähetys|hyväksy lähetykset|hyväksy pyynnöt|hyväksy muistutukset
        hyväksy ennakkotiedot|ennakot kelpaavat|ennakot saa lähettää
        godkänn utskicken|godkänn utskicket|jag godkänner utskicken|utskicken godkänns|godkänn förhandsvisningen
        godkänn förhandsvisningarna|godkänn begärandena|godkänn påminnelserna|godkänn förhandsbeskeden|utskicken får gå
        godkänn utgående mejl|släpp utskicken
        approve previews|approve the previews|approve the preview|approve preview|previews approved|approve outgoing mails
        approve the outgoing mails|approve requests|approve the requests|approve reminders|approve the reminders|approve notices
        the previews may go
        """
    ),
    Verb.STOP: _phrases(
        """
        hylkää ennakot|hylkään ennakot|ennakot hylätään|hylkää ennakkokatselu|pysäytä ennakot|pysäytetään ennakot|älä lähetä ennakoita
        pysäytä lähtevät|hylkää pyynnöt|hylkää muistutukset|hylkää lähtevät viestit|ennakoita ei lähetetä
        avslå utskicken|jag avslår utskicken|utskicken avslås|avslå utskicket|avslå förhandsvisningen|stoppa förhandsvisningen
        godkänn inte utskicken|avslå begärandena|avslå påminnelserna|skicka inte utskicken|stoppa begärandena
        reject previews|reject the previews|reject the preview|reject preview|previews rejected|stop the previews|stop previews
        do not approve the previews|reject requests|reject reminders|reject the requests|hold the previews
        """
    ),
    Verb.REFUSE: _phrases(
        """
        ei lisäaikaa|lisäaikaa ei anneta|lisäaikaa ei myönnetä|ei myönnetä lisäaikaa|epää|epään|evätään|epää lisäaika|hylkää pyyntö
        pyyntö hylätään|epää pyyntö|ei suostuta
        ingen mera tid|ingen mer tid|mera tid ges inte|mer tid ges inte|ge inte mer tid|neka|nekar|nekas|avslå begäran|begäran avslås
        inget anstånd|bevilja inte
        no more time|refuse more time|deny|denied|deny the request|refuse the request|refuse request|decline|decline the request
        no extension|turn down the request
        """
    ),
    Verb.CONTACT: _phrases(
        """
        uusi yhteyshenkilö|yhteyshenkilö|vaihda yhteyshenkilö|vaihdetaan yhteyshenkilö|korvaa yhteyshenkilö|muuta yhteyshenkilö
        yhteyshenkilö on|yhteyshenkilö on nyt|yhteyshenkilöksi|uudeksi yhteyshenkilöksi|päivitä yhteyshenkilö|uusi osoite
        vaihda osoite|yhteyshenkilö vaihtuu
        ny kontaktperson|kontaktperson|byt kontaktperson|kontaktpersonen byts|ersätt kontaktperson|ändra kontaktperson|kontaktperson är
        kontaktperson är nu|uppdatera kontaktperson|ny adress|byt adress|som ny kontaktperson
        new contact|contact|replace contact|replace the contact|change contact|change the contact|contact is now|the contact is now
        update contact|update the contact|new address|change the address|new contact person
        """
    ),
    Verb.DEPUTY: _phrases(
        """
        sijainen|uusi sijainen|lisää sijainen|lisätään sijainen|sijaiseksi|sijainen on|sijaisena on|merkitse sijainen|nimeä sijainen
        sijaisena vastaa|varahenkilö|lisää varahenkilö
        ställföreträdare|ny ställföreträdare|lägg till ställföreträdare|ersättare|ny ersättare|lägg till ersättare|vikarie|ny vikarie
        lägg till vikarie|som ersättare|ställföreträdare är|ersättare är
        deputy|new deputy|add deputy|add a deputy|add the deputy|deputy is|the deputy is|name deputy|as deputy|stand-in|add stand-in
        name a deputy
        """
    ),
    Verb.HAND_OVER: _phrases(
        """
        luovuta koosteet|luovutan koosteet|luovuta koordinointi|luovutan koordinoinnin|koosteet siirtyvät|siirrä koosteet|siirrän koosteet
        uusi koordinaattori|koordinaattori vaihtuu|seuraajani on|seuraajani|seuraaja on|luovuta tehtävä|luovutan tehtävän
        lämna över|jag lämnar över|överlämna|överlämna sammandragen|ny samordnare|ny koordinator|min efterträdare är|min efterträdare
        efterträdare är|samordnaren byts|överlåt sammandragen|lämna över uppgiften
        hand over|hand over the desk|i hand over|hand the desk over|hand over to|new coordinator|my successor is|my successor|successor is
        transfer the desk|pass the desk|the coordinator is now
        """
    ),
    Verb.PUBLISH: _phrases(
        """
        julkaise|julkaisen|julkaistaan|julkaise teksti|julkaise tekstit|julkaistaan tekstit|julkaise sanat|saa julkaista
        tekstin saa julkaista|tekstit saa julkaista|hyväksy julkaistavaksi|hyväksy tekstit|hyväksy teksti
        publicera|publicerar|publiceras|publicera texten|publicera texterna|texten publiceras|texterna publiceras|får publiceras
        texterna får publiceras|godkänn texten|godkänn texterna|offentliggör
        publish|published|publish the text|publish the texts|publish text|publish texts|may be published|the texts may be published
        approve the text|approve the texts|make public|release the texts
        """
    ),
    Verb.CORRECT: _phrases(
        """
        korjaa|korjaan|korjataan|korjaa teksti|korjaa julkaistu teksti|korjataan teksti|muuta teksti|muutetaan teksti|oikaise
        oikaise teksti|teksti kuuluu|julkaise korjattuna
        rätta|rättar|rättas|rätta texten|rätta till|ändra texten|texten ändras till|korrigera|korrigera texten|texten ska lyda
        texten lyder|publicera rättad
        correct|correct the text|corrected|correct text|amend|amend the text|change the text|fix the text|the text reads
        reword|publish corrected
        """
    ),
    Verb.STATUS: _phrases(
        """
        tilanne|tilanne nyt|lähetä tilanne|näytä tilanne|kooste|kooste nyt|lähetä kooste|lähetä kooste nyt
        uusi kooste|tilannekatsaus
        läget|läget nu|skicka läget|visa läget|sammandrag|sammandrag nu|skicka sammandrag|skicka sammandraget
        nytt sammandrag
        status|status now|send status|send the status|show status|digest|digest now|send the digest
        new digest
        """
    ),
    Verb.REPORT: _phrases(
        """
        raportti|raportti nyt|lähetä raportti|lähetä raportti nyt|seurantaraportti|seurantaraportti nyt
        lähetä seurantaraportti|uusi raportti
        rapport|rapporten nu|skicka rapport|skicka rapporten|skicka rapporten nu|uppföljningsrapporten|skicka uppföljningsrapporten
        report|report now|send report|send the report|send the report now|send a report|send the follow-up report|new report
        """
    ),
    Verb.TAKE_BACK: _phrases(
        """
        peru|peruuta|perutaan|kumoa|kumotaan|ota takaisin|otetaan takaisin|kumoan|mitätöi|peruutetaan
        återta|återtas|ångra|upphäv|upphävs|ta tillbaka|dra tillbaka|återkalla|annullera|ångrar
        undo|take back|revoke|withdraw|revert|cancel|rescind|call back|undone|reverse
        """
    ),
}
"""Each verb with its phrases, casefolded. A phrase of two verbs is told apart by what it is about."""

_THINGS = {
    Verb.EXTEND: r"lisäaika|lisäajan|lisäaikaa|mera tid|mer tid|den längre tiden|anståndet|anstånd|förlängningen|the extension|extension"
    r"|more time",
    Verb.WAIVE: r"vapautus|vapautuksen|kysymättä jättäminen|kysymättä jättämisen|poisto|poiston|befrielsen|slopandet|undantaget"
    r"|the waiver|waiver",
    Verb.REMIND: r"muistutus|muistutuksen|påminnelsen|påminnelse|the reminder|reminder",
    Verb.CLOSE: r"kierroksen sulkeminen|kierroksen sulkemisen|sulkeminen|sulkemisen|stängningen|the closing|closing",
    Verb.PAUSE: r"tauko|tauon|pausen|paus|the pause|pause",
    Verb.CONTACT: r"yhteyshenkilön vaihto|yhteyshenkilön|yhteyshenkilö|kontaktpersonen|kontaktperson|the contact|contact",
    Verb.DEPUTY: r"sijaisen|sijainen|varahenkilö|ställföreträdare|ställföreträdaren|ersättaren|ersättare|vikarien|the deputy|deputy",
    Verb.HAND_OVER: r"luovutus|luovutuksen|överlämningen|överlämning|the handover|handover|hand-over",
    Verb.PUBLISH: r"julkaisu|julkaisun|julkaiseminen|julkaisemisen|publiceringen|publicering|the publishing|publishing|publication",
    Verb.CORRECT: r"korjaus|korjauksen|oikaisu|oikaisun|rättelsen|rättelse|the correction|correction",
}
THINGS: Mapping[Verb, re.Pattern[str]] = {verb: re.compile(rf"\b(?:{words})\b") for verb, words in _THINGS.items()}
"""What can be taken back, by its noun."""

_COURTESY = """
hei hej hi hello moi terve kiitos kiitoksia tack thanks thank you please ole hyvä olkaa hyvät ystävällisesti vänligen snälla var snäll
ja och and sekä sitten myös vielä också then also kyllä ok okei okay joo ja niin samoin
"""
_LITTLE = """
vastaus vastauksen vastauksia vastaukset vastausta viesti viestin viestiä viestit saapunut saapuneen numero nro toimenpide toimenpiteen
toimenpidettä toimenpiteestä toimenpiteelle toimenpiteet kohta kohdan kohdasta asti saakka päivään mennessä jälkeen kierrokselta
kierroksella anna annan annetaan saa
tällä tältä on nyt heti tänään kaikki uusi uuden määräaika määräajaksi valo arvio arvioksi tila on tahon taholle vastuutaho vastuutahon
vastuutaholle puolesta vastauksena nimissä
svar svaret svaren meddelandet meddelande mejl mejlet inkommet nummer nr åtgärd åtgärden åtgärderna punkt punkten till till och med tom
fram senast nu genast idag alla ny nytt den det de för av från i denna runda rundan omgången ge får som är läget ljus med åt en ett parten
reply replies answer answers mail mails message messages number no action actions measure item until to till by for from of the a an it
this that round now today at once all new deadline as is light on with give gets grant on behalf party
"""
COURTESY = frozenset(_COURTESY.split())
"""Words that may stand anywhere and say nothing."""
LITTLE = frozenset(_LITTLE.split())
"""Words around the objects of a command."""

UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(words))
    for unit, words in (
        (Unit.WORKING_DAYS, r"arkipäivä\w*|työpäivä\w*|vardag\w*|arbetsdag\w*|(?:working|business) days?"),
        (Unit.WEEKS, r"viik\w+|vko\w*|veck\w+|weeks?"),
        (Unit.MONTHS, r"kuukau\w+|kk|månad\w*|months?"),
        (Unit.DAYS, r"päivä\w*|pv|dag(?:ar(?:na)?|en)?|days?"),
    )
)
_COUNTED = (
    "yksi yhden|kaksi kahden|kolme kolmen|neljä neljän|viisi viiden|kuusi kuuden|seitsemän|kahdeksan|yhdeksän|kymmenen",
    "en ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio",
    "one a|two|three|four|five|six|seven|eight|nine|ten",
)
COUNTS: Mapping[str, int] = {
    word: count for words in _COUNTED for count, group in enumerate(words.split("|"), start=1) for word in group.split()
}
"""Numbers as words."""

MAILS: tuple[tuple[StepKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{words})(?!\w)"))
    for kind, words in (
        (StepKind.NOTICE, r"ennakkotiedot|ennakkotieto|förhandsbesked(?:en|et)?|notices?"),
        (StepKind.REQUEST, r"pyynnöt|pyyntö|begäran|begärandena|requests?"),
        (StepKind.LAST_CALL, r"viimeiset muistutukset|sista påminnelserna|last calls?"),
        (StepKind.ESCALATION, r"tiedot esihenkilöille|beskeden till cheferna|escalations?"),
        (StepKind.REMINDER, r"muistutukset|muistutus|påminnelserna|påminnelsen|reminders?"),
    )
)
"""The kinds of mails that are approved, by their nouns; the longer one first."""
IS = re.compile(r"(?<!\w)(?:on|oli|är|var(?! snäll)|is|was)(?!\w)")
ALL_TEXTS = re.compile(r"(?<!\w)(?:kaikki|tekstit|sanat|alla|texterna|all|texts)(?!\w)")
"""That every text is meant that waits to be published."""

NEGATION = re.compile(r"\b(?:ei|en|emme|älä|älkää|eikä|inte|ej|aldrig|not|don[’']?t|never|no)\b")
CONDITION = re.compile(
    r"\b(?:jos|kun|kunhan|vasta|ehkä|mutta|paitsi|odota|odottakaa|mikäli|tai|om|när|kanske|men|utom|vänta|ifall|eller"
    r"|if|when|unless|maybe|perhaps|but|except|wait|or)\b"
)
QUESTION = re.compile(r"\?|\b(?:pitäisikö|voiko|voisiko|saako|onko|kannattaako|ska vi|borde|kan vi|should|could we|shall)\b")
REASON = re.compile(r"(?::(?=\s|$)|\s[–—-]\s|,?\s+(?:koska|sillä|syynä|eftersom|ty|because|since)\s)")
"""Where the reason, or the words of a record, begins."""
