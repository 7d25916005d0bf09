"""Tables for tests: the demo city's, or one written out."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tests.factories import NOON, user
from workflow.authority.commands import adopt_table
from workflow.authority.queries import checked
from workflow.models import DecisionTable

DEMO = Path("revisions/demo/decisions.yaml").read_text(encoding="utf-8")
OLD = Path("revisions/demo/decisions-2016.csv").read_text(encoding="utf-8")

TIERS = [
    {"name": "甲 市長決裁", "who": "post:shicho"},
    {"name": "乙 副市長専決", "who": "post:fuku-shicho-a"},
    {"name": "丙 部長専決", "who": "own:department_director"},
    {"name": "丁 課長専決", "who": "own:section_chief"},
]
CHIEF = {"role": "decider", "who": "own:section_chief"}


def written(*rules: dict[str, Any], **more: Any) -> str:
    """A table as YAML; a rule left bare is 丁 課長専決 for test.plain."""
    plain = {"article": "第1条", "subject": "事項", "matter": "test.plain", "tier": "丁 課長専決"}
    table = {"name": "試験規程", "since": date(2026, 4, 1), "source": "訓令第1号", "tiers": TIERS}
    rows = [plain | {"steps": [CHIEF]} | rule for rule in rules]
    return yaml.safe_dump(table | {"rules": rows} | more, allow_unicode=True)


def adopt(text: str = DEMO) -> DecisionTable:
    return adopt_table(checked=checked(text), by=user("kanri"), at=NOON)
