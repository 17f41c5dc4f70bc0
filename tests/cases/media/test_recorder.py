"""The recorder in a real browser, with the microphone that Chromium plays for tests: a beep each second."""

from threading import Thread

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import expect

from bin import town
from tests.cases.media import recorder_page, recordings

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
PHONE = {"width": 360, "height": 740}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address():
    with ThreadedWSGIServer(("127.0.0.1", 0), Quiet) as server:
        server.set_app(StaticFilesHandler(get_wsgi_application()))
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    with town.chromium(*MICROPHONE) as found:
        yield found


@pytest.fixture
def opened(browser, address, settings):
    """Return a function that opens the page; whatever the browser complained of fails the test at its end."""
    settings.ROOT_URLCONF = "tests.cases.media.recorder_page"
    recorder_page.heard.clear()
    contexts, complaints = [], []

    def open_page(*, first="", html=None, **context):
        contexts.append(browser.new_context(base_url=address, viewport=PHONE, locale="en", **context))
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if first:
            page.add_init_script(first)
        if html:
            page.route("**/speak/", lambda route: _changed(route, *html))
        page.goto("/speak/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _changed(route, old, new):
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace(old, new))


def record(page):
    page.click("[data-part=record]")
    expect(page.locator("[data-part=time]")).to_have_text("0:01")


def said(page):
    return page.inner_text("[data-part=said]")


def carried(page):
    """Return how many files the form would carry."""
    return page.evaluate("document.querySelector('[data-voice]').files.length")


def test_a_voice_is_recorded_listened_to_sent_and_played_at_the_other_end(opened):
    page = opened()
    record(page)
    assert "Stop it when you have finished" in said(page)
    page.click("[data-part=stop]")
    page.wait_for_selector("[data-part=audio]:visible")
    assert "Your voice is recorded" in said(page)
    expect(page.locator("[data-part=audio]")).not_to_have_js_property("readyState", 0)

    page.click("button.send")
    page.wait_for_selector("#played")
    (voice,) = recorder_page.heard
    assert (voice.kind, voice.advice) == ("webm", ())
    assert 0.8 < voice.seconds < 5
    played = page.locator("#played")
    expect(played).not_to_have_js_property("readyState", 0)
    assert played.evaluate("audio => audio.duration") == pytest.approx(voice.seconds, abs=0.2)
    played.evaluate("audio => audio.play()")
    expect(played).to_have_js_property("ended", True)


@pytest.mark.long
def test_the_keyboard_alone_records_and_removes(opened):
    page = opened()
    page.focus("[data-part=record]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=stop]:focus")
    expect(page.locator("[data-part=time]")).to_have_text("0:01")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=remove]:focus")
    assert carried(page) == 1
    page.keyboard.press("Space")
    page.wait_for_selector("[data-part=record]:focus")
    assert carried(page) == 0
    assert said(page) == "The recording is removed."


@pytest.mark.long
def test_sending_while_it_records_sends_what_was_said(opened):
    page = opened()
    record(page)
    page.click("button.send")
    page.wait_for_selector("#played")
    assert recorder_page.heard[0].seconds > 0.8


@pytest.mark.long
def test_the_longest_recording_ends_by_itself(opened):
    page = opened(html=('data-max="180"', 'data-max="1"'))
    page.click("[data-part=record]")
    page.wait_for_selector("[data-part=audio]:visible")
    assert "the longest" in said(page)
    assert carried(page) == 1


@pytest.mark.long
def test_a_recording_from_the_phone_is_attached_instead(opened):
    page = opened()
    note = {"name": "PTT-20250101.opus", "mimeType": "audio/ogg", "buffer": recordings.recorded("whatsapp")}
    page.set_input_files("[data-voice]", note)
    page.wait_for_selector("[data-part=audio]:visible")
    page.click("button.send")
    page.wait_for_selector("#played")
    assert recorder_page.heard[0].kind == "ogg"


@pytest.mark.long
@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        ("delete window.MediaRecorder", "This browser cannot record."),
        (
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error())",
            "The microphone is not allowed.",
        ),
    ],
)
def test_without_a_microphone_the_file_input_stays_and_says_why(opened, first, sentence):
    page = opened(first=first)
    if page.is_visible("[data-part=record]"):
        page.click("[data-part=record]")
    expect(page.locator("[data-part=said]")).to_contain_text(sentence)
    assert page.is_visible("[data-voice]")
    assert not page.is_visible("[data-part=stop]")
    note = {"name": "a.ogg", "mimeType": "audio/ogg", "buffer": recordings.recorded("whatsapp")}
    page.set_input_files("[data-voice]", note)
    page.click("button.send")
    page.wait_for_selector("#played")


@pytest.mark.long
def test_without_script_the_phones_own_recorder_opens(opened):
    page = opened(java_script_enabled=False)
    field = page.query_selector("[data-voice]")
    assert (field.get_attribute("accept"), field.get_attribute("capture")) == ("audio/*", "")
    assert field.is_visible()
    assert not page.query_selector("[data-part=record]").is_visible()


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_targets_are_large_and_nothing_is_wider_than_a_small_phone(opened, scheme):
    page = opened(color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 640})
    for part in ("record", "stop", "remove"):
        page.wait_for_selector(f"[data-part={part}]:visible")
        assert page.query_selector(f"[data-part={part}]").bounding_box()["height"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        if part != "remove":
            page.click(f"[data-part={part}]")


@pytest.mark.long
def test_the_microphone_is_open_to_the_pages_that_record_alone(opened, address):
    page = opened()
    assert "microphone=(self)" in page.goto("/speak/").headers["permissions-policy"]
    assert "microphone=()" in page.request.get("/police/").headers["permissions-policy"]


def test_the_recorder_weighs_little():
    assert (town.ROOT / "static/js/voice.js").stat().st_size <= 4_096
