from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RevisionsConfig(AppConfig):
    name = "revisions"
    verbose_name = _("計画の改定")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from revisions import kinds  # noqa: F401  (registers what a decision does)
        from revisions.public_comment.grants import give

        post_migrate.connect(give, sender=self)
