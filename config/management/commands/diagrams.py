from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from config.diagrams import render


class Command(BaseCommand):
    help = "状態と経路の図を書きます。--check は、図が今のプログラムのものかを確かめます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--write", type=Path, metavar="PATH")
        what.add_argument("--check", type=Path, metavar="PATH")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with override("ja"):
                text = render()
        except LookupError as wordless:
            raise CommandError(str(wordless)) from None
        if options["write"]:
            options["write"].write_text(text, encoding="utf-8")
        elif _read(options["check"]) != text:
            path = options["check"]
            mend = f"manage.py diagrams --write {path}"
            raise CommandError(f"{path} が今のプログラムと違います。{mend} を実行してください。")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
