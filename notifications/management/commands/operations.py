import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from notifications.operations.queries import state_at
from notifications.operations.reading import as_json, lines_of


class Command(BaseCommand):
    help = "定期の仕事と送信待ちの状態を書きます。遅れや失敗があれば、1で終わります。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        state = state_at(now())
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(state), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines_of(state)))
        if not state.is_well:
            raise CommandError("遅れか失敗があります。docs/operations.md を見てください。")
