from pathlib import Path

from django.conf import settings

from tests.trust import flush

flush.install()
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
