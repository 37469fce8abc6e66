"""Phrases of several words, or of words in many endings, that make a light another's, a draft's, a wish's, or no light at all."""

from __future__ import annotations

import re

FOLLOWING = re.compile(
    r"(?:täällä|tässä|toistaiseksi|osaltamme|osaltani|meiltä|meidän (?:osalta|puolelta)|kuten|niin kuin|tänä vuonna|tällä hetkellä"
    r"|här|hittills|enligt (?:plan|tidtabell)|från (?:vår|min) sida|för (?:vår|min) del|för (?:oss|tillfället|närvarande)|just nu"
    r"|meidän (?:puolella|päässä)|hos oss|on our end|i (?:år|dag|nuläget|dagsläget)|here|so far|on our (?:part|side)|for (?:us"
    r"|now|the moment)|from (?:us|our side|my side)"
    r"|at (?:the moment|present)|this (?:year|time)|as (?:planned|expected|before|agreed))\b"
)
"""What may stand behind a light that is said of something: a noun may not, for then the light would be its adjective."""
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
"""What stands behind these is said not to be."""
UNSURE = re.compile(
    r"\b(?:en ole(?: ihan| aivan| täysin)? varma|emme ole varmoja|en tiedä|emme tiedä|(?:en|emme) osaa sanoa|en muista|vaikea(?:a)? sanoa"
    r"|vet (?:inte|ej)|är osäker|kan inte säga|svårt att säga|not sure|unsure|don['’]?t know|can(?:['’]?t|not) (?:say|tell)"
    r"|hard to say)\b",
    re.IGNORECASE,
)
"""Whoever writes does not know."""
EXCEPTING = re.compile(
    r"\b(?:paitsi|pois\s?lukien|poisl|pl|excl|exkl|lukuun\s?ottamatta|poikkeuksena|utom|förutom|bortsett från|undantaget"
    r"|med undantag (?:för|av)"
    r"|except(?:ing)?(?: for)?|apart from|excluding|exception of|other than|but(?=\D{0,12}\d)|kuin)\b",
    re.IGNORECASE,
)
"""What takes something out of `kaikki`; the Finnish ones may stand behind what they take out."""
LEFT_OUT = re.compile(
    r"\b(?:poikkeu\w*|undantag\w*|exception\w*|ainoastaan|enbart|erikseen|separat\w*|kesken|auki|puuttu\w*|tarkistamatta"
    r"|viivästy\w*|palaan"
    r"|återkommer|saknas|missing|later|myöhemmin|senare|to follow|will follow|jäissä|takku\w*|ongelmi\w*|peru\w*)\b",
    re.IGNORECASE,
)
"""What `kaikki vihreällä` cannot stand beside: something is left out of it, and nobody says what."""
