from django.apps import AppConfig


class RevisionsConfig(AppConfig):
    name = "revisions"
    verbose_name = "計画の改定"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from revisions import kinds  # noqa: F401  (registers what a decision does)
