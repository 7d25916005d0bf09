"""`python -m benchmarks.ours setup | commands | floor`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from benchmarks.ours.contestants import Commands, Raw, set_up  # noqa: E402
from benchmarks.serve import serve  # noqa: E402

if sys.argv[1] == "setup":
    set_up()
else:
    serve({"commands": Commands, "floor": Raw}[sys.argv[1]]())
