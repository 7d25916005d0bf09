"""The staff site. Every view names its audience; the walk in tests/test_urls.py visits them all."""

from django.conf import settings
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy

from config.accounts import demo_accounts
from workflow.access import Audience, audience
from workflow.people.views import SignIn

login = SignIn.as_view(
    extra_context={"demo_accounts": demo_accounts, "demo_password": settings.DEMO_PASSWORD}
)

password = PasswordChangeView.as_view(
    template_name="registration/password.html", success_url=reverse_lazy("my_work")
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", audience(Audience.ANYONE)(login), name="login"),
    path("logout/", audience(Audience.ANYONE)(LogoutView.as_view()), name="logout"),
    path("password/", audience(Audience.SIGNED_IN)(password), name="password"),
    path("", include("revisions.desk.urls")),
    path("", include("revisions.plan.urls")),
    path("", include("revisions.documents.urls")),
    path("", include("revisions.cycle.urls")),
    path("", include("revisions.opinion.urls")),
    path("", include("revisions.inquiry.urls")),
    path("", include("revisions.meeting.urls")),
    path("", include("revisions.public_comment.urls")),
    path("", include("revisions.public_comment.urls_public")),
    path("", include("workflow.signoff.urls")),
    path("", include("workflow.authority.urls")),
    path("", include("workflow.deadline.urls")),
    path("", include("workflow.administration.urls")),
    path("", include("notifications.urls")),
    path("", include("notifications.hooks.urls")),
    path("", include("notifications.undelivered.urls")),
    path("", include("notifications.operations.urls")),
]
