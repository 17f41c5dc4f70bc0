"""A real Chromium at the page, its script and its worker. Its maker's push service cannot be reached.

So one thing is stubbed: PushManager.subscribe() answers with a phone of our push simulator instead of asking
that service. All else is real: the form, permission, registration of /sw.js, the sealed push to the
simulator, the worker that gets what the simulator opened (by Chromium's own debugging protocol), and what it
shows.
"""

import json
import time
from contextlib import suppress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bin import town
from notifier.simulators.webpush import subscription
from project import scratch
from tests.servers import until

pytestmark = pytest.mark.long
PHONE = "browser-under-test"
STUB = f"""
PushManager.prototype.subscribe = async function (wish) {{
  window.wished = wish;
  return JSON.parse({json.dumps(subscription(PHONE))});
}};
"""
SHOWN = """
async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((one) => [
  one.title, one.body, one.lang, one.dir, one.tag, one.data.path, one.data.leave,
  one.actions.map((each) => each.action).join(),
])
"""


@pytest.fixture(scope="module")
def environment():
    with scratch.world("ma") as found:
        yield found


@pytest.fixture(scope="module")
def standing(environment):
    found = town.Town(environment)
    try:
        found.codes()
        yield found
    finally:
        found.end()


@pytest.fixture
def page(standing):
    with town.chromium() as browser:
        context = browser.new_context(base_url=standing.base, viewport=town.PHONE)
        context.grant_permissions(["notifications"], origin=standing.base)
        context.add_init_script(STUB)
        yield context.new_page()


def read_by_phone(environment) -> str:
    """What the simulated phone read of its last push, once it has one."""
    url = f"http://127.0.0.1:{environment['SIMULATOR_WEBPUSH_PORT']}/_sim/opened/{PHONE}"
    said: list[str] = []

    def came() -> bool:
        with suppress(HTTPError), urlopen(url, timeout=5) as answer:
            said.append(answer.read().decode())
        return bool(said)

    until(came, "a push", 30)
    return said[0]


class Worker:
    """The page's service worker, as Chromium's debugging protocol reaches it."""

    def __init__(self, page, origin):
        self.origin = origin
        self.registration = None
        self.session = page.context.new_cdp_session(page)
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._seen)
        self.session.send("ServiceWorker.enable")

    def _seen(self, told):
        for one in told["registrations"]:
            if one["scopeURL"] == f"{self.origin}/":
                self.registration = one["registrationId"]

    def push(self, said: str) -> None:
        told = {"origin": self.origin, "registrationId": self.registration, "data": said}
        self.session.send("ServiceWorker.deliverPushMessage", told)


def shown(page, count: int, title: str):
    deadline = time.monotonic() + 30  # a loaded machine shows late
    while True:
        found = page.evaluate(SHOWN)
        if len(found) == count and any(one[0] == title for one in found):
            return found
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(100)


def test_a_browser_subscribes_is_told_and_sees_the_alert_end(page, standing, environment):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto("/ar/subscribe/")
    page.check("[name=channel][value=webpush]")
    assert page.is_hidden("[name=address]")
    page.select_option("[name=region]", index=1)
    page.click("main form [type=submit]")
    page.wait_for_selector("[data-push-wait]")
    worker = Worker(page, standing.base)
    said = read_by_phone(environment)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    worker.push(said)
    page.wait_for_url("**/ar/subscribe/mine/**")
    assert page.query_selector(".banner.success")
    path = "/ar/a/K7M2XQ4T/"
    about = {"lang": "ar", "tag": "t1", "url": f"{standing.base}{path}"}
    title = json.loads(said)["title"]
    shown(page, 1, title)
    for kind, words in (("alert", "طفلة مفقودة"), ("end", "انتهى التنبيه")):
        worker.push(json.dumps({**about, "kind": kind, "title": words}))
        found = shown(page, 2, words)
    (end,) = [one for one in found if one[4] == "t1"]
    assert (end[0], end[2], end[3], end[5]) == ("انتهى التنبيه", "ar", "rtl", path)
    assert end[1]
    assert end[6:] == ["/ar/subscribe/mine/", "leave"]
    worker.push("nonsense")
    assert [one[5] for one in shown(page, 3, "Najda") if one[0] == "Najda"] == ["/"]
    worker.push(
        json.dumps(
            {**about, "kind": "alert", "title": "elsewhere", "url": "https://evil.example/x", "tag": "t2"}
        )
    )
    assert [one[5] for one in shown(page, 4, "elsewhere") if one[4] == "t2"] == ["/x"]
    assert page.evaluate("caches.keys()") == []
    assert not faults


def test_who_allows_no_notifications_is_told_what_to_do(standing):
    with town.chromium() as browser:
        page = browser.new_context(base_url=standing.base, viewport=town.PHONE).new_page()
        page.goto("/fr/subscribe/")
        page.check("[name=channel][value=webpush]")
        page.select_option("[name=region]", index=1)
        page.click("main form [type=submit]")
        page.wait_for_selector("[data-push-said]:not([hidden])")
        assert page.is_enabled("main form [type=submit]")
        page.check("[name=channel][value=sms]")
        assert page.is_visible("[name=address]")
