"""What each screen writes, and what it keeps of before."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from cases import consent_text, fields
from cases.forms.pictures import ClothingField
from cases.forms.screens import _FORMS as OWN
from cases.forms.screens import PER_CHILD, SCREENS, TITLES, screen_form
from cases.models import Amendment, NameToken, Photo, Place, VoiceNote
from cases.report import ReportedChild, Reporter, receive
from cases.telling import Told, tell
from cases.views.steps import URGENT, WHY, steps
from tests.cases import family, pictures
from tests.cases.media import recordings
from trust import clock

pytestmark = pytest.mark.django_db
FAMILY = Told(source="family", language="fr")


@pytest.fixture
def case(ines):
    """What the first minute leaves behind."""
    child = ReportedChild("Yasmine", name_latin="Yasmine", age_years=9)
    return receive(
        family.report(
            children=(child,),
            consent=None,
            places=(),
            circumstances="",
            reporter=Reporter(phone="+212612345678"),
        )
    ).case


def form(case, screen, data=None, files=None, told=FAMILY):
    case.refresh_from_db()
    child = case.children.get() if screen in PER_CHILD else None
    posted, sent = None, MultiValueDict(files) if files else None
    if data is not None:
        posted = MultiValueDict(
            {name: value if isinstance(value, list) else [value] for name, value in data.items()}
        )
    return screen_form(screen, case, child, posted, sent, told=told)


def save(case, screen, data, files=None, told=FAMILY):
    """Save the screen as a browser sends it: with all that stands in it."""
    blank = form(case, screen, told=told)
    standing = {
        bound.name: bound.field.widget.format_value(bound.value())
        for bound in blank
        if bound.value() not in (None, "") and not isinstance(bound.field, ClothingField | forms.FileField)
    }
    filled = form(case, screen, {**standing, **data}, files, told)
    assert filled.is_valid(), filled.errors
    filled.save()
    return filled


def test_the_screens_are_those_of_the_declaration():
    declared = {field.screen for field in fields.FIELDS.values() if field.screen}
    assert declared | {"consent"} == set(SCREENS) == set(TITLES)
    assert set(OWN) <= set(SCREENS)
    for field in fields.FIELDS.values():
        if field.screen and field.screen not in OWN:
            assert (field.screen in PER_CHILD) is (field.per == "child")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_declared_field_of_a_screen_stands_once_in_its_page(case, screen):
    shown = [block.name for part in form(case, screen).parts() for block in part.blocks]
    asked = [field.name for field in fields.on_screen(screen) if not field.columns]
    assert sorted(shown) == sorted(asked)


# ---- the child


def test_names_are_split_and_corrected_and_found_under_both_scripts(case):
    tokens = set(NameToken.objects.values_list("token", flat=True))
    save(
        case,
        "child",
        {"family_name": "Zerhouni", "other_choice": "own", "other_name": "ياسمين الزرهوني", "sex": "girl"},
    )
    child = case.children.get()
    assert (child.given_name, child.family_name, child.sex) == ("Yasmine", "Zerhouni", "girl")
    assert (child.name("fr"), child.name("ar")) == ("Yasmine Zerhouni", "ياسمين الزرهوني")
    assert tokens < set(NameToken.objects.values_list("token", flat=True))
    former = Amendment.objects.get(field="name").before
    assert former is not None
    assert former["family_name"] == ""


def test_a_spelling_is_proposed_and_never_imposed(case, monkeypatch):
    monkeypatch.setattr("cases.forms.child.proposals", lambda name, country: ("ياسمين", "ياسمينة"))
    page = form(case, "child").as_p()
    assert "ياسمينة" in page
    save(case, "child", {"sex": "girl"})
    assert case.children.get().name_arabic == ""
    save(case, "child", {"other_choice": "ياسمينة"})
    assert case.children.get().name_arabic == "ياسمينة"
    save(case, "child", {"other_choice": "unknown"})
    assert case.children.get().name_arabic == ""


def test_a_birth_date_goes_with_the_age_or_says_so(case):
    assert (
        "birth_date"
        in form(case, "child", {"given_name": "Y", "birth_date": "01/02/2012", "age": "4"}).errors
    )
    for wrong in ("15/03/1437", "01/02/2030", "01/02/1980", "31/02/2015", "01/01/0001"):
        assert "birth_date" in form(case, "child", {"given_name": "Y", "birth_date": wrong}).errors, wrong
    save(case, "child", {"birth_date": "01/02/2017"})
    assert case.children.get().birth_date == date(2017, 2, 1)


def test_a_birth_after_the_disappearance_is_told_apart_from_one_to_come(case):
    case.last_seen_at = clock.now() - timedelta(days=30)
    case.save()
    after = form(
        case, "child", {"given_name": "Y", "birth_date": f"{clock.now() - timedelta(days=5):%d/%m/%Y}"}
    )
    to_come = form(case, "child", {"given_name": "Y", "birth_date": "01/02/2030"})
    assert str(after.errors["birth_date"]) != str(to_come.errors["birth_date"])


def test_a_baby_and_a_name_that_is_emptied(case):
    save(case, "child", {"age": "m5"})
    assert (case.children.get().age_years, case.children.get().age_months) == (0, 5)
    assert "given_name" in form(case, "child", {"given_name": "", "age": "m5"}).errors


# ---- photos


def test_several_photos_are_kept_and_a_bad_one_is_named(case):
    sent = {
        "photos": [
            family.upload(pictures.rotated()),
            family.upload(b"<svg/>"),
            family.upload(pictures.picture()),
        ]
    }
    wrong = form(case, "photos", {"taken_on": "05/03/2026"}, sent)
    assert not wrong.is_valid()
    assert len(wrong.errors["photos"]) == 1
    assert "2" in wrong.errors["photos"][0]
    wrong.keep_files()
    assert Photo.objects.count() == 2
    assert {photo.taken_on for photo in Photo.objects.all()} == {date(2026, 3, 5)}
    assert len(form(case, "photos").kept_photos()) == 2


def test_a_photo_sent_twice_is_one(case):
    photo = pictures.rotated()
    for _ in range(2):
        save(case, "photos", {}, {"photos": [family.upload(photo)]})
    assert Photo.objects.count() == 1


def test_a_photo_an_officer_added_is_not_shown_to_whoever_holds_the_secret(case):
    found, officer = pictures.rotated(), Told(source="officer", language="fr")
    save(case, "photos", {}, {"photos": [family.upload(found)]}, told=officer)
    assert Photo.objects.get().source == "officer"
    assert form(case, "photos").kept_photos() == []
    assert not next(step for step in steps(case) if step.screen == "photos").is_told
    assert len(form(case, "photos", told=officer).kept_photos()) == 1
    save(
        case, "photos", {}, {"photos": [family.upload(found)]}
    )  # the same photo from the family: she sees that hers has arrived
    assert len(form(case, "photos").kept_photos()) == 1


def test_what_a_place_is_and_the_day_of_a_photo_are_sealed(case):
    place(case, kind="friend")
    save(case, "photos", {"taken_on": "05/03/2026"}, {"photos": [family.upload(pictures.rotated())]})
    assert (Place.objects.get().kind, Photo.objects.get().taken_on) == ("friend", date(2026, 3, 5))
    kind = Place.objects.values_list("kind", flat=True).get()
    taken_on = Photo.objects.values_list("taken_on_iso", flat=True).get()
    assert kind is not None
    assert taken_on is not None
    assert b"friend" not in bytes(kind)
    assert b"2026" not in bytes(taken_on)


def test_a_small_photo_is_kept_and_said_kindly(case):
    saved = save(case, "photos", {}, {"photos": [family.upload(pictures.picture(size=(120, 90)))]})
    assert Photo.objects.count() == 1
    assert saved.advice
    assert saved.stays


def test_photos_of_one_family_never_reach_the_next_form(case):
    save(case, "photos", {}, {"photos": [family.upload(pictures.rotated())]})
    save(case, "photos", {"taken_on": "05/03/2026"})
    assert Photo.objects.count() == 1
    assert form(case, "photos").advice == []


# ---- last seen


def test_place_and_hour_are_amended_only_where_they_were_touched(case):
    before = (case.last_seen_at, case.last_seen_place, case.last_seen_words)
    save(case, "last_seen", {"transport": "bus", "seen_date": "2026-03-04", "seen_time": "16:30"})
    case.refresh_from_db()
    assert (case.last_seen_at, case.last_seen_place, case.last_seen_words) == before
    assert not Amendment.objects.exists()
    save(case, "last_seen", {"last_seen_words": "Salé", "seen_date": "2026-03-04", "seen_time": "17:00"})
    case.refresh_from_db()
    zone = ZoneInfo("Africa/Casablanca")
    assert case.last_seen_at.astimezone(zone).strftime("%H:%M") == "17:00"
    assert (case.last_seen_words, case.last_seen_place["source"]) == ("Salé", "gazetteer")
    assert set(Amendment.objects.values_list("field", flat=True)) == {"last_seen_at", "last_seen_place"}


def test_an_unknown_place_is_asked_about_here_too(case):
    asked = form(case, "last_seen", {"last_seen_words": "derrière chez Houda"})
    assert set(asked.errors) == {"place_choice"}


# ---- places


def place(case, **data):
    return save(case, "places", {"act": "add", **data})


def test_a_place_holds_who_when_and_where(case):
    saved = place(
        case, kind="friend", words="Salé", person="Houda", phone="06 12", often="each_week",
        days=["mon", "fri"], part="afternoon", with_whom="sa cousine", found_before="on",
    )  # fmt: skip
    kept = Place.objects.get()
    assert (kept.kind, kept.words, kept.point is not None) == ("friend", "Salé", True)
    assert kept.details == {
        "person": "Houda", "phone": "06 12", "often": "each_week", "days": ["mon", "fri"],
        "part": "afternoon", "with": "sa cousine", "found_before": True,
    }  # fmt: skip
    assert saved.stays


def test_a_place_nobody_knows_stays_words(case):
    place(case, words="derrière chez Houda")
    assert (Place.objects.get().point, Place.objects.get().kind) == (None, "other")


def test_a_place_an_officer_added_is_not_shown_to_whoever_holds_the_secret(case):
    save(case, "places", {"act": "add", "words": "foyer de Salé"}, told=Told(source="officer", language="fr"))
    place(case, words="chez Houda")
    assert [line.words for line in form(case, "places").told_places()] == ["chez Houda"]
    hidden = Place.objects.get(source="officer")
    save(case, "places", {"remove": str(hidden.pk)})
    assert Place.objects.filter(pk=hidden.pk).exists()
    at_the_desk = form(case, "places", told=Told(source="officer", language="fr"))
    assert len(at_the_desk.told_places()) == 2


def test_a_tapped_place_and_a_rare_kind(case):
    place(case, other_kind="roof", lat="34.02", lon="-6.84", error_m="50")
    assert (Place.objects.get().kind, Place.objects.get().error_m) == ("roof", 50)


def test_a_day_without_a_place_is_asked_about_and_nothing_at_all_is_no_place(case):
    assert set(form(case, "places", {"often": "each_week"}).errors) == {"words"}
    assert not save(case, "places", {"act": "save"}).stays
    assert not Place.objects.exists()


def test_a_place_is_removed_from_the_list_and_stays_in_the_file(case):
    place(case, kind="friend", words="Salé")
    pk = Place.objects.get().pk
    for _ in range(2):
        save(case, "places", {"remove": str(pk)})
    save(case, "places", {"remove": "rubbish"})
    assert not Place.objects.exists()
    former = Amendment.objects.get(field="places").before
    assert former is not None
    assert former["words"] == "Salé"


def test_what_is_being_typed_survives_the_removal_of_another(case):
    place(case, kind="friend", words="Salé")
    typed = save(case, "places", {"remove": str(Place.objects.get().pk), "words": "Tabriquet"})
    assert typed.cleaned_data["words"] == "Tabriquet"
    assert not Place.objects.exists()


# ---- who you are


def test_the_reporter_is_amended_and_the_number_cannot_go(case):
    save(case, "you", {"name": "Samira", "relation": "mother", "email": "s@example.ma", "document": "CIN A1"})
    case.refresh_from_db()
    assert case.reporter == {
        "name": "Samira", "relation": "mother", "phone": "+212612345678", "email": "s@example.ma",
        "document": "CIN A1",
    }  # fmt: skip
    assert set(form(case, "you", {"phone": ""}).errors) == {"phone"}
    tokens = NameToken.objects.filter(kind="phone").count()
    save(case, "you", {"phone": "0661000001"})
    assert NameToken.objects.filter(kind="phone").count() == tokens + 1


# ---- declared fields of every kind


def test_rows_are_told_without_their_empty_lines(case):
    save(
        case,
        "habits",
        {
            "routine-1-days": ["mon", "tue"],
            "routine-1-part": "morning",
            "routine-1-what": "école",
            "earlier-0-found": "friend",
        },
    )
    child = case.children.get()
    assert child.value("routine") == [{"days": ["mon", "tue"], "part": "morning", "what": "école"}]
    assert child.value("earlier") == [{"found": "friend"}]
    assert form(case, "habits")["routine-0-what"].value() == "école"


def test_clothes_and_things_carried_keep_their_colours(case):
    save(case, "clothes", {"clothing": ["dress"], "clothing-colour-dress": "red", "carried": ["backpack"]})
    child = case.children.get()
    assert child.value("clothing") == [{"garment": "dress", "colour": "red"}]
    assert child.value("carried") == [{"garment": "backpack", "colour": ""}]


def test_a_recording_stands_beside_a_text_and_is_kept_once(case):
    sound = recordings.recorded()
    for _ in range(2):
        save(case, "health", {"medicine_hours": "8"}, {"voice_medicine": [family.upload(sound)]})
    note = VoiceNote.objects.get()
    assert (note.field, note.child, note.language, note.source) == (
        "medicine",
        case.children.get(),
        "fr",
        "family",
    )
    assert form(case, "health").block(fields.FIELDS["medicine"]).kept == 1


def test_a_recording_is_kept_even_where_a_number_is_wrong(case):
    wrong = form(
        case, "health", {"medicine_hours": "999"}, {"voice_medicine": [family.upload(recordings.recorded())]}
    )
    assert not wrong.is_valid()
    wrong.keep_files()
    assert VoiceNote.objects.count() == 1


def test_a_family_does_not_read_what_an_officer_added_nor_undoes_it(case, ines):
    tell(case, None, {"circumstances": "vue avec son oncle"}, Told(source="officer", officer=ines))
    assert "oncle" not in str(form(case, "last_seen").initial)
    save(case, "last_seen", {"transport": "bus"})
    entries = case.sheets.get(group="circumstances").entries["circumstances"]
    assert [entry["value"] for entry in entries] == ["vue avec son oncle"]
    at_desk = form(case, "last_seen", told=Told(source="assisted", officer=ines))
    assert at_desk.initial["circumstances"] == "vue avec son oncle"


def test_a_paper_keeps_the_hour_it_was_written(case, ines):
    said_at = clock.now() - timedelta(days=1)
    save(case, "looks", {"height": "130"}, told=Told("paper", "fr", ines, said_at))
    entry = case.children.get().facts["height"][-1]
    assert (entry["at"], entry["source"]) == (said_at.isoformat(), "paper")
    assert entry["entered_at"] > entry["at"]


# ---- consent


def answer(case, **data):
    return save(
        case,
        "consent",
        {"relation": "mother", "guardian": "Samira Zerhouni", "answer": "all", "until": "found", **data},
    )


def test_a_yes_to_all_is_every_public_field_on_every_channel_with_the_words_shown(case):
    answer(case)
    consent = case.consents.get()
    assert set(consent.fields) == set(fields.PUBLIC_FIELDS)
    assert set(consent.channels) == {channel.code for channel in consent_text.channels()}
    assert (consent.relation, consent.authority, consent.how, consent.language) == (
        "mother",
        "parent",
        "typed",
        "fr",
    )
    assert consent.text == form(case, "consent").text
    assert consent.guardian["name"] == "Samira Zerhouni"
    assert consent.until is None


@pytest.mark.parametrize(("until", "days"), [("two_days", 2), ("seven_days", 7)])
def test_what_was_ticked_is_what_may_be_published_and_for_how_long(case, until, days):
    answer(case, answer="some", allowed=["name", "last_seen_at"], channels=["web"], until=until)
    consent = case.consents.get()
    assert (consent.fields, consent.channels) == (["name", "last_seen_at"], ["web"])
    assert abs(consent.until - consent.given_at - timedelta(days=days)) < timedelta(seconds=1)


def test_a_no_is_a_refusal_that_is_kept(case):
    answer(case, answer="none")
    assert case.consents.get().is_refusal


def test_an_uncles_answer_is_no_consent_and_he_is_told(case):
    saved = answer(case, relation="uncle_aunt")
    assert not case.consents.exists()
    assert saved.stays
    assert form(case, "consent").is_no_guardian


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("relation", {"relation": ""}),
        ("guardian", {"guardian": ""}),
        ("allowed", {"answer": "some", "channels": ["web"]}),
        ("channels", {"answer": "some", "allowed": ["name"]}),
        ("answer", {"answer": "perhaps"}),
    ],
)
def test_a_permission_that_is_not_whole_is_asked_about(case, field, changes):
    whole = {"relation": "mother", "guardian": "Samira", "answer": "all", "until": "found"}
    assert set(form(case, "consent", {**whole, **changes}).errors) == {field}


def test_leaving_without_an_answer_stores_none_and_a_double_click_stores_one(case):
    answer(case, answer="")
    assert not case.consents.exists()
    for _ in range(2):
        answer(case)
    assert case.consents.count() == 1


def test_a_new_answer_takes_the_place_of_the_one_before(case):
    answer(case)
    answer(case, answer="some", allowed=["name"], channels=["web"])
    live = [row for row in case.consents.all() if row.is_live(clock.now())]
    assert [row.fields for row in live] == [["name"]]
    assert case.consents.count() == 2


# ---- the overview


def test_the_reasons_shown_cover_every_screen():
    assert set(WHY) == set(URGENT) == set(SCREENS)
