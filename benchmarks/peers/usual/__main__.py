"""The usual build: django-fsm-2, django-guardian, django-simple-history, on the ORM.

`python -m benchmarks.peers.usual setup | locked | unlocked`.
"""

import sys

from benchmarks.peers.settings import start
from benchmarks.serve import serve

start("simple_history", "benchmarks.peers.usual")

from django.core.management import call_command  # noqa: E402

from benchmarks.peers.people import set_up  # noqa: E402
from benchmarks.peers.usual.contestant import Usual  # noqa: E402

if sys.argv[1] == "setup":
    call_command("migrate", run_syncdb=True, verbosity=0)
    set_up()
else:
    serve(Usual(locked=sys.argv[1] == "locked"))
