"""見本市の事務決裁規程: the table of 2016 (CSV), and the one that took its place (YAML)."""

from datetime import date
from pathlib import Path

from revisions.demo.script import when, who
from workflow.authority.commands import adopt_table
from workflow.authority.queries import checked

ADMINISTRATOR = "kanri"
TABLES = [("decisions-2016.csv", date(2016, 3, 25)), ("decisions.yaml", date(2025, 3, 21))]


def load_rules() -> None:
    for name, day in TABLES:
        text = (Path(__file__).parent / name).read_text(encoding="utf-8")
        adopt_table(checked=checked(text), by=who(ADMINISTRATOR), at=when(day))
