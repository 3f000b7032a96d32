"""The first tables of profiles."""

import sqlalchemy as sa
from alembic import op

from chassis.db import Utc
from chassis.migrate import create_technical

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the technical tables, and this service's own."""
    create_technical(op.get_bind())
    op.create_table(
        "access_redactions",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("item_key", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "request_id", "item_key", name=op.f("pk_access_redactions")),
    )
    op.create_table(
        "access_requests",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.String(), nullable=True),
        sa.Column("child_wishes", sa.String(), nullable=True),
        sa.Column("child_asked_by", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=36), nullable=True),
        sa.Column("reviewed_at", Utc(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("item_keys", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_access_requests")),
    )
    op.create_index("ix_access_requests_pupil", "access_requests", ["school_id", "pupil_id", "guardian_id"],
                    unique=False)
    op.create_table(
        "aliases",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("own_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "source", "kind", "external_id", name=op.f("pk_aliases")),
    )
    op.create_index("ix_aliases_own_id", "aliases", ["school_id", "own_id"], unique=False)
    op.create_table(
        "classes",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_classes")),
    )
    op.create_table(
        "consent_answer_changes",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("consent_id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_consent_answer_changes")),
    )
    op.create_index("ix_consent_answer_changes_consent", "consent_answer_changes",
                    ["school_id", "consent_id", "pupil_id"], unique=False)
    op.create_table(
        "consent_answers",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("consent_id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "consent_id", "pupil_id", "guardian_id", name=op.f("pk_consent_answers")),
    )
    op.create_table(
        "consent_pupils",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("consent_id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "consent_id", "pupil_id", name=op.f("pk_consent_pupils")),
    )
    op.create_index("ix_consent_pupils_pupil", "consent_pupils", ["school_id", "pupil_id", "consent_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("class_ids", sa.JSON(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closes_at", Utc(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_consents")),
    )
    op.create_table(
        "enrolments",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "class_id", "person_id", name=op.f("pk_enrolments")),
    )
    op.create_index("ix_enrolments_person", "enrolments", ["school_id", "person_id"], unique=False)
    op.create_table(
        "guardians",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("prefers_voice", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_guardians")),
    )
    op.create_table(
        "praise",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("sent_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_praise")),
    )
    op.create_index("ix_praise_pupil", "praise", ["school_id", "pupil_id", "id"], unique=False)
    op.create_table(
        "pupils",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("year_group", sa.String(), nullable=False),
        sa.Column("upn", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_pupils")),
    )
    op.create_table(
        "care_orders",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", Utc(), nullable=False),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_care_orders")),
    )
    op.create_index("ix_care_orders_pupil", "care_orders", ["school_id", "pupil_id"], unique=False)
    op.create_table(
        "held_rights",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("agreed_by", sa.String(length=36), nullable=False),
        sa.Column("agreed_at", Utc(), nullable=False),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_held_rights")),
    )
    op.create_index("ix_held_rights_pair", "held_rights", ["school_id", "pupil_id", "guardian_id"], unique=False)
    op.create_table(
        "keep_apart",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("first_id", sa.String(length=36), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", Utc(), nullable=False),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.Column("lift_asked_by", sa.String(length=36), nullable=True),
        sa.Column("lift_asked_at", Utc(), nullable=True),
        sa.Column("lifted_by", sa.String(length=36), nullable=True),
        sa.Column("lifted_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_keep_apart")),
    )
    op.create_index("ix_keep_apart_first", "keep_apart", ["school_id", "first_id"], unique=False)
    op.create_index("ix_keep_apart_second", "keep_apart", ["school_id", "second_id"], unique=False)
    op.create_table(
        "past_relationships",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parental_responsibility", sa.String(), nullable=False),
        sa.Column("responsibility_seen", sa.String(), nullable=True),
        sa.Column("restriction", sa.String(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("checked_seen", sa.String(), nullable=True),
        sa.Column("lives_with", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("pupil_is_current", sa.Boolean(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_past_relationships")),
    )
    op.create_index("ix_past_relationships_pair", "past_relationships", ["school_id", "pupil_id", "guardian_id"],
                    unique=False)
    op.create_table(
        "policy_versions",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("starts_at", Utc(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "number", name=op.f("pk_policy_versions")),
    )
    op.create_table(
        "read_marks",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("marked_by", sa.String(length=36), nullable=False),
        sa.Column("marked_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", "staff_id", "what", name=op.f("pk_read_marks")),
    )
    op.create_table(
        "record_reads",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("read_at", Utc(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_record_reads")),
    )
    op.create_index("ix_record_reads_pupil", "record_reads", ["school_id", "pupil_id", "read_at"], unique=False)
    op.create_table(
        "relationships",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parental_responsibility", sa.String(), nullable=False),
        sa.Column("responsibility_seen", sa.String(), nullable=True),
        sa.Column("restriction", sa.String(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("checked_seen", sa.String(), nullable=True),
        sa.Column("lives_with", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("pupil_is_current", sa.Boolean(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("allowed", sa.JSON(), nullable=False),
        sa.Column("file_says", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", "guardian_id", name=op.f("pk_relationships")),
    )
    op.create_index("ix_relationships_guardian", "relationships", ["school_id", "guardian_id"], unique=False)
    op.create_table(
        "restrictions",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("takes", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("starts_at", Utc(), nullable=True),
        sa.Column("ends_at", Utc(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", Utc(), nullable=False),
        sa.Column("lift_reason", sa.String(), nullable=True),
        sa.Column("lift_asked_by", sa.String(length=36), nullable=True),
        sa.Column("lift_asked_at", Utc(), nullable=True),
        sa.Column("lifted_by", sa.String(length=36), nullable=True),
        sa.Column("lifted_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_restrictions")),
    )
    op.create_index("ix_restrictions_pair", "restrictions", ["school_id", "pupil_id", "guardian_id"], unique=False)
    op.create_table(
        "rights_changes",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=True),
        sa.Column("guardian_id", sa.String(length=36), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.Column("gained", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_rights_changes")),
    )
    op.create_index("ix_rights_changes_pair", "rights_changes", ["school_id", "pupil_id", "guardian_id"], unique=False)
    op.create_table(
        "rights_looks",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=True),
        sa.Column("guardian_id", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_rights_looks")),
    )
    op.create_table(
        "roster_chunks",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "import_id", "number", name=op.f("pk_roster_chunks")),
    )
    op.create_table(
        "roster_imports",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("finished_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_roster_imports")),
    )
    op.create_table(
        "schools",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("accent", sa.String(), nullable=False),
        sa.Column("state_version", sa.Integer(), nullable=False),
        sa.Column("last_beat_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_schools")),
    )
    op.create_table(
        "staff",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_staff")),
    )
    op.create_table(
        "update_readers",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("update_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("acknowledged_at", Utc(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "update_id", "staff_id", name=op.f("pk_update_readers")),
    )
    op.create_index("ix_update_readers_staff", "update_readers", ["school_id", "staff_id"], unique=False)
    op.create_table(
        "updates",
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("pupil_id", sa.String(length=36), nullable=False),
        sa.Column("guardian_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=True),
        sa.Column("shared_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_updates")),
    )
    op.create_index("ix_updates_pupil", "updates", ["school_id", "pupil_id"], unique=False)
