"""Every sentence that reading the settings can say, in one place. No value of a secret ever stands in one."""

from __future__ import annotations

from reminder.configuration.phrases import Text, phrase, show
from reminder.configuration.wording import Complaint
from reminder.domain.programme import LANGUAGES, Localised
from reminder.errors import Severity

MAKE_KEY = "python3 -c \"import secrets; print('a:' + secrets.token_hex(32))\""

ENV_UNREADABLE = Complaint("The file cannot be read: {why}.", "Let the user that runs reminder read it, and save it as UTF-8.")
ENV_LINE = Complaint("This line is not `NAME=value`.", "Correct it, or begin it with # to make it a comment.")
MISTYPED = Complaint("There is no setting {name}.", "Did you mean `{guess}`?")
UNKNOWN = Complaint("There is no setting {name}; it has no effect.", "Remove it, or look it up in docs/configuration.md.", Severity.WARNING)
TWICE = Complaint("{name} is set, and {name}_FILE as well.", "Remove one of the two.")
SECRET_UNREADABLE = Complaint(
    "The file that {name} names cannot be read: {why}.", "Correct the path, or let the user that runs reminder read it."
)
SECRET_EMPTY = Complaint("The file that {name} names is empty.", "Write the secret into it.")
INVALID = Complaint("The value of {name} is not possible.", "{hint}")
ANOTHER_VALUE = phrase("jokin muu arvo", "ett annat värde", "another value")
_WRITE = {"fi": "Kirjoita {what}.", "sv": "Skriv {what}.", "en": "Write {what}."}

MISSING = Complaint("{name} is not set.", "Set it in .env or in the environment: {example}")
NO_MAIL_SOURCE = Complaint(
    "Nothing says where replies are read.", "Set REMINDER_IMAP_HOST, or REMINDER_MAILDIR where a local mail server delivers into a folder."
)
TWO_MAIL_SOURCES = Complaint(
    "Both REMINDER_IMAP_HOST and REMINDER_MAILDIR are set.", "Remove one of the two; replies are read from one place."
)
NO_SECRET_KEY = Complaint("REMINDER_SECRET_KEY is not set; it signs the reply addresses.", f"Make one and put it into .env: {MAKE_KEY}")
KEY_UNSOUND = Complaint("REMINDER_SECRET_KEY cannot be used: {why}.", f"This makes one: {MAKE_KEY}")
NOT_MAILBOX = Complaint("`{value}` is not a sender.", "Write `Name <seuranta@kunta.example>` or seuranta@kunta.example.")
NOT_REPLY_ADDRESS = Complaint("`{value}` is not an email address.", "Write it as seuranta@kunta.example.")
ADDRESS_TOO_LONG = Complaint(
    "The reply address {value} is too long to carry a token before its @.",
    "Use one of at most {most} characters before the @, or set REMINDER_PLUS_ADDRESS=no.",
)
PLUS_IN_ADDRESS = Complaint("The reply address {value} has a plus sign already.", "Use one without, or set REMINDER_PLUS_ADDRESS=no.")
USER_WITHOUT_PASSWORD = Complaint("{user} is set, but {password} is not.", "Set {password} or {password}_FILE.")
PASSWORD_WITHOUT_USER = Complaint("{password} is set, but {user} is not.", "Set {user} too.", Severity.WARNING)
OAUTH2_NEEDS = Complaint("{asker} needs {needed} too.", "Set {needed}; docs/operations.md says where to find it.")
OAUTH2_TWO_WAYS = Complaint("More than one is set of {names}.", "Keep the one that the service is to log in with.")
CREDENTIAL_UNSOUND = Complaint("The file that {name} names cannot be used: {why}.", "{hint}")
CERTIFICATE_OVER = Complaint(
    "The certificate that {name} names holds from {begins} to {ends}, not today.",
    "Have a new one registered for the application and put it into that file.",
)
CERTIFICATE_ENDS = Complaint(
    "The certificate that {name} names ends on {ends}; nothing is sent or read after that.",
    "Have a new one registered for the application and put it into that file; no restart is needed.",
    Severity.WARNING,
)
TOKEN_URL_UNSAFE = Complaint("{name} is not an address that a secret can be sent to.", "Write the whole address, beginning with https://.")
GRAPH_WITHOUT_VERP = Complaint(
    "REMINDER_ENVELOPE_FROM=verp cannot work with REMINDER_TRANSPORT=graph: Graph takes no envelope sender and puts that of the mailbox.",
    "Set REMINDER_ENVELOPE_FROM=plain, or send over SMTP.",
)
GRAPH_WITH_GOOGLE = Complaint(
    "REMINDER_TRANSPORT=graph is Microsoft's, but {name} is a key of Google.",
    "Set a client secret or a certificate instead, or send over SMTP.",
)
GRAPH_OTHER_SENDER = Complaint(
    "Graph sends from {value}, but REMINDER_FROM is {sender}.",
    "Let the mailbox send as that address (Send As), or use the same address.",
    Severity.WARNING,
)
CLEARTEXT = Complaint(
    "{name}=none would send mail and password over the network to {host} in the open.",
    "Use tls or starttls; where that is not possible, set REMINDER_ALLOW_CLEARTEXT=yes.",
)
NO_CA_FILE = Complaint("The file of certificates {value} cannot be read.", "Correct REMINDER_CA_FILE.")
NO_MAILDIR = Complaint(
    "{value} is not a Maildir: it has no folders `new` and `cur`.", "Correct REMINDER_MAILDIR, or let the mail server make it."
)
CLOCK_OUTSIDE = Complaint("REMINDER_CLOCK is set outside a rehearsal.", "Remove it, or set REMINDER_REHEARSAL=1.")
REHEARSAL_WITHOUT_CLOCK = Complaint(
    "This is a rehearsal on the real clock.", "Set REMINDER_CLOCK to a clock file to let time run faster.", Severity.NOTE
)
REHEARSAL_BEYOND_LOOPBACK = Complaint(
    "{name} is {host}, but a rehearsal never leaves this machine.", "Use localhost, or remove REMINDER_REHEARSAL."
)
VERP_WITHOUT_PLUS = Complaint(
    "REMINDER_ENVELOPE_FROM=verp needs plus addresses, but REMINDER_PLUS_ADDRESS is no.", "Set one of the two otherwise."
)
METRICS_UNSOUND = Complaint("`{value}` is no place to listen at.", "Write host and port, such as 127.0.0.1:9464.")
PING_UNSOUND = Complaint("{name} is not a URL that can be called.", "Write it with https:// in front.")
DATABASE_UNKNOWN = Complaint(
    "REMINDER_DATABASE_URL is for a database that is not supported.", "Write sqlite:///reminder.db or postgresql+psycopg://user@host/name."
)


def write_one_of(what: Text) -> Localised:
    """`Write yes or no.`"""
    return Localised({language: _WRITE[language].format(what=show(what, language)) for language in LANGUAGES})
