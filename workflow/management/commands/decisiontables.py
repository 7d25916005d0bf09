from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from workflow.authority.checking import Checked
from workflow.authority.commands import adopt_table
from workflow.authority.queries import checked
from workflow.authority.reading import text_of
from workflow.errors import Invalid


class Command(BaseCommand):
    help = "事務決裁規程の決裁区分表(CSVまたはYAML)を読み、定めます。"

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        load = acts.add_parser("load", help="表を読み、誤りがなければ定めます。")
        load.add_argument("file", type=Path)
        load.add_argument("--dry-run", action="store_true", help="確かめるだけで、定めません。")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            found = checked(text_of(file.read_bytes()))
        except (OSError, Invalid) as error:
            raise CommandError(f"{file}: {error}") from error
        self._tell(found)
        if found.errors:
            raise CommandError(f"誤りが{len(found.errors)}件あります。何も定めていません。")
        if dry_run:
            self.stdout.write("確かめました。定めていません。")
            return
        adopt_table(checked=found, by=None, at=timezone.now())
        self.stdout.write("定めました。")

    def _tell(self, found: Checked) -> None:
        self.stdout.write(f"{found.name} {found.since} 施行 決裁事項{len(found.rules)}件")
        for finding in found.findings:
            kind = "誤り" if finding.is_error else "注意"
            where = " ".join(word for word in (finding.row, finding.field) if word)
            self.stdout.write(f"{kind}: {where}: {finding.text}")
