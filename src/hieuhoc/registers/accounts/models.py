"""People who act in the house, the roles they hold at units, and the invitations sent to them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.kernel.vietnamese import fold, sort_key
from hieuhoc.registers.accounts.roles import ROLES, Role
from hieuhoc.registers.accounts.states import INVITATION

LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]


def folded_words(*, full_name: str, title: str, email: str, username: str) -> str:
    """What a user is found by, without marks: name, post, address, user name."""
    return fold(f"{full_name} {title} {email} {username}")[:500]


def name_order(full_name: str) -> str:
    """What people are sorted by: the given name first, as lists are written here (An, Bình, Chi)."""
    return sort_key(" ".join(reversed(full_name.split())))[:400]


class AccountManager(UserManager["User"]):
    """Makes users with the columns by which they are found and sorted."""

    use_in_migrations = False

    def _create_user(self, username: str, email: str | None, password: str | None, **fields: Any) -> "User":
        # The one place through which Django's own commands and our services make users.
        full_name, title = fields.get("full_name", ""), fields.get("title", "")
        fields["folded"] = folded_words(full_name=full_name, title=title, email=email or "", username=username)
        fields["sort_key"] = name_order(full_name)
        user: User = super()._create_user(username, email, password, **fields)  # type: ignore[misc]  # not in the stubs
        return user


class User(AbstractUser):
    """A person with an account. What the person may do is said by grants, never by the account itself."""

    first_name = None  # type: ignore[assignment]  # a Vietnamese name is one piece: full_name
    last_name = None  # type: ignore[assignment]  # as above
    email = models.EmailField(_("thư điện tử"))
    full_name = models.CharField(_("họ và tên"), max_length=120)
    title = models.CharField(_("chức vụ"), max_length=160, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=30, blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=5, default="vi", choices=LANGUAGES)
    folded = models.CharField(max_length=500, blank=True, editable=False)
    sort_key = models.CharField(max_length=400, blank=True, editable=False, db_index=True)

    objects: ClassVar[AccountManager] = AccountManager()

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_one_per_email",
                violation_error_message=_("Đã có tài khoản dùng địa chỉ thư này."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def actor_key(self) -> str:
        """How the trail names this user."""
        return f"user:{self.pk}"

    @property
    def actor_name(self) -> str:
        """How the trail writes this user: name and post as they are today."""
        return f"{self}, {self.title}" if self.title else str(self)


class Grant(Dated):
    """One role of one user at one unit, with all units beneath it, for a span of days."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="grants", verbose_name=_("người dùng"))
    role = models.CharField(_("vai trò"), max_length=40)
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="grants", verbose_name=_("đơn vị"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    class Meta(Dated.Meta):
        ordering = ["valid_from", "pk"]
        verbose_name = _("vai trò được giao")
        verbose_name_plural = _("vai trò được giao")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="accounts_grant_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role_named.name} – {self.unit}"

    @property
    def role_named(self) -> Role:
        """The role as the page of roles describes it."""
        return ROLES[self.role]


class Invitation(models.Model):
    """A letter that lets one person open an account, or take one more role, until a given instant.

    Only the digest of the secret in its link is kept.
    """

    email = models.EmailField(_("thư điện tử"))
    full_name = models.CharField(_("họ và tên"), max_length=120)
    title = models.CharField(_("chức vụ"), max_length=160, blank=True)
    role = models.CharField(_("vai trò"), max_length=40)
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="invitations", verbose_name=_("đơn vị"))
    valid_from = models.DateField(_("vai trò có hiệu lực từ ngày"))
    valid_to = models.DateField(_("vai trò hết hiệu lực từ ngày"), null=True, blank=True)
    state = models.CharField(_("trạng thái"), max_length=12, default=INVITATION.start, choices=INVITATION.choices())
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("gửi lúc"))
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="invitations")
    accepted_at = models.DateTimeField(_("chấp nhận lúc"), null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("thư mời")
        verbose_name_plural = _("thư mời")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(INVITATION.states)), name="accounts_invitation_state"),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="accounts_invitation_role_is_known"),
            models.CheckConstraint(
                condition=Q(user__isnull=True, accepted_at__isnull=True, state__in=["sent", "withdrawn"])
                | Q(user__isnull=False, accepted_at__isnull=False, state="accepted"),
                name="accounts_invitation_accepted_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} <{self.email}>"

    @property
    def role_named(self) -> Role:
        """The role as the page of roles describes it."""
        return ROLES[self.role]


class AccessToken(models.Model):
    """A secret with which a program of a person's own speaks to the public contract, with that person's roles.

    Only the secret's digest is kept. It never does more than its owner may, and without `may_report` it only reads.
    """

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="tokens", verbose_name=_("người dùng"))
    name = models.CharField(_("tên mã"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    may_report = models.BooleanField(_("được báo tiến độ và nêu vướng mắc"), default=False)
    made_at = models.DateTimeField(_("tạo lúc"))
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    used_on = models.DateField(_("dùng lần cuối"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("mã truy cập")
        verbose_name_plural = _("mã truy cập")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="accounts_accesstoken_days"),
        ]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What a request that carried a key of the program's own was answered, so that the same one is not done twice."""

    token = models.ForeignKey(AccessToken, models.PROTECT, related_name="answers")
    key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64)  # digest of what was asked for
    body = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("câu trả lời đã giữ")
        verbose_name_plural = _("câu trả lời đã giữ")
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="accounts_keptanswer_once")]

    def __str__(self) -> str:
        return self.key
