"""サインインの試み: guessing a password is slow, and guessing keeps nobody out for long.

A browser in which a person signed in before is counted by itself, so that whoever fails elsewhere
in that person's name does not shut it out (OWASP ASVS 2.2.1; device cookies).
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from workflow.errors import TooMany
from workflow.people.models_tries import SignInTry

SPAN = timedelta(minutes=15)
FROM_ONE_PLACE = 5
"""Failures for an account from one browser that it knows, or from one address, a SPAN."""
FOR_ONE_ACCOUNT = 20
"""Failures for an account from all browsers that it does not know; 100 an hour at most (ASVS)."""


class Origin(NamedTuple):
    """Where somebody signs in from.

    browser   what a browser is told apart by that knows the account; "" for any other
    """

    address: str
    browser: str = ""


def begin(*, username: str, origin: Origin, at: datetime) -> SignInTry:
    """Note a try before its password is looked at; delete the row when the password was right.

    Written before it is counted: of many at one instant no more pass than may.

    raises  TooMany; that try is not kept, so that trying on does not make the wait longer
    """
    SignInTry.objects.filter(at__lte=at - SPAN).delete()
    place = origin.browser or _network(origin.address)
    tried = SignInTry.objects.create(
        account=disguise(username), place=disguise(place), is_known=bool(origin.browser), at=at
    )
    if _is_too_many(tried):
        tried.delete()
        raise TooMany(
            _(
                "サインインの失敗が続いたため、しばらく受け付けません。15分ほどたってから、もう一度"
                "お試しください。パスワードが分からないときは、システム管理者に連絡してください。"
            )
        )
    return tried


def disguise(what: str) -> str:
    """Return a keyed digest: a password typed in the wrong field is kept nowhere."""
    return salted_hmac("people.sign_in", what, algorithm="sha256").hexdigest()


def _is_too_many(tried: SignInTry) -> bool:
    account, place = Q(account=tried.account), Q(place=tried.place)
    unknown = Q(is_known=False)
    found = SignInTry.objects.filter(account | place).aggregate(
        here=Count("pk", filter=account & place),
        for_account=Count("pk", filter=account & unknown),
        from_address=Count("pk", filter=place & unknown),
    )
    if found["here"] > FROM_ONE_PLACE:
        return True
    return not tried.is_known and (
        found["for_account"] > FOR_ONE_ACCOUNT
        or found["from_address"] > settings.SIGN_INS_PER_ADDRESS
    )


def _network(address: str) -> str:
    """Return whose address it is: of IPv6 everybody has a /64."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return address
