from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from revisions.demo.city import load_city, read
from revisions.demo.past import make_plan
from revisions.demo.present import start_review
from revisions.demo.rules import load_rules
from revisions.models import Plan
from workflow.deadline.calendar import in_tokyo
from workflow.models import OutboxEvent, User


class Command(BaseCommand):
    help = "見本の市、計画、二つの改定を用意します。すでにあれば何もしません。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="進行中の改定を置く日")

    def handle(self, *args: Any, today: date | None = None, **options: Any) -> None:
        today = today or in_tokyo(timezone.now())
        if Plan.objects.exists():
            self.stdout.write("見本はすでにあります。")
            return
        if not User.objects.exists():
            self.stdout.write("見本の市を用意しています…")
            load_city(today=today, password=settings.DEMO_PASSWORD or None)
        load_rules()
        about = read("plan.yaml")["plan"]
        plan = Plan.objects.create(
            code=about["code"],
            title=about["title"],
            first_year=about["first_year"],
            last_year=about["last_year"],
        )
        self.stdout.write("2020年度の策定をたどっています…")
        make_plan(plan)
        OutboxEvent.objects.update(fanned_out_at=timezone.now())  # everybody knew at the time
        self.stdout.write("進行中の中間見直しを置いています…")
        start_review(Plan.objects.get(pk=plan.pk), today)
        self.stdout.write("用意できました。")
