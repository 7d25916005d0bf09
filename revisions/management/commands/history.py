import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from revisions.cycle.chronicle import Event, events
from revisions.plan.models import Revision


class Command(BaseCommand):
    help = "改定の経過（いつ、どの会議や照会で、何を求め、どうなったか）を示します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("revision", type=int, metavar="REVISION", help="改定の番号")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        revision = _find(options["revision"])
        found = events(revision)
        if options["format"] == "json":
            told = [event.data() for event in found]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{revision.title}（{revision.get_state_display()}）")
        for event in found:
            self.stdout.write(_line(event))
            for deviation in event.deviations:
                self.stdout.write(f"    逸脱：{deviation.what}（理由：{deviation.reason}）")


def _find(number: int) -> Revision:
    try:
        return Revision.objects.select_related("plan").get(pk=number)
    except Revision.DoesNotExist:
        there = "、".join(f"{r.pk} {r.title}" for r in Revision.objects.order_by("pk"))
        raise CommandError(f"改定{number}はありません。今あるのは：{there or 'なし'}") from None


def _line(event: Event) -> str:
    stage = event.stage
    days = f"{event.told():<24}{event.told('era')}"
    name = f"{stage.name}（{stage.body.name}）" if stage.body else stage.name
    return "　".join([days, stage.round.name, name, stage.get_asks_display(), event.outcome])
