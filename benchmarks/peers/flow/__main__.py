"""django-viewflow with its lock on the row and guardian's rights. `setup | locked`."""

import sys

from benchmarks.peers.settings import start
from benchmarks.serve import serve

start("viewflow", "viewflow.workflow", "benchmarks.peers.flow")

from django.core.management import call_command  # noqa: E402

from benchmarks.peers.flow.contestant import Flow  # noqa: E402
from benchmarks.peers.people import set_up  # noqa: E402

if sys.argv[1] == "setup":
    call_command("migrate", run_syncdb=True, verbosity=0)
    set_up()
else:
    serve(Flow())
