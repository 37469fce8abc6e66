"""How a mail closes: a formula of parting, a line that a phone adds, a telephone number."""

from __future__ import annotations

import re

SIGN_OFF = re.compile(
    r"\W{0,3}(?:terveisin|ystävällisin terveisin|parhain terveisin|yst\.? ?terv|terv\.|t\. |t:|kiittäen|kiitos|kiitokset"
    r"|med vänliga? hälsning|vänligen|mvh|vänliga hälsningar|hälsningar"
    r"|hälsn|tack|bästa hälsningar|best regards|kind regards|regards|best wishes|yours sincerely|sincerely|br,|thanks|thank you|cheers"
    r"|lähetetty |skickat från|skickat med|sent from|hanki outlook|hae outlook|hämta outlook|get outlook|puh\.|puhelin|tel\.|tfn|gsm|www\.|https?://)",
    re.IGNORECASE,
)
THANKS = re.compile(r"\W{0,3}(?:kiitos|kiitokset|tack|thanks|thank you)\b", re.IGNORECASE)
"""Thanks may also open a mail."""
PHONE_LINE = re.compile(r"\W{0,3}(?:\+\d{2,3}|0\d{1,3})[ \d()/-]{5,20}$")
