import os

from celery import Celery
from celery.signals import setup_logging

from config import broker  # noqa: F401  mends what it imports

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("kaitei")
app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Being connected stops Celery from replacing what settings.LOGGING set up."""
