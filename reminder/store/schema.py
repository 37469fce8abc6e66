"""The tables. Migrations build the same ones step by step; a test compares the two.

Races are judged by the database: what must be unique is a unique key, in columns that are never NULL. Addresses stand in
`person` and in the bodies alone; everything else names people by pseudonymous ids (DESIGN, decision 6).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy import text as sql

from reminder.store.types import JsonText, SafeText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

service_state = Table(
    "service_state",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", SafeText, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("address", SafeText, unique=True),  # lower case; NULL once the person is erased
    Column("name", SafeText),
    Column("created_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),
)

message = Table(
    "message",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tag", String(4), nullable=False, index=True),  # first four characters of the id, as in the subject
    Column("kind", String(20), nullable=False),
    Column("language", String(2), nullable=False),
    Column("person", String(80), nullable=False),
    Column("message_id", SafeText, nullable=False, unique=True),
    Column("subject", SafeText, nullable=False),
    Column("size", Integer, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("answers_inbound", Integer, ForeignKey("inbound.id")),
    Column("details", JsonText, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", SafeText, nullable=False, default=""),
    Column("lease_owner", String(80)),
    Column("lease_until", UtcDateTime),
    Column("lease_epoch", Integer, nullable=False, default=0),
    Column("dot_epoch", Integer, nullable=False, default=0),  # equals lease_epoch once the dot of this lease was announced
    Column("attempts", Integer, nullable=False, default=0),
    Column("ambiguous_resends", Integer, nullable=False, default=0),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("dot_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("answers_generation", Integer, nullable=False, server_default="0"),  # the reading of the inbound mail that it answers
    Index("ix_message_state_next_attempt_at", "state", "next_attempt_at"),
    Index("ix_message_person_created_at", "person", "created_at"),
    Index("ix_message_created_at", "created_at"),
)

# One automatic answer of a kind to a person for one reading of an inbound mail, however often it is interpreted (invariant I2).
Index(
    "uq_message_automatic_answer",
    message.c.answers_inbound,
    message.c.answers_generation,
    message.c.kind,
    message.c.person,
    unique=True,
    sqlite_where=sql("kind IN ('acknowledgement', 'question')"),
    postgresql_where=sql("kind IN ('acknowledgement', 'question')"),
)

# The receipts of surveys, few among all mails: every pass asks whether one has ended whose text is to be destroyed.
Index(
    "ix_message_survey_receipt",
    message.c.state,
    sqlite_where=sql("kind = 'survey_receipt'"),
    postgresql_where=sql("kind = 'survey_receipt'"),
)

# The large and the personal stands apart, so that scans of the outbox stay small and retention has one place to clear.
message_body = Table(
    "message_body",
    metadata,
    Column("message", String(40), ForeignKey("message.id"), primary_key=True),
    Column("envelope_sender", SafeText, nullable=False),
    Column("envelope_recipient", SafeText, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("spans", JsonText, nullable=False),
    Column("items", JsonText, nullable=False),
)

step = Table(
    "step",
    metadata,
    Column("dedupe_key", String(400), primary_key=True),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("party", String(80), nullable=False),  # empty for a digest
    Column("step", String(20), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("deadline_version", Integer, nullable=False),
    Column("person", String(80), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("message", String(40), ForeignKey("message.id"), index=True),
    Column("reason", SafeText, nullable=False, default=""),
    Column("decided_at", UtcDateTime, nullable=False),
    Index("ix_step_programme_round_party", "programme", "round", "party"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("message", String(40), ForeignKey("message.id"), nullable=False),
    Column("lease_epoch", Integer, nullable=False),
    Column("owner", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("dot_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("code", Integer),
    Column("text", SafeText, nullable=False, default=""),
    UniqueConstraint("message", "lease_epoch"),
    sqlite_autoincrement=True,
)

inbound = Table(
    "inbound",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("instance", String(80), nullable=False),
    Column("account", SafeText, nullable=False),
    Column("folder", SafeText, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", SafeText, nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("internal_date", UtcDateTime, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", SafeText, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", SafeText, nullable=False, default=""),
    Column("next_attempt_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("duplicate_of", Integer, ForeignKey("inbound.id")),
    Column("is_moved", Boolean, nullable=False, default=False),
    Column("moved_at", UtcDateTime),
    Column("marks", JsonText, nullable=False),
    Column("sender", String(32), nullable=False, default="", server_default=""),  # a pseudonym; empty until it is read
    Column("read_at", UtcDateTime),  # when its last attempt was begun
    UniqueConstraint("instance", "account", "folder", "uidvalidity", "uid", name="uq_inbound_identity"),
    Index("ix_inbound_sender_read_at", "sender", "read_at"),
    Index("ix_inbound_state_internal_date", "state", "internal_date"),
    Index(
        "ix_inbound_unmoved",
        "instance",
        "account",
        "folder",
        "uidvalidity",
        sqlite_where=sql("is_moved IS 0"),
        postgresql_where=sql("is_moved IS false"),
    ),
    sqlite_autoincrement=True,
)

# Of all rows with one content, one is the original; two captures that race cannot both become it.
Index(
    "uq_inbound_original",
    inbound.c.instance,
    inbound.c.content_hash,
    unique=True,
    sqlite_where=sql("duplicate_of IS NULL"),
    postgresql_where=sql("duplicate_of IS NULL"),
)

inbound_body = Table(
    "inbound_body",
    metadata,
    Column("inbound", Integer, ForeignKey("inbound.id"), primary_key=True),
    Column("raw", LargeBinary, nullable=False),
)

# How a mail was read, and read again: the newest generation counts, and only its facts do (decision 0010).
reading = Table(
    "reading",
    metadata,
    Column("inbound", Integer, ForeignKey("inbound.id", name="fk_reading_generation_inbound"), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("parser_version", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("document", SafeText, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("cause", String(10), nullable=False),
    Column("because", SafeText, nullable=False),
    PrimaryKeyConstraint("inbound", "generation", name="pk_reading_generation"),
    Index("ix_reading_again", "inbound", sqlite_where=sql("generation > 0"), postgresql_where=sql("generation > 0")),
)

assessment = Table(
    "assessment",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source_key", String(120), nullable=False),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("party", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("light", String(10)),
    Column("phase", String(20)),
    Column("text", SafeText, nullable=False),
    Column("next_step", SafeText, nullable=False),
    Column("next_on", Date),
    Column("received_at", UtcDateTime, nullable=False),
    Column("inbound", Integer, ForeignKey("inbound.id")),
    Column("actor", String(80), nullable=False),
    Column("is_lead", Boolean, nullable=False),
    Column("is_provisional", Boolean, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("rule", SafeText, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("generation", Integer, nullable=False, server_default="0"),  # of the reading that it comes from
    UniqueConstraint("source_key", "programme", "round", "party", "action", name="uq_assessment_source"),
    Index("ix_assessment_programme_round_party", "programme", "round", "party"),
    Index("ix_assessment_programme_action", "programme", "action"),
    sqlite_autoincrement=True,
)

overlay = Table(
    "overlay",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(20), nullable=False),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("party", String(80), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("value", JsonText, nullable=False),
    Column("because", SafeText, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_because", SafeText, nullable=False, default=""),
    Index("ix_overlay_kind_subject", "kind", "subject"),
    sqlite_autoincrement=True,
)

# Which words of a party may stand on the public page, as they are or corrected; those very words, by their hash.
publication = Table(
    "publication",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("party", String(80), nullable=False),
    Column("action", String(80), nullable=False),
    Column("words_hash", String(64), nullable=False),
    Column("is_corrected", Boolean, nullable=False),
    Column("text", SafeText, nullable=False),
    Column("because", SafeText, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    sqlite_autoincrement=True,
)

bounce = Table(
    "bounce",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("message", String(40), ForeignKey("message.id"), nullable=False),
    Column("inbound", Integer, ForeignKey("inbound.id"), nullable=False),
    Column("recipient_person", String(80), nullable=False),
    Column("is_permanent", Boolean, nullable=False),
    Column("status", String(20), nullable=False),
    Column("diagnostic", SafeText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("inbound", "message"),
    sqlite_autoincrement=True,
)

# What the mails that came in prove of those that we sent: that one was taken, has arrived, was answered.
sign = Table(
    "sign",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("message", String(40), ForeignKey("message.id"), nullable=False, index=True),
    Column("inbound", Integer, ForeignKey("inbound.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("inbound", "message"),
    sqlite_autoincrement=True,
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("party", String(80), nullable=False),
    Column("document", JsonText, nullable=False),
    Index("ix_event_programme_round_party", "programme", "round", "party"),
    sqlite_autoincrement=True,
)

# What the coordinator is asked to approve: the mails of one kind of a round. A rejected one holds its kind until the last word is another.
approval = Table(
    "approval",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("batch", Integer, nullable=False),  # counts the approvals of one kind of a round; two that race for a number cannot both get it
    Column("state", String(20), nullable=False),
    Column("is_changed", Boolean, nullable=False, default=False),  # mails that were approved once and have got another text since
    Column("opened_at", UtcDateTime, nullable=False),
    Column("previewed_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(80), nullable=False, default=""),
    UniqueConstraint("programme", "round", "kind", "batch"),
    sqlite_autoincrement=True,
)

# What a coordinator orders by mail, a line each; (mail, line) is unique, so that nothing is done twice.
command = Table(
    "command",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("inbound", Integer, ForeignKey("inbound.id"), nullable=False),
    Column("place", Integer, nullable=False),  # which line of the mail, from 0
    Column("state", String(20), nullable=False),
    Column("actor", String(20), nullable=False),  # who ordered it, a pseudonym
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("document", JsonText, nullable=False),  # the command as read
    Column("result", JsonText, nullable=False),  # what was told of it
    Column("code_hash", String(64), nullable=False, default=""),
    Column("code_until", UtcDateTime),
    Column("is_confirmed", Boolean, nullable=False, default=False),  # by a code that came back
    Column("ordered_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("inbound", "place"),
    Index("ix_command_state", "state"),
    sqlite_autoincrement=True,
)

# What the answer to a mail with commands needs of that mail.
desk_mail = Table(
    "desk_mail",
    metadata,
    Column("inbound", Integer, ForeignKey("inbound.id"), primary_key=True),
    Column("document", JsonText, nullable=False),
)

approval_mail = Table(
    "approval_mail",
    metadata,
    Column("approval", Integer, ForeignKey("approval.id"), nullable=False),
    Column("message", String(40), ForeignKey("message.id"), nullable=False, index=True),
    PrimaryKeyConstraint("approval", "message"),
)

# What one process at a time may do: who does it, until when, and the epoch by which the commit of a late one is refused.
lease = Table(
    "lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("epoch", Integer, nullable=False),
)

# The service processes that live, or lived until they were killed: for `status` and `health`, never for a decision about a mail.
worker = Table(
    "worker",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("version", String(20), nullable=False),
    Column("configuration", String(20), nullable=False),
    Column("configuration_since", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# The files in force, one row: a broken edit leaves them in force, also over a restart.
configuration = Table(
    "configuration",
    metadata,
    Column("version", String(20), primary_key=True),
    Column("taken_up_at", UtcDateTime, nullable=False),
    Column("files", JsonText, nullable=False),
)

# What a person was told of a meeting; (uid, sequence) is unique, so that nothing is told twice.
invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("uid", String(255), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("method", String(10), nullable=False),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("meeting", String(20), nullable=False),
    Column("person", String(80), nullable=False),
    Column("parties", JsonText, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("place", SafeText, nullable=False),
    Column("message", String(40), ForeignKey("message.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("uid", "sequence"),
    Index("ix_invitation_programme_round", "programme", "round"),
    sqlite_autoincrement=True,
)

# What calendars answered; one answer a mail and invitation.
attendance = Table(
    "attendance",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("uid", String(255), nullable=False),
    Column("inbound", Integer, ForeignKey("inbound.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("attendance", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("stamped_at", UtcDateTime),
    Column("actor", String(80), nullable=False),
    Column("comment", SafeText, nullable=False),
    Column("proposed_start", UtcDateTime),
    Column("proposed_end", UtcDateTime),
    Column("is_old", Boolean, nullable=False),
    UniqueConstraint("uid", "inbound"),
    sqlite_autoincrement=True,
)

# How an anonymous survey was answered, and who has answered it: one row a survey in each, written anew with every reply (decision 0038).
survey_tally = Table(
    "survey_tally",
    metadata,
    Column("programme", String(80), primary_key=True),
    Column("round", String(80), primary_key=True),
    Column("document", JsonText, nullable=False),
)

survey_roll = Table(
    "survey_roll",
    metadata,
    Column("programme", String(80), primary_key=True),
    Column("round", String(80), primary_key=True),
    Column("persons", JsonText, nullable=False),  # pseudonyms, sorted
)

# What was said to a survey that is not anonymous.
survey_answer = Table(
    "survey_answer",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("programme", String(80), nullable=False),
    Column("round", String(80), nullable=False),
    Column("person", String(80), nullable=False),
    Column("inbound", Integer, ForeignKey("inbound.id"), nullable=False),
    Column("answers", JsonText, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    UniqueConstraint("inbound"),
    Index("ix_survey_answer_programme_round", "programme", "round"),
    sqlite_autoincrement=True,
)

# Mails whose rows are empty already and which are still to be deleted on the server.
shredding = Table(
    "shredding",
    metadata,
    Column("inbound", Integer, ForeignKey("inbound.id"), primary_key=True),
)

published = Table(
    "published",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state_hash", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# One row a programme, round and party (empty: the digest): when the planner must look at it next. A hint, see `agenda`.
agenda = Table(
    "agenda",
    metadata,
    Column("programme", String(80), primary_key=True),
    Column("round", String(80), primary_key=True),
    Column("party", String(80), primary_key=True),
    Column("next_look_at", UtcDateTime, index=True),  # NULL: nothing more is to come
    Column("looked_at", UtcDateTime, nullable=False, index=True),
)

# Who leads what, as the files were when they were last seen: what an edit in mid-round is compared with.
roster = Table(
    "roster",
    metadata,
    Column("programme", String(80), primary_key=True),
    Column("round", String(80), primary_key=True),
    Column("action", String(80), primary_key=True),
    Column("lead", String(80), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

# The programme as its files were, a row a version: what changed between them is worked out anew each time it is shown.
programme_version = Table(
    "programme_version",
    metadata,
    Column("programme", String(80), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("content", JsonText, nullable=False),
)
