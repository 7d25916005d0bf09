from django.db import models


class SignInTry(models.Model):
    """サインインの試み: one that failed or is under way, forgotten soon (tries.SPAN).

    account  keyed digest of the name that was typed, whether or not somebody has it
    place    keyed digest of the browser, where the account knows it, else of the network address
    """

    account = models.CharField(max_length=64, db_index=True)
    place = models.CharField(max_length=64, db_index=True)
    is_known = models.BooleanField()
    at = models.DateTimeField(db_index=True)
