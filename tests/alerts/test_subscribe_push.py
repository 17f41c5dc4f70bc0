"""A browser counts once a test push came back, and its worker keeps nothing."""

import json

import pytest
from django.test import Client

from alerts import subscribe
from alerts.models import Address, Follow, Subscription
from alerts.subscribe import offering
from geo.cells import cell_of
from notifier import registry
from notifier.backends.webpush import WebPushBackend
from notifier.message import Message
from notifier.models import Batch
from notifier.protocols import webpush
from notifier.simulators.webpush import subscription
from tests.alerts import scene
from tests.alerts.test_subscribe import subscribed

pytestmark = pytest.mark.django_db
CELL = cell_of(scene.AGDAL)
BROWSER, OTHER = subscription("sim-one"), subscription("sim-two")
BACK = "/subscribe/push/"


def post(**told):
    return Client().post("/ar/subscribe/", {"channel": "webpush", "push": BROWSER, "region": "MA-04", **told})


def secret_of(pending) -> str:
    """What the phone reads when it opens its test push."""
    batch = Batch.objects.get(subject=pending)
    text = next(iter(batch.texts().values()))
    message = Message("r", BROWSER, "fr", text, "confirmation", thread=str(batch.subject))
    return str(json.loads(webpush.payload(message))["code"])


def came_back(body: object, client: Client | None = None):
    said = body if isinstance(body, str) else json.dumps(body)
    return (client or Client(enforce_csrf_checks=True)).post(BACK, said, content_type="text/plain")


def test_a_browser_counts_only_once_its_test_push_came_back():
    place = post()["Location"]
    assert place.endswith("?by=push")
    pending = Subscription.objects.get()
    assert not Follow.objects.get().active
    page = Client().get(place)
    assert page.status_code == 200
    assert secret_of(pending.pk).partition(".")[2] not in page.content.decode()
    answer = came_back({"code": secret_of(pending.pk)})
    assert answer.json()["next"].startswith("/ar/subscribe/mine/")
    assert Follow.objects.get().active
    assert Client().get(place)["Location"].startswith("/ar/subscribe/mine/")
    assert came_back({"code": secret_of(pending.pk)}).status_code == 404


@pytest.mark.parametrize(
    "body",
    ["", "x", "[]", "{}", '{"code": 1}', '{"code": "."}', "{" * 3000, '{"code": "' + "a" * 32 + '.x"}',
     "\xff" * 9000, '{"old": 1, "new": {}}'],
)  # fmt: skip
def test_what_never_went_out_does_not_come_back(body):
    post()
    assert came_back(body).status_code == 404
    assert not Subscription.objects.active().exists()


def test_without_script_the_page_says_so_and_nothing_is_asked():
    page = post(push="").content.decode()
    assert page.count('class="error"') == 1
    assert "data-push-note" in page
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_bad_endpoint_is_refused_with_a_sentence(client, language):
    told = {"channel": "webpush", "push": BROWSER.replace("https", "http"), "region": "MA-04"}
    assert client.post(f"/{language}/subscribe/", told).content.decode().count('class="error"') == 1
    assert not Subscription.objects.exists()


def test_the_page_holds_the_key_that_pushes_are_signed_with():
    backend = registry.backend("webpush", live=True)
    assert isinstance(backend, WebPushBackend)
    assert offering.push_key() == backend.vapid.public
    assert f'data-push-key="{offering.push_key()}"' in Client().get("/fr/subscribe/").content.decode()


def test_the_worker_is_at_the_root_asked_for_anew_and_keeps_nothing():
    answer = Client().get("/sw.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    code = answer.content.decode()
    assert "caches" not in code
    assert 'addEventListener("fetch"' not in code
    assert Client().post("/sw.js").status_code == 405


def test_a_browser_that_changed_its_subscription_proves_the_new_one_beside_the_old():
    post()
    person = Subscription.objects.get()
    assert came_back({"code": secret_of(person.pk)}).status_code == 200
    assert came_back({"old": json.loads(BROWSER), "new": json.loads(OTHER)}).status_code == 202
    pending = Subscription.objects.exclude(pk=person.pk).get()
    assert came_back({"code": secret_of(pending.pk)}).status_code == 200
    assert Address.objects.filter(subscription=person, confirmed_at__isnull=False).count() == 2
    assert subscribe.address_gone("webpush", BROWSER, "gone") == 1
    assert [way.channel for way in subscribe.ways_of(person.pk)] == ["webpush"]


def test_nobody_renews_what_they_do_not_know():
    subscribed()
    assert came_back({"old": json.loads(BROWSER), "new": json.loads(OTHER)}).status_code == 404
    assert Subscription.objects.count() == 1
