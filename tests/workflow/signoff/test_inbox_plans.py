"""決裁の一覧 are found by index: asked of PostgreSQL itself, over tables large enough to matter."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.inbox import load, plans, walked_through
from tests.factories import NOON, user
from workflow.signoff.views_inbox import PAGE

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

WHO = "somu-bucho"


def test_a_page_reads_its_own_rows_only(city: None, client: Client) -> None:
    load(steps=20_000, done=400, open_=20, who=WHO, at=NOON)
    client.force_login(user(WHO))
    lists = {"/requests/": ("step_inbox", 20), "/requests/done/": ("step_done", PAGE)}
    for path, (index, shown) in lists.items():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(path)
        found = plans(captured)
        assert index in "".join(found)
        assert not [plan for plan in found if walked_through(plan)]
        assert len(page.context["rows"]) == shown


def test_the_plan_of_a_list_without_its_index_would_be_noticed() -> None:
    assert walked_through("->  Seq Scan on workflow_step  (cost=0.00..431.00 rows=1 width=8)")
    assert not walked_through("->  Seq Scan on workflow_post  (cost=0.00..4.00 rows=1 width=8)")
