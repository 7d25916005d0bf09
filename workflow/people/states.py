from django.db import models
from django.utils.translation import gettext_lazy as _


class UserKind(models.TextChoices):
    STAFF = "staff", _("職員")
    OUTSIDE = "outside", _("委員（外部）")
    AUDITOR = "auditor", _("監査")
    ADMIN = "admin", _("システム管理者")


class Rank(models.TextChoices):
    MAYOR = "mayor", _("市長")
    VICE_MAYOR = "vice_mayor", _("副市長")
    DIRECTOR = "director", _("部長級")
    SECTION_CHIEF = "section_chief", _("課長級")
    STAFF = "staff", _("担当")
    COMMISSIONED = "commissioned", _("委員")


class BodyKind(models.TextChoices):
    STEERING_GROUP = "steering_group", _("幹事会")
    HEADQUARTERS_BOARD = "headquarters_board", _("本部会")
    ADVISORY_COMMITTEE = "advisory_committee", _("情報化推進委員会")
    DIRECTORS_MEETING = "directors_meeting", _("部長会議")
    COUNCILLORS_BRIEFING = "councillors_briefing", _("議員連絡会")


class Quorum(models.TextChoices):
    NONE = "none", _("定めなし")
    MAJORITY = "majority", _("過半数の出席")


class QuorumBase(models.TextChoices):
    IN_OFFICE = "in_office", _("現に在任する委員の数")
    SEATS = "seats", _("定数")


class MinutesSigners(models.TextChoices):
    NONE = "none", _("署名なし")
    CHAIR = "chair", _("議長")
    CHAIR_AND_MEMBER = "chair_and_member", _("議長と議長が指名する委員1名")


class SeatRole(models.TextChoices):
    CHAIR = "chair", _("会長")
    DEPUTY = "deputy", _("職務代理")
    MEMBER = "member", _("委員")


class DeputyKind(models.TextChoices):
    """代決 decides in the principal's name; 職務代理 takes over the principal's duties."""

    SUBSTITUTE = "substitute", _("代決")
    ACTING = "acting", _("職務代理")
