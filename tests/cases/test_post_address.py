"""One post copied in many ways is one address; nothing but an address of the web is taken."""

import pytest

from cases.post_address import AddressRefused, read

SAME = [
    [
        "https://www.facebook.com/groups/12/posts/34/?mibextid=abc&__tn__=R",
        "m.facebook.com/groups/12/posts/34",
        "http://fb.com/groups/12//posts/34/#comments",
        "FACEBOOK.com:443/groups/12/posts/34",
    ],
    [
        "https://www.facebook.com/story.php?story_fbid=9&id=7&fbclid=x",
        "https://m.facebook.com/story.php?id=7&story_fbid=9",
    ],
    [
        "https://www.instagram.com/p/Cx1yZ/?igsh=abc==",
        "instagram.com/reel/Cx1yZ",
        "https://www.instagram.com/somebody/p/Cx1yZ/",
    ],
    [
        "https://youtu.be/dQw4?si=1",
        "https://m.youtube.com/watch?v=dQw4&feature=share",
        "youtube.com/shorts/dQw4",
    ],
    ["https://twitter.com/a/status/1?s=20", "https://x.com/a/status/1"],
    ["https://example.org/avis/%D8%B7%D9%81%D9%84", "https://example.org/avis/طفل"],
]
APART = [
    ("https://youtu.be/dQw4", "https://youtu.be/dqw4"),  # letters of an id differ by case
    ("https://www.facebook.com/a/posts/1", "https://www.facebook.com/a/posts/2"),
    ("https://facebook.com/story.php?id=7&story_fbid=9", "https://facebook.com/story.php?id=7&story_fbid=8"),
    ("https://forum.example.org/view?t=1", "https://forum.example.org/view?t=2"),
    ("https://example.org:8443/1", "https://example.org/1"),
]


@pytest.mark.parametrize("copies", SAME, ids=lambda copies: copies[0][8:30])
def test_one_post_is_one_address_however_it_was_copied(copies: list[str]) -> None:
    assert len({read(copy).normal for copy in copies}) == 1


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_posts_stay_two(one: str, other: str) -> None:
    assert read(one).normal != read(other).normal


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("https://vm.tiktok.com/ZM1/", "tiktok"),
        ("t.me/s/alerts/5", "telegram"),
        ("fb.watch/ab", "facebook"),
        ("https://notfacebook.com/1", ""),
        ("https://facebook.com.example.org/1", ""),
    ],
)
def test_the_network_is_that_of_the_host_and_of_no_host_that_looks_like_it(text: str, network: str) -> None:
    assert read(text).network == network


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("javascript:alert(1)", "not_web"),
        ("data:text/html,x", "not_web"),
        ("ftp://example.org/x", "not_web"),
        ("java\tscript:alert(1)", "not_web"),
        ("file:///etc/passwd", "not_web"),
        ("perdu", "not_an_address"),
        ("https://", "not_an_address"),
        ("http://exa mple.org", "not_an_address"),
        ("https://[::1]/", "not_an_address"),
        ("http://127.0.0.1/x", "not_an_address"),
        ("https://example.org:99999/", "not_an_address"),
        ("https://example.org/" + "a" * 2000, "too_long"),
        ("https://-.org/", "not_an_address"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(text: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read(text)
    assert refused.value.code == code


def test_marks_that_turn_the_direction_of_writing_are_dropped() -> None:
    assert read("https://example.org/\u202eabc").text == "https://example.org/abc"
