"""Proves that accounts, ledger and jobs agree to the cent. Exits 1, and shows rows, where they do not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.reconciliation import findings


class Command(BaseCommand):
    help = "Compares accounts, ledger, jobs and members' months; exits 1 if a cent is adrift. Changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for name, rows in findings():
            failed += bool(rows)
            self.stdout.write(f"{'DRIFT' if rows else 'ok   '}  {name}")
            for row in rows:
                self.stdout.write("       " + "  ".join(str(value) for value in row))
        if failed:
            raise CommandError(f"{failed} of the checks failed.")
