import json

import pytest
from django.core.management import CommandError, call_command

from revisions.plan import parts
from tests.factories import NOON, user
from tests.revisions.drafts import running_revision

pytestmark = pytest.mark.django_db


def test_what_is_printed_is_what_was_hashed(city, capsys):
    revision = running_revision()
    version = parts.freeze(revision, label="試験", by=user("joho-tanto"), at=NOON)
    call_command("exportplan", "ict-2021", "--version", "1")
    printed = capsys.readouterr().out
    assert printed == version.content
    revision.plan.current = version
    revision.plan.save()
    call_command("exportplan", "ict-2021")
    assert json.loads(capsys.readouterr().out)["plan"]["code"] == "ict-2021"


@pytest.mark.parametrize("args", [["nowhere"], ["ict-2021"], ["ict-2021", "--version", "7"]])
def test_it_says_what_there_is_not(city, args):
    running_revision()
    with pytest.raises(CommandError):
        call_command("exportplan", *args)
