from pathlib import Path

from django.conf import settings

from tests.alerts.partnering import doors, signing_key  # noqa: F401  fixtures
from tests.trust import flush

flush.install()
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
