from datetime import date

import pytest

from workflow.deadline.calendar import Calendar
from workflow.path.parts import lay


@pytest.mark.django_db(transaction=True)
def test_lay_refuses_to_run_outside_a_command() -> None:
    with pytest.raises(RuntimeError):
        lay("standard", title="試験", starts_on=date(2026, 11, 24), calendar=Calendar())
