"""The codes that confirm what one line more could not take back: given once, used once, for one line of one coordinator."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from reminder.domain.programme import Language
from reminder.flows.desk_words import tell
from reminder.flows.house import House
from reminder.flows.ordering import Told
from reminder.store import commands
from reminder.store.commands import CommandState, DeskMail


def hash_code(house: House, actor: str, code: str) -> str:
    """The keyed hash of a code; the code itself is kept nowhere but in the mail."""
    secret = house.addressing.keyring.keys[0].secret.encode()
    return hmac.new(secret, f"code/{actor}/{code.replace('-', '').upper()}".encode(), hashlib.sha256).hexdigest()


def take_codes(
    conn: Connection, house: House, inbound_id: int, mail: DeskMail, codes: Sequence[str], language: Language, now: datetime
) -> None:
    """A good code moves its line into this mail, to be carried out; any other is told of, and changes nothing."""
    for code in codes:
        hashed = hash_code(house, mail.actor, code)
        given = commands.find_coded(conn, mail.actor, hashed)
        if given is None:
            told = Told(said=tell("code_unknown", language))
            commands.add_refused(conn, inbound_id, mail, code, told.as_document(), now)
        elif commands.use_code(conn, given, now):
            commands.add_confirmed(conn, inbound_id, mail, given, now)
        else:
            sentence = "code_used" if given.state is CommandState.DONE else "code_expired"
            told = Told(said=tell(sentence, language, line=given.command.line))
            commands.add_refused(conn, inbound_id, mail, code, told.as_document(), now)
