import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from workflow.errors import TooMany
from workflow.people import tries
from workflow.people.tries import Origin

log = logging.getLogger(__name__)


class SignInForm(AuthenticationForm):
    """サインイン. status: that of the answer when it is refused."""

    status = 422

    def __init__(self, *args: Any, origin: Origin, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.origin, self.at = origin, at

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        try:
            tried = tries.begin(username=username, origin=self.origin, at=self.at)
        except TooMany as refused:
            log.warning("sign-in refused: too many failures")
            self.status = refused.status
            raise ValidationError(str(refused), code="too_many") from refused
        given: dict[str, Any] = super().clean()
        tried.delete()
        return given
