"""Messages that wait to be sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One e-mail, queued in the transaction of the deed that caused it and sent afterwards."""

    to = models.EmailField(_("người nhận"))
    subject = models.CharField(_("tiêu đề"), max_length=200)
    body = models.TextField(_("nội dung"))
    # Who asks for the same message twice (a reminder of the same day) gets one.
    key = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField(_("xếp hàng lúc"))
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    next_attempt_at = models.DateTimeField(db_index=True)
    problem = models.TextField(_("lỗi"), blank=True)

    class Meta:
        ordering = ["-queued_at", "-pk"]
        verbose_name = _("thư")
        verbose_name_plural = _("thư")
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="outbox_message_one_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
