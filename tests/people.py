"""The cast of the tests, all invented.

Ines drafts, Omar approves, Lea sits in another agency, Nadia administers.
"""

import base64
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Group
from django.test import Client

from trust.models import Agency, Officer, Unit
from trust.roles import Role

PASSWORD = "quatre chevaux sur la dune"


def agency(code: str = "surete", **names: str) -> Agency:
    made, _ = Agency.objects.get_or_create(
        code=code,
        defaults={
            "names": names or {"ar": "الأمن", "fr": "Sûreté", "en": "Police"},
            "phone": "+212537000000",
            "time_zone": "Africa/Casablanca",
        },
    )
    return made


def unit(code: str = "agdal", of: Agency | None = None) -> Unit:
    made, _ = Unit.objects.get_or_create(
        code=code,
        agency=of or agency(),
        defaults={"names": {"ar": "أكدال", "fr": "Agdal", "en": "Agdal"}, "phone": "+212537000001"},
    )
    return made


def officer(
    username: str, *roles: str, display_name: str = "", at: Unit | None = None, language: str = "fr"
) -> Officer:
    """Return the account of that name, made now with these roles if there is none."""
    found = Officer.objects.filter(username=username).first()
    if found:
        return found
    made = Officer.objects.create_user(
        username,
        PASSWORD,
        display_name=display_name or username.title(),
        language=language,
        unit=at,
        phone="+212600000001",
        email=f"{username}@police.example",
    )
    made.groups.set(Group.objects.filter(name__in=roles))
    return made


def ines() -> Officer:
    return officer("ines", Role.OFFICER, display_name="Inès Alami", at=unit())


def omar() -> Officer:
    return officer("omar", Role.APPROVER, display_name="Omar Tazi", at=unit(), language="ar")


def lea() -> Officer:
    elsewhere = unit("akanda", agency("gendarmerie", fr="Gendarmerie", en="Gendarmerie", ar="الدرك"))
    return officer("lea", Role.INTAKE, display_name="Léa Obame", at=elsewhere)


def nadia() -> Officer:
    return officer("nadia", Role.ADMINISTRATOR, display_name="Nadia Saïdi", at=unit())


def with_second_factor(person: Officer) -> str:
    """Give the officer a one-time-code factor; return its secret (base32), for `code`."""
    secret: str = generate_totp_secret()
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(person, secret)
    return secret


def code(secret: str, *, at: float | None = None) -> str:
    """Return the code the officer's phone shows now."""
    base64.b32decode(secret)  # a wrong secret fails here, with its own message
    moment = time.time() if at is None else at
    shown: str = format_hotp_value(hotp_value(secret, int(moment) // 30))
    return shown


def login(client: Client, person: Officer, *, factor_age_s: float = 0) -> None:
    """Log in with password and a second factor that was used `factor_age_s` ago."""
    factor = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if factor is None:
        with_second_factor(person)
        factor = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    client.force_login(person, backend="trust.auth.RolesBackend")
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "username": person.username},
        {"method": "mfa", "at": now - factor_age_s, "id": factor.pk, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
