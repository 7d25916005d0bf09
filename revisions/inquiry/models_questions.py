"""設問と答え: what an inquiry asks beside the sheets, and what each addressee answers."""

from django.db import models
from django.db.models import Q

from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.states import QuestionKind


class Question(models.Model):
    """設問. Conditional where it is `on` another, which must have been answered with `on_value`.

    choices  [str] of a choice
    columns  [str] of a table
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind)
    label = models.CharField(max_length=200)
    help = models.CharField(max_length=400, blank=True)
    required = models.BooleanField(default=False)
    choices = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    on_value = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="question_on_iff_on_value",
                condition=Q(on=None, on_value="") | (Q(on__isnull=False) & ~Q(on_value="")),
            )
        ]

    def __str__(self) -> str:
        return self.label


class QuestionAnswer(models.Model):
    """設問への答え. value: as inquiry/questions.py has it, by the question's kind."""

    target = models.ForeignKey(
        InquiryTarget, on_delete=models.PROTECT, related_name="question_answers"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField()

    class Meta:
        ordering = ["question"]
        constraints = [
            models.UniqueConstraint(fields=["target", "question"], name="one_answer_a_question")
        ]


class AnswerFile(models.Model):
    """答えに添えたファイル. Kept when another takes its place: a chief may have signed it."""

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["target", "sha256"], name="answer_file_once")
        ]

    @property
    def ending(self) -> str:
        """Of its name by what it is, whatever it was called: pdf, png, jpeg."""
        return self.media_type.rpartition("/")[2]
