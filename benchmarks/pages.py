"""How long the server works for each page of the demo, on SQLite as it comes."""

import os
import statistics
import sys
import tempfile
import time

ROLES = ("joho-tanto", "koho-tanto", "fuku-shicho-a", "kansa")
TIMES = 5
LIMIT_MS = 100
SLOWEST = 15


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.setdefault("ALLOWED_HOSTS", "testserver")
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("demo", verbosity=0, stdout=sys.stderr)
        print(report(measure()))  # noqa: T201


def measure() -> list[tuple[float, float, str, str]]:
    """Return (median ms, worst ms, path, role) of every page, slowest first."""
    from tests.walk import addresses

    rows = [
        row
        for role in ROLES
        for path, _pattern in addresses()
        if (row := clock(role, path)) is not None
    ]
    return sorted(rows, reverse=True)


def clock(role: str, path: str) -> tuple[float, float, str, str] | None:
    from django.test import Client

    from workflow.models import User

    client = Client()
    client.force_login(User.objects.get(username=role))
    if client.get(path).status_code != 200:
        return None
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken), max(taken), path, role


def report(rows: list[tuple[float, float, str, str]]) -> str:
    over = [row for row in rows if row[0] > LIMIT_MS]
    lines = [
        f"見本のデータ、SQLite（既定の構成）。{len(rows)}画面、各{TIMES}回の中央値。"
        f"目標 {LIMIT_MS} ms 以下。",
        "",
        f"{LIMIT_MS} ms を超えた画面：{len(over)}。遅いものから{SLOWEST}画面：",
        "",
        "| 中央値 ms | 最大 ms | 画面 | 役 |",
        "| ---: | ---: | --- | --- |",
        *(f"| {m:.0f} | {w:.0f} | `{p}` | {r} |" for m, w, p, r in rows[:SLOWEST]),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
