"""First tables: people, outbox, inbox, what is said, what is decided, history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from reminder.store.types import JsonText, SafeText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Goes up from an empty database. A table comes after those that it refers to."""
    _create_event()
    _create_inbound()
    _create_overlay()
    _create_person()
    _create_published()
    _create_service_state()
    _create_assessment()
    _create_inbound_body()
    _create_message()
    _create_reading()
    _create_attempt()
    _create_bounce()
    _create_message_body()
    _create_step()


def _create_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("document", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_event_at"), "event", ["at"], unique=False)


def _create_inbound() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("instance", sa.String(length=80), nullable=False),
        sa.Column("account", SafeText(), nullable=False),
        sa.Column("folder", SafeText(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", SafeText(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("internal_date", UtcDateTime(), nullable=False),
        sa.Column("captured_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", SafeText(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", SafeText(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("duplicate_of", sa.Integer(), nullable=True),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=True),
        sa.Column("marks", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["duplicate_of"], ["inbound.id"], name=op.f("fk_inbound_duplicate_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("instance", "account", "folder", "uidvalidity", "uid", name="uq_inbound_identity"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inbound_content_hash"), "inbound", ["content_hash"], unique=False)
    op.create_index("ix_inbound_state_internal_date", "inbound", ["state", "internal_date"], unique=False)
    op.create_index(
        "uq_inbound_original",
        "inbound",
        ["instance", "content_hash"],
        unique=True,
        sqlite_where=sa.text("duplicate_of IS NULL"),
        postgresql_where=sa.text("duplicate_of IS NULL"),
    )


def _create_overlay() -> None:
    op.create_table(
        "overlay",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("value", JsonText(), nullable=False),
        sa.Column("because", SafeText(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_because", SafeText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overlay")),
        sqlite_autoincrement=True,
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("address", SafeText(), nullable=True),
        sa.Column("name", SafeText(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("address", name=op.f("uq_person_address")),
    )


def _create_published() -> None:
    op.create_table(
        "published",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published")),
        sqlite_autoincrement=True,
    )


def _create_service_state() -> None:
    op.create_table(
        "service_state",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", SafeText(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_service_state")),
    )


def _create_assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("light", sa.String(length=10), nullable=True),
        sa.Column("phase", sa.String(length=20), nullable=True),
        sa.Column("text", SafeText(), nullable=False),
        sa.Column("next_step", SafeText(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("inbound", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("rule", SafeText(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_assessment_inbound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("source_key", "programme", "round", "party", "action", name="uq_assessment_source"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_assessment_programme_round", "assessment", ["programme", "round"], unique=False)


def _create_inbound_body() -> None:
    op.create_table(
        "inbound_body",
        sa.Column("inbound", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_inbound_body_inbound")),
        sa.PrimaryKeyConstraint("inbound", name=op.f("pk_inbound_body")),
    )


def _create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tag", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("message_id", SafeText(), nullable=False),
        sa.Column("subject", SafeText(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("answers_inbound", sa.Integer(), nullable=True),
        sa.Column("details", JsonText(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", SafeText(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("dot_epoch", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ambiguous_resends", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("dot_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["answers_inbound"], ["inbound.id"], name=op.f("fk_message_answers_inbound")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    op.create_index("ix_message_person_created_at", "message", ["person", "created_at"], unique=False)
    op.create_index("ix_message_state_next_attempt_at", "message", ["state", "next_attempt_at"], unique=False)
    op.create_index(op.f("ix_message_tag"), "message", ["tag"], unique=False)
    op.create_index(
        "uq_message_automatic_answer",
        "message",
        ["answers_inbound", "kind", "person"],
        unique=True,
        sqlite_where=sa.text("kind IN ('acknowledgement', 'question')"),
        postgresql_where=sa.text("kind IN ('acknowledgement', 'question')"),
    )


def _create_reading() -> None:
    op.create_table(
        "reading",
        sa.Column("inbound", sa.Integer(), nullable=False),
        sa.Column("parser_version", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("document", SafeText(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_reading_inbound")),
        sa.PrimaryKeyConstraint("inbound", "parser_version", name=op.f("pk_reading")),
    )


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("dot_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("text", SafeText(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=op.f("fk_attempt_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("message", "lease_epoch", name=op.f("uq_attempt_message_lease_epoch")),
        sqlite_autoincrement=True,
    )


def _create_bounce() -> None:
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("inbound", sa.Integer(), nullable=False),
        sa.Column("recipient_person", sa.String(length=80), nullable=False),
        sa.Column("is_permanent", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("diagnostic", SafeText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["inbound"], ["inbound.id"], name=op.f("fk_bounce_inbound")),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=op.f("fk_bounce_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("inbound", "message", name=op.f("uq_bounce_inbound_message")),
        sqlite_autoincrement=True,
    )


def _create_message_body() -> None:
    op.create_table(
        "message_body",
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("envelope_sender", SafeText(), nullable=False),
        sa.Column("envelope_recipient", SafeText(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("spans", JsonText(), nullable=False),
        sa.Column("items", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=op.f("fk_message_body_message")),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_message_body")),
    )


def _create_step() -> None:
    op.create_table(
        "step",
        sa.Column("dedupe_key", sa.String(length=400), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("deadline_version", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=True),
        sa.Column("reason", SafeText(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name=op.f("fk_step_message")),
        sa.PrimaryKeyConstraint("dedupe_key", name=op.f("pk_step")),
    )
    op.create_index(op.f("ix_step_message"), "step", ["message"], unique=False)
    op.create_index("ix_step_programme_round_party", "step", ["programme", "round", "party"], unique=False)
