"""How a provider has been lately: the circuit breaker. While it is open, admission lets no item of the provider in."""

from django.db import connection, models

OPEN_AFTER = 20
OPEN_SECONDS = 30


class ProviderHealth(models.Model):
    """`errors` failures in a row. From OPEN_AFTER on the breaker is open until `open_until`; then one item tries (half-open)."""

    provider = models.CharField(max_length=40, primary_key=True)
    errors = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "provider health"

    def __str__(self) -> str:
        return f"{self.provider}: {self.errors} errors in a row"

    @classmethod
    def failed(cls, provider: str) -> None:
        """The provider did not answer a paid call as it should; at OPEN_AFTER in a row the breaker opens, or stays open."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO jobs_providerhealth (provider, errors) VALUES (%s, 1) ON CONFLICT (provider) DO UPDATE"
                " SET errors = jobs_providerhealth.errors + 1, open_until = CASE WHEN jobs_providerhealth.errors + 1 >= %s"
                " THEN now() + make_interval(secs => %s) ELSE jobs_providerhealth.open_until END",
                [provider, OPEN_AFTER, OPEN_SECONDS],
            )

    @classmethod
    def answered(cls, provider: str) -> None:
        """The provider took an order, or refused it for what it was: it works."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_providerhealth SET errors = 0, open_until = NULL WHERE provider = %s AND errors > 0", [provider]
            )
