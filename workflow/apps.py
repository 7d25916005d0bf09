from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("経路・決裁・証跡")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from workflow.ledger.instants import read_fast
        from workflow.signoff.search import teach

        post_migrate.connect(_protect_evidence)
        connection_created.connect(teach)
        connection_created.connect(read_fast)


def _protect_evidence(using: str, **kwargs: Any) -> None:
    from workflow.audit.triggers import install

    install(connections[using])
