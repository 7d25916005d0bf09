import pytest

from revisions.plan.content import number_text, numbers, sheets
from tests.revisions.plan.contents import plan


def test_sheets_in_order_with_the_relisted_showing_its_original():
    assert [(number, project["uid"], relisted) for number, project, relisted in sheets(plan())] == [
        ("1-1-(1)", "online", False),
        ("1-1-(2)", "counter", False),
        ("1-2-(1)", "school", False),
        ("2-1-(1)", "paper", False),
        ("2-1-(2)", "online", True),
    ]


def test_a_number_is_that_of_the_original_place():
    content = plan()
    assert numbers(content)["online"] == "1-1-(1)"
    assert numbers(content)["paper"] == "2-1-(1)"
    assert "nowhere" not in numbers(content)


@pytest.mark.parametrize(
    "path, number", [((), ""), ((1,), "1"), ((1, 2), "1-2"), ((1, 2, 3), "1-2-(3)")]
)
def test_number_text(path, number):
    assert number_text(path) == number
