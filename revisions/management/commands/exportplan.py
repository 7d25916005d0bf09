from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from revisions.models import Plan, PlanVersion


class Command(BaseCommand):
    help = "計画の時点版を、ハッシュ値のもとになった正準JSONのまま出力します。"

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        """`--version` is the plan's here, not Django's."""
        return super().create_parser(*args, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", help="計画の記号(例 ict-2021)")
        parser.add_argument(
            "--version", type=int, dest="number", metavar="N", help="時点版の番号。なければ現計画"
        )

    def handle(self, *args: Any, plan: str, number: int | None, **options: Any) -> None:
        self.stdout.write(_version(plan, number).content, ending="")


def _version(code: str, number: int | None) -> PlanVersion:
    """Return the version of that number; without one, what the plan is now."""
    plan = Plan.objects.filter(code=code).select_related("current").first()
    if plan is None:
        raise CommandError(f"計画「{code}」がありません。")
    if number is None and plan.current is None:
        raise CommandError(
            f"計画「{code}」はまだ策定されていません。--version で番号を指定してください。"
        )
    version = plan.current if number is None else plan.versions.filter(number=number).first()
    if version is None:
        raise CommandError(f"計画「{code}」に時点版{number}がありません。")
    return version
