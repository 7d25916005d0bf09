from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflow.audit.verify import verify


class Command(BaseCommand):
    help = "証跡がすべてつながっていて、書き換えも欠けもないことを確かめます。"

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify()
        for found in report.findings:
            self.stdout.write(f"{found.subject}\t{found.seq}番\t{found.what}")
        checked = f"証跡{report.entries}件（対象{report.subjects}件）を確かめました。"
        if report.findings:
            raise CommandError(f"{checked}{len(report.findings)}か所に問題があります。")
        self.stdout.write(f"{checked}問題はありません。")
