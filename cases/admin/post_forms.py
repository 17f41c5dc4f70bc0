"""What an officer notes of a post on a social network, and of the child it speaks of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cases import post_address, seen_post
from cases.admin.filing_forms import SaidAtPart
from cases.admin.found_forms import ACCEPTED
from cases.forms.photos import PhotosField
from cases.forms.start import StartForm
from cases.forms.words import WordsField, spoken, zone
from cases.models import Case, Network
from cases.post_address import AddressRefused
from cases.seen_post import PostSeen
from trust import clock

MAX_POST = 4000
SAYS = {
    "not_an_address": _("This is not an address. Copy it whole from the network, or leave it empty."),
    "not_web": _("Only addresses that begin with http or https are taken."),
    "too_long": _("This address is too long. Copy it again from the network."),
}


class PostForm(SaidAtPart):
    """After is_valid(), seen() is the post. `known` is the case that the same post opened before, if any."""

    network = forms.ChoiceField(
        label=_("Which network?"), choices=[("", "—"), *Network.choices], required=False
    )
    address = WordsField(
        label=_("Address of the post"),
        help_text=_("Copied from the network. It is kept sealed, and this site never opens it."),
        max_length=post_address.MAX_LENGTH,
        required=False,
    )
    photo = PhotosField(
        label=_("Picture of the screen"),
        help_text=_("As evidence, before the post is gone. It is sealed and never published."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    author = WordsField(label=_("Name of the author, as shown"), max_length=200, required=False)
    seen_by = WordsField(label=_("Who saw the post, if not you"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language of the post"), choices=settings.LANGUAGES)
    said = WordsField(
        label=_("What the post says"),
        help_text=_("Word for word, as far as it speaks of the child."),
        max_length=MAX_POST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    again = forms.BooleanField(label=_("It is about another child: file it all the same"), required=False)
    field_order = (
        "address", "network", "photo", "author", "said_date", "said_time", "seen_by", "language", "said",
        "again",
    )  # fmt: skip

    known: Case | None = None

    def __init__(self, data: Any = None, files: Any = None) -> None:
        local = clock.now().astimezone(zone())
        now = {"said_date": local.date(), "said_time": local.time(), "language": spoken()}
        super().__init__(data, files, initial=now)
        self.fields["said_date"].label, self.fields["said_time"].label = (
            _("Day the post was seen"), _("Hour the post was seen"),
        )  # fmt: skip
        self.fields["address"].widget.attrs.update({"dir": "ltr", "inputmode": "url", "autocomplete": "off"})

    def clean_address(self) -> str:
        text: str = self.cleaned_data["address"]
        if not text:
            return ""
        try:
            return post_address.read(text).text
        except AddressRefused as refused:
            raise forms.ValidationError(SAYS[refused.code], code=refused.code) from refused

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        address = said.get("address", "")
        if not address and not said.get("photo") and not {"address", "photo"} & set(self.errors):
            self.add_error("address", _("Give the address, or a picture of the screen."))
        if not said.get("network") and address:
            said["network"] = post_address.read(address).network or Network.OTHER
        if not said.get("network") and "network" not in self.errors:
            self.add_error("network", _("Say which network it was."))
        self.known = seen_post.known(address) if address else None
        if self.known and not said.get("again"):
            self.add_error("address", _("This post was filed before. Look at that case first."))
        return said

    @property
    def seen_at(self) -> datetime:
        return self.said_at or clock.now()

    def seen(self) -> PostSeen:
        said = self.cleaned_data
        return PostSeen(
            said["network"],
            self.seen_at,
            said["address"],
            said["author"],
            said["seen_by"],
            said["photo"][0] if said["photo"] else None,
        )


class PostStartForm(StartForm):
    """Ask the first minute's questions of a post: each may stay open, for nobody can be asked yet."""

    template_name = "admin/cases/filing/post_start.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["voice_start"]
        self.fields["phone"].required = False
        self.fields["phone"].label = _("Phone that the post names")
        self.fields["phone"].help_text = ""
        self.fields["last_seen_words"].label = _("Last seen where, as the post says")
        self.fields["last_seen_words"].help_text = ""
        self.fields["ago"].label = _("Last seen when, as the post says")

    def one_more(self) -> PostStartForm:
        typed = super().one_more().initial
        return PostStartForm(initial=typed)

    def _need_words(self) -> None:
        """Need nothing: the post itself is on file."""
