"""Taking a secret out of what a server said: some repeat the login that they refuse (invariant X3)."""

from __future__ import annotations

import base64
from urllib.parse import quote

HUSHED = "[…]"


def hush(text: str, user: str, secret: str) -> str:
    """The text without the secret: as it is, in a URL, and as the logins of SMTP and IMAP encode it."""
    if not secret:
        return text
    plain = f"\0{user}\0{secret}".encode()
    forms = (base64.b64encode(plain).decode(), base64.b64encode(secret.encode()).decode(), secret, quote(secret, safe=""))
    for form in forms:
        text = text.replace(form, HUSHED)
    return text
