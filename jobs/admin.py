"""The backoffice's view of jobs, their timeline, and the team's money."""

from django.contrib import admin

from jobs.models import CreditAccount, Item, Job, JobEvent, LedgerEntry
from jobs.models.ledger import dollars
from wevion.accounts.backoffice import ReadOnlyInline, TeamAdmin, backoffice


class EventInline(ReadOnlyInline):
    model = JobEvent
    verbose_name_plural = "timeline"
    fields = readonly_fields = ("seq", "time", "from_status", "to_status", "note")

    def time(self, event: JobEvent) -> str:
        return f"{event.at:%Y-%m-%d %H:%M:%S} UTC"


class ItemInline(ReadOnlyInline):
    model = Item
    fields = ("position", "stage", "status", "progress_percent", "cost_cents", "error_code", "error_message")


class LedgerInline(ReadOnlyInline):
    model = LedgerEntry
    verbose_name_plural = "ledger"
    fields = ("at", "kind", "amount_cents", "balance_cents", "reason")


@admin.register(Job, site=backoffice)
class JobAdmin(TeamAdmin):
    list_display = ("created_at", "type", "provider", "user", "short_prompt", "status", "cost", "error_code", "delayed")
    list_filter = ("status", "type", "provider", "error_code", ("delayed_at", admin.EmptyFieldListFilter), "created_at")
    search_fields = ("=id", "prompt", "user__email")
    list_select_related = ("user",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    show_full_result_count = False
    list_per_page = 50
    inlines = (EventInline, ItemInline, LedgerInline)
    exclude = ("fingerprint",)

    @admin.display(description="prompt")
    def short_prompt(self, job: Job) -> str:
        return job.prompt[:60]

    @admin.display(description="cost", ordering="cost_cents")
    def cost(self, job: Job) -> str:
        return dollars(job.cost_cents) if job.cost_cents else "–"

    @admin.display(boolean=True, description="delayed")
    def delayed(self, job: Job) -> bool:
        return job.delayed_at is not None


@admin.register(LedgerEntry, site=backoffice)
class LedgerEntryAdmin(TeamAdmin):
    list_display = ("at", "team", "kind", "amount", "balance", "job", "actor", "reason")
    list_filter = ("kind", "at")
    list_select_related = ("team", "job", "actor")
    ordering = ("-at", "-id")

    @admin.display(ordering="amount_cents")
    def amount(self, entry: LedgerEntry) -> str:
        return dollars(entry.amount_cents)

    @admin.display(ordering="balance_cents")
    def balance(self, entry: LedgerEntry) -> str:
        return dollars(entry.balance_cents)


@admin.register(CreditAccount, site=backoffice)
class CreditAccountAdmin(TeamAdmin):
    list_display = ("team", "posted", "held", "available")
    list_select_related = ("team",)

    @admin.display(ordering="posted_cents")
    def posted(self, account: CreditAccount) -> str:
        return dollars(account.posted_cents)

    @admin.display(ordering="held_cents")
    def held(self, account: CreditAccount) -> str:
        return dollars(account.held_cents)

    @admin.display()
    def available(self, account: CreditAccount) -> str:
        return dollars(account.available_cents)
