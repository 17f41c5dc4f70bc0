"""What happens at the door is logged: log-ins, failures, factors set up, used and removed."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from trust import audit, keys, sessions
from trust.models.officer import Officer


def listen() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="trust.logged_in")
    user_logged_out.connect(_logged_out, dispatch_uid="trust.logged_out")
    user_login_failed.connect(_login_failed, dispatch_uid="trust.login_failed")
    password_changed.connect(_password_changed, dispatch_uid="trust.password_changed")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="trust.factor_added")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="trust.factor_removed")
    mfa.authenticator_used.connect(_factor_used, dispatch_uid="trust.factor_used")
    mfa.authentication_failed.connect(_factor_failed, dispatch_uid="trust.factor_failed")


def _logged_in(user: Officer, request: HttpRequest | None = None, **kwargs: Any) -> None:
    _keep_language(user, request)
    audit.record("officer.logged_in", user, actor=user)
    if request is not None:
        sessions.begin(request, user)


def _keep_language(officer: Officer, request: HttpRequest | None) -> None:
    """The language chosen at the door is the officer's from now on."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) if request is not None else None
    if chosen and chosen != officer.language and chosen in dict(settings.LANGUAGES):
        officer.language = chosen
        Officer.objects.filter(pk=officer.pk).update(language=chosen)


def _logged_out(user: Officer | None, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if user is not None:
        audit.record("officer.logged_out", user, actor=user)
    if request is not None:
        sessions.follow(request.session.session_key, None)


def _login_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    # A mistyped name may be a password: only its keyed digest is kept, which tells tries on one name apart.
    name = str(credentials.get("username") or credentials.get("email") or "")
    audit.record("officer.login_failed", None, after=keys.token("login name", name.casefold()))


def _password_changed(user: Officer, **kwargs: Any) -> None:
    Officer.objects.filter(pk=user.pk).update(password_is_temporary=False)
    user.password_is_temporary = False
    audit.record("officer.password_changed", user, actor=user)


def _factor_added(request: HttpRequest, user: Officer, authenticator: Authenticator, **kwargs: Any) -> None:
    audit.record("factor.added", user, actor=user, reason=authenticator.type)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        # Setting it up took a right answer from it, in this very session.
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def _factor_removed(user: Officer, authenticator: Authenticator, **kwargs: Any) -> None:
    audit.record("factor.removed", user, actor=user, reason=authenticator.type)


def _factor_used(request: HttpRequest, user: Officer, authenticator: Authenticator, **kwargs: Any) -> None:
    audit.record("factor.used", user, actor=user, reason=authenticator.type)
    if request.user.is_authenticated:
        # A session that now may do more gets a new key (ASVS 5.0, 7.2.4): an older copy of it opens nothing.
        request.session.cycle_key()


def _factor_failed(user: Officer, authenticator: Authenticator, **kwargs: Any) -> None:
    audit.record("factor.failed", user, actor=user, reason=authenticator.type)
