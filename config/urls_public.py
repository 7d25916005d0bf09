"""The public site: what citizens see, and nothing else."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from workflow.access import Audience, audience

home = RedirectView.as_view(pattern_name="public_index")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", audience(Audience.ANYONE)(home)),
    path("", include("revisions.public_comment.urls_public")),
]
