"""Tips in every stage that a page or an act of the workbench needs. All invented."""

import base64
import io

from PIL import Image

from tests import people
from tests.alerts import scene
from tests.tips.test_intake import arrives
from tips import deciding, handing
from tips.files import attaching
from tips.media import bank
from tips.models import Attachment, Footage, Print, Tip
from trust import clock, keys, vault
from trust.roles import Role

WORDS = "أعتقد أنني رأيت الطفلة قرب المحطة"
PLACE = {"words": "gare d’Agdal", "lat": 33.99, "lon": -6.85, "error_m": 100, "how": "pin"}


def stages() -> dict[str, dict[str, str]]:
    """Return the keys of one tip for every stage: open, handed to Agdal, closed, asked about, shut."""
    ines, samir = people.ines(), people.officer("samir", Role.OFFICER, at=people.unit())
    fresh, given, closed, asked, shut = (_tip(f"+21266100020{number}") for number in range(5))
    Tip.objects.filter(pk=given.pk).update(unit=people.unit("sale"))
    sender = people.officer("sofia", Role.OFFICER, at=people.unit("sale"))
    handing.hand_over(Tip.objects.get(pk=given.pk), sender, people.unit(), "Vu chez vous.")
    deciding.close(closed, ines, "unrelated", "joke")
    Tip.objects.filter(pk=asked.pk).update(danger=100)
    deciding.close(Tip.objects.get(pk=asked.pk), samir, "unrelated", "joke")
    picture, frozen = photo(fresh), photo(shut)
    Attachment.objects.filter(pk=frozen.pk).update(state=Attachment.State.FROZEN)
    told = {"tip": fresh, "tip given": given, "tip closed": closed, "tip asked": asked, "tip shut": shut}
    found = {name: {"pk": str(tip.pk), "object_id": str(tip.pk)} for name, tip in told.items()}
    found["tip"] |= {"attachment_pk": str(picture.pk), "number": "0"}
    found["tip shut"] |= {"attachment_pk": str(frozen.pk)}
    return found


def _tip(number: str) -> Tip:
    words = f"{WORDS} {number[-1]}"
    tip = Tip.objects.get(event_id=arrives(words, number).pk)
    tip.unit, tip.place, tip.cluster, tip.danger = people.unit(), PLACE, None, 0
    tip.alert_id, tip.seen_at = None, clock.now()
    tip.save()
    return tip


def photo(tip: Tip) -> Attachment:
    """Return a photo with its copy, judged old and like known footage, without waiting for a worker."""
    row = attaching.add(
        tip, "photo.jpg", "image/jpeg", scene.jpeg("red" if tip.danger else "green") + tip.pk.bytes
    )
    assert row is not None
    key = vault.put(tip.pk, scene.jpeg())
    like = [{"footage": str(_footage().pk), "how": "straight", "kind": "same", "strength": 90}]
    row.state, row.copy_key, row.still_key, row.copy_type = Attachment.State.READY, key, key, "image/jpeg"
    row.likenesses, row.facts, row.verdict = like, {"width": 60, "height": 80, "against": []}, "old"
    row.next_at = None
    row.save()
    held = Print(kind=Print.Of.PICTURE, attachment=row, owner=tip.pk)
    with Image.open(io.BytesIO(scene.jpeg())) as picture:
        held.packed = base64.b64encode(bank.asked(picture).straight.packed()).decode()
    held.save()
    return row


def _footage() -> Footage:
    row = Footage.objects.first()
    if row is not None:
        return row
    row = Footage(original_sha256="0" * 64, added_at=clock.now())
    keys.create(row.pk, "footage")
    row.title, row.origin = "Une gare, 2019", "Un journal"
    row.still_key = vault.put(row.pk, scene.jpeg("blue"))
    row.save(force_insert=True)
    return row
