from django.http import HttpRequest

from workflow.people.models import User


class SignedInRequest(HttpRequest):
    """What a view gets whose audience is not anyone: config/audience.py let nobody else in."""

    user: User
