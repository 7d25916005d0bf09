"""`make screens`: one picture of each page of the demo, wide and on a phone, into var/screens/.

A page is drawn as the first of ROLES that may see it; 自分の仕事 as everybody.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

ROLES = ["joho-tanto", "koho-tanto", "koho-kacho", "fuku-shicho-a", "iin-1", "kansa", "kanri"]
WIDTHS = {"wide": 1280, "phone": 390}
PORT = 8765
ROOT = Path(__file__).parents[2]


def main() -> None:
    out = ROOT / "var" / "screens"
    out.mkdir(parents=True, exist_ok=True)
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "VAR_DIR": folder,
            "DEMO_PASSWORD": "kaitei-demo",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "PORT": str(PORT),
        }
        set_up()
        pages = [(role, path) for role, path in addressed() if only in path]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"], cwd=ROOT
        )
        try:
            draw(pages, out)
        finally:
            server.terminate()
            server.wait()


def set_up() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", verbosity=0)


def addressed() -> Iterator[tuple[str, str]]:
    """Yield (role, path) of every page that answers, under the first role that sees it."""
    from django.test import Client

    from tests.walk import addresses
    from workflow.models import User

    clients = {}
    for role in ROLES:
        clients[role] = Client()
        clients[role].force_login(User.objects.get(username=role))
        yield role, "/"
    for path, _pattern in addresses():
        for role, client in clients.items():
            response = client.get(path)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                yield role, path
                break


def draw(pages: list[tuple[str, str]], out: Path) -> None:
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, FLAGS

    base = f"http://127.0.0.1:{PORT}"
    wait_for(f"{base}/healthz")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for word, width in WIDTHS.items():
            for role in dict.fromkeys(role for role, _ in pages):
                page = browser.new_page(
                    base_url=base, locale="ja-JP", viewport={"width": width, "height": 900}
                )
                page.goto("/login/")
                page.fill("#id_username", role)
                page.fill("#id_password", "kaitei-demo")
                page.click("form.form button")
                for path in dict.fromkeys(p for r, p in pages if r == role):
                    page.goto(path)
                    name = re.sub(r"\W+", "-", path.strip("/")) or "my-work"
                    page.screenshot(path=out / f"{name}--{role}--{word}.png", full_page=True)
                page.close()
        browser.close()


def wait_for(url: str) -> None:
    import time

    for _ in range(100):
        try:
            urlopen(url, timeout=1)  # noqa: S310
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} が応答しません。")


if __name__ == "__main__":
    main()
