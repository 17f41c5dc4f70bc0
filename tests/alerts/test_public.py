"""Pages and feeds as the public and its machines see them."""

from datetime import timedelta

import pytest
from lxml import etree

from alerts import feeds
from alerts.models import Document
from tests.alerts import scene
from trust import clock, keys

pytestmark = pytest.mark.django_db
ATOM = {"a": feeds.ATOM}


@pytest.mark.parametrize(
    ("language", "direction", "name"),
    [("ar", "rtl", "أمينة"), ("fr", "ltr", "Amina"), ("en", "ltr", "Amina")],
)
def test_a_live_page_says_who_what_to_do_and_whom_to_call(client, settings, language, direction, name):
    version = scene.signed()
    page = client.get(f"/{language}/a/{version.alert.code}/").content.decode()
    assert f'dir="{direction}"' in page
    assert name in page
    assert f'href="tel:{settings.TIP_NUMBER}"' in page
    assert "<svg" in page
    assert f"/m/{version.public_photo}" in page
    assert 'property="og:title"' in page
    assert "<script" not in page
    assert page.index("<h1>") < page.index("<img class")


def test_what_others_keep_of_a_link_holds_neither_name_nor_photo(client):
    page = client.get(f"/fr/a/{scene.signed().alert.code}/").content.decode()
    shared = [line for line in page.splitlines() if "og:" in line]
    assert "Amina" not in "".join(shared)
    assert "og:image" not in page


def test_a_code_is_found_however_it_is_typed(client):
    code = scene.signed().alert.code
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for typed in (code.lower(), f"{code[:4]}-{code[4:]}", arabic):
        answer = client.get(f"/fr/a/{typed}/", follow=True)
        assert answer.status_code == 200
        assert answer.request["PATH_INFO"] == f"/fr/a/{code}/"


@pytest.mark.parametrize("typed", ["AAAAAAAA", "x", "%00", "١٢٣", "0" * 200, "ABCD2345"])
def test_a_code_never_issued_is_told_so(client, typed):
    answer = client.get(f"/fr/a/{typed}/")
    assert answer.status_code == 404
    assert "noindex" in answer["X-Robots-Tag"]


def test_drafts_and_exercises_are_not_there(client):
    for version in (scene.proposed(), scene.signed(kind="exercise"), scene.signed(kind="test")):
        assert client.get(f"/fr/a/{version.alert.code}/").status_code == 404
    assert "Amina" not in client.get("/fr/").content.decode()


def test_the_list_shows_what_is_live_and_only_that(client):
    alert = scene.signed().alert
    assert f"/fr/a/{alert.code}/" in client.get("/fr/").content.decode()
    other = scene.ended()
    assert f"/fr/a/{other.code}/" not in client.get("/fr/").content.decode()


def test_the_list_and_an_alert_that_is_over_lead_to_the_form_for_whoever_saw_a_child(client):
    for address in ("/fr/", f"/fr/a/{scene.ended().code}/"):
        assert 'href="/fr/tip/">J’ai vu un enfant</a>' in client.get(address).content.decode()


def test_a_bare_address_leads_to_a_language(client):
    answer = client.get(f"/a/{scene.signed().alert.code}/")
    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]


def test_an_erased_case_leaves_a_page_that_is_over(client):
    version = scene.signed()
    keys.destroy(version.key_owner)
    keys.forget()
    assert client.get(f"/fr/a/{version.alert.code}/").status_code == 410
    assert client.get(f"/a/{version.alert.code}/cap/{version.identifier}.xml").status_code == 410


def test_an_entrys_id_is_the_documents_address(client, settings):
    version = scene.signed()
    feed = etree.fromstring(client.get("/feeds/cap.atom").content)
    url = f"{settings.PUBLIC_URL}/a/{version.alert.code}/cap/{version.identifier}.xml"
    assert [found.text for found in feed.iterfind("a:entry/a:id", ATOM)] == [url]
    assert feed.findall("a:entry/a:link", ATOM)[0].get("href") == url
    rss = etree.fromstring(client.get("/feeds/cap.rss").content)
    assert rss.findtext("channel/item/guid") == version.identifier
    assert rss.findtext("channel/item/link") == url
    assert client.get("/feeds/alerts.json").json()["alerts"][0]["id"] == url


def test_an_ended_alert_is_replaced_by_its_all_clear_until_its_expiry(client):
    alert = scene.ended()
    over = Document.objects.get(ends_alert=True)
    found = client.get("/feeds/alerts.json").json()["alerts"]
    assert [entry["identifier"] for entry in found] == [over.identifier]
    assert found[0]["over"]
    assert "Amina" not in client.get("/feeds/cap.atom").content.decode()
    assert over.expires_at == alert.versions.get().expires_at
    Document.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert client.get("/feeds/alerts.json").json()["alerts"] == []


@pytest.mark.parametrize("path", ["/feeds/cap.atom", "/feeds/cap.rss", "/feeds/alerts.json"])
def test_feeds_are_known_by_their_tag(client, path):
    scene.signed()
    first = client.get(path)
    assert "max-age=60" in first["Cache-Control"]
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(path, headers={"if-none-match": 'garbage "\x7f'}).status_code == 200
    scene.ended()
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_privacy_is_a_page(client):
    for language in ("ar", "fr", "en"):
        assert client.get(f"/{language}/privacy/").status_code == 200
