"""One number per person that rises with every visible change: the panel's question "anything new?" is one indexed read."""

from django.db import connection, models

from wevion.accounts.models import User

RAISE = """
INSERT INTO jobs_jobfeed (user_id, version) VALUES (%s, 1)
    ON CONFLICT (user_id) DO UPDATE SET version = jobs_jobfeed.version + 1
"""


class JobFeed(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="job_feed")
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id} v{self.version}"

    @classmethod
    def version_of(cls, user: User) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version FROM jobs_jobfeed WHERE user_id = %s", [user.pk])
            found = cursor.fetchone()
        return found[0] if found else 0
