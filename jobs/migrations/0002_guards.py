"""What the database refuses, whoever asks: history is not rewritten, and a job goes only where the table lets it."""

from django.db import migrations

JOB_GUARD = """
CREATE FUNCTION jobs_job_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('pending', 'processing'), ('pending', 'failed'), ('pending', 'cancelled'),
        ('processing', 'completed'), ('processing', 'failed'), ('processing', 'partial'), ('processing', 'cancelled')
    ) THEN
        RAISE EXCEPTION 'job %: % → % is not a transition', OLD.id, OLD.status, NEW.status;
    END IF;
    IF OLD.status NOT IN ('pending', 'processing') AND (NEW.cost_cents, NEW.error_code, NEW.error_message, NEW.completed_at)
        IS DISTINCT FROM (OLD.cost_cents, OLD.error_code, OLD.error_message, OLD.completed_at) THEN
        RAISE EXCEPTION 'job % has ended: its receipt does not change', OLD.id;
    END IF;
    IF NEW.progress_percent < OLD.progress_percent THEN
        RAISE EXCEPTION 'job %: progress does not fall', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER job_guard BEFORE UPDATE ON jobs_job FOR EACH ROW EXECUTE FUNCTION jobs_job_guard();
"""

APPEND_ONLY = """
CREATE FUNCTION jobs_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON jobs_jobevent
    FOR EACH ROW EXECUTE FUNCTION jobs_append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON jobs_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION jobs_append_only();
"""

# Half of every page stays free for new versions of its rows, and dead ones are swept early: runs change all the time.
CHURN = """
ALTER TABLE jobs_itemrun SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
ALTER TABLE jobs_jobfeed SET (fillfactor = 50);
ALTER TABLE jobs_creditaccount SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.RunSQL(
            JOB_GUARD, "DROP TRIGGER job_guard ON jobs_job; DROP FUNCTION jobs_job_guard();"
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER event_append_only ON jobs_jobevent; DROP TRIGGER ledger_append_only ON jobs_ledgerentry;"
            " DROP FUNCTION jobs_append_only();",
        ),
        migrations.RunSQL(CHURN, migrations.RunSQL.noop),
    ]
