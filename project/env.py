"""Every setting an operator may give, in one list that the docs and the checks read.

A value comes from the environment variable NAME, or from the file that NAME_FILE points to
(for secrets), or from the default. Nonsense stops at start-up with the name and the way out.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from project.env_values import (
    boolean,
    by_hand,
    by_role,
    counted,
    gateways,
    hours,
    networks,
    options,
    order_rule,
    partners,
    paths,
    rates,
    words,
    zone,
)


@dataclass(frozen=True)
class Setting:
    name: str
    read: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DEBUG",
        boolean,
        "false",
        "Shows tracebacks in the browser. Never on a machine that holds real cases.",
    ),
    Setting(
        "SECRET_KEY",
        str,
        "",
        "Signs sessions and forms. Empty: made at first start and kept in VAR_DIR/keys.",
        secret=True,
    ),
    Setting(
        "PUBLIC_URL",
        str,
        "http://127.0.0.1:8000",
        "The address the public reaches, without a slash at its end.",
    ),
    Setting(
        "HOOKS_URL", str, "", "The address gateways call back, if not PUBLIC_URL (an inner address, say)."
    ),
    Setting(
        "ALLOWED_HOSTS", words, "", "Further host names the web process answers to, separated by commas."
    ),
    Setting(
        "BEHIND_PROXY",
        boolean,
        "false",
        "True when a proxy of yours sets X-Forwarded-Proto and strips it first.",
    ),
    Setting(
        "TRUSTED_PROXIES",
        networks,
        "",
        "Addresses or networks of your proxies, separated by commas: what they add to X-Forwarded-For is "
        "believed. Empty: the header is not read, and behind a proxy all clients count as one network.",
    ),
    Setting(
        "CROWDED_REPORTS",
        counted,
        "30",
        "Forms one network (/24, /48) sends in an hour before it works harder and is flagged; never refused.",
    ),
    Setting(
        "SUBSCRIBE_COUNTRIES",
        words,
        "",
        "Countries besides our own (ISO codes, as FR,ES) whose mobile numbers are sent a code by SMS or "
        "WhatsApp. Each code is paid for: who pumps numbers abroad is paid for them.",
    ),
    Setting(
        "SUBSCRIBE_NETWORK_AN_HOUR",
        counted,
        "100",
        "Wishes to subscribe that one network (/24, /48) may make in an hour. Whole operators share one.",
    ),
    Setting(
        "SUBSCRIBE_CODES_AN_HOUR",
        counted,
        "2000",
        "Codes by SMS and WhatsApp in an hour, to all: the most that a flood of wishes can cost.",
    ),
    Setting(
        "WORK_ROUNDS",
        counted,
        "5000",
        "Rounds of PBKDF2 in one try of the proof of work; the server does one try a page.",
    ),
    Setting(
        "WORK_TRIES",
        counted,
        "200",
        "Tries, half of them at least, that a browser makes before a public form is sent.",
    ),
    Setting("WORK_HARDER", counted, "5", "How many times as many tries for a crowded network."),
    Setting("WORK_VALID_S", counted, "7200", "Seconds a proof of work is good for: as long as a form takes."),
    Setting(
        "VAR_DIR", Path, "var", "Folder for everything that is written: database, keys, files, broker, logs."
    ),
    Setting(
        "KEY_DIR",
        Path,
        "",
        "Folder of the key ring, outside the database and its backups. Empty: VAR_DIR/keys.",
    ),
    Setting(
        "DATABASE_URL",
        str,
        "",
        "postgresql://user:password@host/name, or empty for SQLite in VAR_DIR.",
        secret=True,
    ),
    Setting("BROKER_URL", str, "", "redis://… or amqp://…, or empty for a folder in VAR_DIR.", secret=True),
    Setting(
        "REDIS_URL", str, "", "Cache shared by several web processes. Empty: files in VAR_DIR.", secret=True
    ),
    Setting(
        "HEADS_FILE",
        str,
        "",
        "Where the audit log's signed heads go each minute. Empty: VAR_DIR/heads.jsonl.",
    ),
    Setting("COUNTRY", str, "ma", "The country pack: ma, ga, eg, or the path of a .toml of your own."),
    Setting(
        "PLACES_FILES",
        paths,
        "",
        "Lists of the force's own places, .csv or .geojson, separated by commas; their rows win over the "
        "country pack's. docs/places.md says how they are written.",
    ),
    Setting(
        "GEOCODER",
        str,
        "",
        "The force's own geocoder, nominatim:https://… or photon:https://…, asked for suggestions where the "
        "lists end. Empty: none. Public services are refused.",
    ),
    Setting(
        "GEOCODER_RESTRICTED",
        boolean,
        "false",
        "True to ask the geocoder for restricted places too: homes, schools, where the child goes.",
    ),
    Setting("SITE_NAME", str, "Najda", "The deployment's name, on every page and message."),
    Setting(
        "ACCENT_COLOUR",
        str,
        "#0b6e8f",
        "The one accent colour, as #rrggbb; dark enough for white text upon it.",
    ),
    Setting("TIP_NUMBER", str, "", "The number the public calls about an alert. Empty: the country pack's."),
    Setting(
        "EMERGENCY_NUMBER", str, "", "The emergency number shown to families. Empty: the country pack's."
    ),
    Setting("AGENCY_TIME_ZONE", zone, "", "The time zone every hour is shown in. Empty: the country pack's."),
    Setting("OFFERED_LANGUAGES", words, "ar,fr,en", "Languages offered, the first being the fallback."),
    Setting(
        "PUBLIC_SENDING",
        boolean,
        "false",
        "The master switch. Off: every channel is bound to its simulator, whatever credentials it holds.",
    ),
    Setting(
        "STAFF_ADDRESSES", words, "", "Addresses that exercises and tests may reach while sending is on."
    ),
    Setting(
        "SIMULATED_RATES",
        rates,
        "fast",
        "fast: simulators take all they are given; contract: they keep a first week's limits, and so do we.",
    ),
    Setting(
        "GATEWAYS",
        gateways,
        "sms,email,facebook,messenger,whatsapp,instagram,webpush,cap_partner",
        "The gateways this deployment has, the preferred first: who confirmed several ways is told by the "
        "first. Known: sms (Kannel), twilio (a second gateway of SMS), email, facebook, messenger (the inbox "
        "of that Page: who wrote there is answered), instagram, whatsapp, webpush, cap_partner. While "
        "PUBLIC_SENDING is on, one that lacks its credentials stops the start: give them, or leave it out.",
    ),
    Setting(
        "CHANNELS_BY_HAND",
        by_hand,
        "relays,meta_programme",
        "The channels without a gateway, which persons work: relays (press, radio, transport, telecoms), "
        "meta_programme (Meta’s AMBER programme). Leave out what nobody agreed to.",
    ),
    Setting(
        "META_PROGRAMME_CONTACT",
        str,
        "",
        "The e-mail address of Meta’s AMBER team, as agreed with it. Empty: the dossier is sent by hand.",
    ),
    Setting(
        "META_PROGRAMME_RADIUS_KM",
        counted,
        "160",
        "The circle in which the programme is asked to show an alert, in km. 160 is what is told of "
        "Morocco’s scheme (h24info 2024-05); not verified with Meta.",
    ),
    Setting("SIMULATOR_SMS_PORT", int, "18013", "Port of the SMS gateway's simulator."),
    Setting("SIMULATOR_SMTP_PORT", int, "18025", "Port of the mail server's simulator."),
    Setting("SIMULATOR_GRAPH_PORT", int, "18443", "Port of the Graph API's simulator (Facebook)."),
    Setting("SIMULATOR_WHATSAPP_PORT", int, "18444", "Port of WhatsApp's simulator."),
    Setting("SIMULATOR_INSTAGRAM_PORT", int, "18445", "Port of Instagram's simulator."),
    Setting("SIMULATOR_WEBPUSH_PORT", int, "18446", "Port of the push service's simulator."),
    Setting("SIMULATOR_CAP_PORT", int, "18447", "Port of the CAP partners' simulator."),
    Setting("SIMULATOR_TWILIO_PORT", int, "18448", "Port of Twilio's simulator."),
    Setting("SMS_URL", str, "", "Kannel's sendsms address, http://smsbox:13013/cgi-bin/sendsms."),
    Setting("SMS_USERNAME", str, "", "Kannel's sendsms-user."),
    Setting("SMS_PASSWORD", str, "", "Its password.", secret=True),
    Setting(
        "SMS_METHOD",
        str,
        "get",
        "How sendsms is called; post keeps password, number and words out of addresses.",
    ),
    Setting(
        "SMS_HOME_PREFIX", str, "", "The country's code, +212: whose numbers people write without one are."
    ),
    Setting("SMS_SENDER", str, "", "Sender id or short code. Empty: the country pack's."),
    Setting("SMTP_HOST", str, "", "Mail server."),
    Setting("SMTP_PORT", int, "587", "Its port."),
    Setting("SMTP_USERNAME", str, "", "Its user."),
    Setting("SMTP_PASSWORD", str, "", "Its password.", secret=True),
    Setting("SMTP_USE_TLS", boolean, "true", "STARTTLS before anything is said."),
    Setting("MAIL_FROM", str, "alerts@najda.invalid", "Sender of alert mails; its domain signs them."),
    Setting(
        "MAIL_BOUNCES",
        str,
        "",
        "Where undeliverable mail returns to, bounce+{reference}@HOST, so that it names its message. "
        "docs/channels.md, Call-backs. Empty: MAIL_FROM, and nobody reads it.",
    ),
    Setting(
        "MAIL_LEAVE",
        str,
        "",
        "An address whose mails end a subscription, unsub+{reference}@HOST. Empty: none.",
    ),
    Setting(
        "GATEWAY_OPTIONS",
        options,
        "",
        'Further options of gateways, as JSON: {"facebook": {"appsecret_proof": false}}. docs/channels.md.',
        secret=True,
    ),
    Setting("FACEBOOK_PAGE_ID", str, "", "Numeric id of the Page that posts."),
    Setting("FACEBOOK_ACCESS_TOKEN", str, "", "A Page or system-user token.", secret=True),
    Setting(
        "FACEBOOK_APP_SECRET", str, "", "The app's secret: signs what Meta calls back with.", secret=True
    ),
    Setting("FACEBOOK_VERIFY_TOKEN", str, "", "The token typed into Meta's webhook form.", secret=True),
    Setting(
        "MESSENGER_HUMAN_AGENT",
        boolean,
        "false",
        "Meta lets this app use the tag HUMAN_AGENT: what an officer writes reaches a witness for 7 days.",
    ),
    Setting("INSTAGRAM_USER_ID", str, "", "Numeric id of the professional account linked to the Page."),
    Setting(
        "INSTAGRAM_ACCESS_TOKEN", str, "", "A token that may publish, comment and delete there.", secret=True
    ),
    Setting(
        "INSTAGRAM_APP_SECRET", str, "", "The app's secret: signs what Meta calls back with.", secret=True
    ),
    Setting("INSTAGRAM_VERIFY_TOKEN", str, "", "The token typed into Meta's webhook form.", secret=True),
    Setting(
        "WHATSAPP_PHONE_NUMBER_ID", str, "", "Meta's id of the number that writes, not the number itself."
    ),
    Setting(
        "WHATSAPP_NUMBER",
        str,
        "",
        "The number itself, +212…: people subscribe by writing to it. Empty: they are sent a code, or none.",
    ),
    Setting(
        "WHATSAPP_WABA_ID", str, "", "Id of the WhatsApp business account, whose templates are compared."
    ),
    Setting("WHATSAPP_ACCESS_TOKEN", str, "", "A system-user token.", secret=True),
    Setting(
        "WHATSAPP_APP_SECRET", str, "", "The app's secret: signs what Meta calls back with.", secret=True
    ),
    Setting("WHATSAPP_VERIFY_TOKEN", str, "", "The token typed into Meta's webhook form.", secret=True),
    Setting(
        "WHATSAPP_TEMPLATES",
        words,
        "",
        "The templates Meta has approved, as alert.ar,alert.fr,all_clear.ar, or all. One that is not named "
        "is never tried: its people are told by their next channel.",
    ),
    Setting(
        "WHATSAPP_FALLS_TO",
        str,
        "",
        "sms: whom WhatsApp cannot tell, or not today, is told by SMS at the same number. Only where the "
        "words people subscribed with say so. Empty: by their own next address alone.",
    ),
    Setting(
        "WHATSAPP_PEOPLE_A_DAY",
        counted,
        "250",
        "Different people the number may write to in 24 hours: Meta's messaging limit, 250 for a new one.",
    ),
    Setting("GRAPH_VERSION", str, "v25.0", "Version of the Graph API."),
    Setting(
        "WEBPUSH_PRIVATE_KEY",
        str,
        "",
        "The VAPID key of Web Push (P-256, base64url), the same on every machine and for ever: a new one "
        "ends every subscription. Empty: made at first start and kept in KEY_DIR.",
        secret=True,
    ),
    Setting(
        "WEBPUSH_SUBJECT",
        str,
        "",
        "Whom a push service writes to about us, mailto:… or https://…. Empty: MAIL_FROM.",
    ),
    Setting(
        "CAP_PARTNERS",
        partners,
        "",
        'Who takes CAP documents, as JSON: {"name": {"url": "https://…", "secret": "…"}}; certificate, key '
        "and authorities name PEM files. docs/channels.md.",
        secret=True,
    ),
    Setting(
        "CAP_SIGNING_KEY",
        str,
        "",
        "PEM file with the RSA key that signs CAP documents and its certificate. Empty: they go unsigned. "
        "docs/partners.md.",
    ),
    Setting(
        "CAP_CERTIFICATES",
        paths,
        "",
        "Further PEM certificates published beside the signing one, separated by commas: the next one before "
        "a change, the former one after it.",
    ),
    Setting("TWILIO_ACCOUNT_SID", str, "", "Twilio's account, AC…"),
    Setting("TWILIO_AUTH_TOKEN", str, "", "Its token: signs what Twilio calls back with.", secret=True),
    Setting("TWILIO_API_KEY", str, "", "A key to send with instead of the token, SK…"),
    Setting("TWILIO_API_SECRET", str, "", "Its secret.", secret=True),
    Setting("TWILIO_SENDER", str, "", "Sender at Twilio. Empty: as SMS_SENDER."),
    Setting("TWILIO_MESSAGING_SERVICE_SID", str, "", "A messaging service instead of a sender, MG…"),
    Setting(
        "TWILIO_HOME_PREFIX", str, "", "The country's code, +212: tells a closed region from a number abroad."
    ),
    Setting("TWILIO_PER_SECOND", counted, "10", "Parts a second the sender is registered for."),
    Setting("SECOND_FACTOR_MAX_AGE_S", int, "300", "Seconds a second factor stays fresh enough to sign."),
    Setting(
        "SESSION_IDLE_S",
        counted,
        "3600",
        "Seconds without a request under /police/ after which a session ends.",
    ),
    Setting(
        "SESSION_LONGEST_S",
        counted,
        "43200",
        "Seconds after its log-in at which a session ends, busy or not.",
    ),
    Setting(
        "SESSIONS_AT_MOST",
        counted,
        "3",
        "Sessions an officer may have at once; a further one ends the oldest.",
    ),
    Setting("GLASS_OPEN_S", counted, "3600", "Seconds a case opened without scope stays open for reading."),
    Setting(
        "READING_CASES_AN_HOUR",
        by_role,
        "intake=40,officer=40,approver=80",
        "Different cases an officer of each role reads in an hour before an auditor is asked to look at it.",
    ),
    Setting(
        "READING_OTHER_UNITS",
        counted,
        "10",
        "Cases of other units, not one's own, read in an hour before an auditor is asked to look at it.",
    ),
    Setting(
        "READING_NIGHT",
        hours,
        "22-6",
        "The hours in which reading while not on duty is flagged, by the agency's clock.",
    ),
    Setting(
        "READING_CLOSED_DAYS",
        counted,
        "14",
        "Days after a case was closed from which on reading it is flagged, but for its owner.",
    ),
    Setting(
        "QUIET_HOURS",
        hours,
        "22-7",
        "Hours of the night in the country's time: what need not wake people waits until they are over.",
    ),
    Setting(
        "TIP_THREAD_DAYS",
        counted,
        "90",
        "Days after a tip came during which its receipt opens the thread; an answer of the police keeps it "
        "open for thirty days more.",
    ),
    Setting(
        "TIP_SECOND_READER_AT",
        counted,
        "60",
        "Danger of a tip (0-100) from which on a second officer has to agree before it is closed.",
    ),
    Setting(
        "TIP_LOOK_LIVE_MIN",
        counted,
        "10",
        "Minutes within which a person reads a tip while an alert is live, or that may report a missing "
        "child or speaks of danger. Later it rises to a superior.",
    ),
    Setting("TIP_LOOK_MIN", counted, "60", "The same at all other times."),
    Setting("TIP_DECIDE_MIN", counted, "240", "Minutes from the first look at a tip to what becomes of it."),
    Setting(
        "TIP_HANDED_MIN",
        counted,
        "30",
        "Minutes within which the unit that a tip was handed to says that it has it.",
    ),
    Setting("PROPOSAL_VALID_S", int, "3600", "Seconds a proposal waits for its signature before it lapses."),
    Setting(
        "ORDER_RULE",
        order_rule,
        "",
        "Whose order an alert needs before it is signed: none, prosecutor, or either (a prosecutor's or a "
        "judge's). Empty: the country pack's. docs/authority.md.",
    ),
    Setting("LOG_LEVEL", str, "INFO", "DEBUG, INFO, WARNING or ERROR."),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


def given(name: str) -> str:
    """Return a setting's raw text ("" is not given); raises ImproperlyConfigured on an unreadable file."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({error.strerror})") from error
    return os.environ.get(name, "") or BY_NAME[name].default


def env(name: str) -> Any:
    """Return the setting in its own type; raises ImproperlyConfigured naming it and what is expected."""
    setting = BY_NAME[name]
    try:
        return setting.read(given(name))
    except Exception as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. {setting.help} See docs/settings.md#{name.lower()}"
        ) from error


def documentation() -> str:
    """Return docs/settings.md: a heading a setting, so that a refused value can point at its own."""
    parts = [
        "# Settings\n",
        "Every setting comes from the environment; `NAME_FILE` names a file that holds it (for secrets).",
        "Each has a working default. Written from `project/env.py` by `make docs`.\n",
    ]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "empty"
        kind = "Secret. " if setting.secret else ""
        parts.append(f"## {setting.name}\n\n{setting.help} {kind}Default: {default}.\n")
    return "\n".join(parts)
