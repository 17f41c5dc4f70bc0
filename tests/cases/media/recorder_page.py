"""A page that holds nothing but a recorder, as a family's form does: same template, same headers."""

from django import forms
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from cases.media.voice import CONTENT_TYPE, Voice, listen
from cases.upload import CappedUpload, may_record
from project import urls

PAGE = """{% extends "base.html" %}{% load static %}
{% block head %}<link rel="stylesheet" href="{% static 'css/voice.css' %}">{% endblock %}
{% block scripts %}<script src="{% static 'js/voice.js' %}" defer></script>{% endblock %}
{% block content %}<h1>Speak</h1><form method="post" enctype="multipart/form-data">
{% include "cases/voice.html" with field=form.voice_story %}
<button class="button button-primary send">Send</button></form>
{% if heard %}<audio id="played" controls src="/note.mp3"></audio>{% endif %}{% endblock %}"""

heard: list[Voice] = []


class SpeakForm(forms.Form):
    voice_story = forms.FileField(label="What happened?", required=False)


@csrf_exempt
@may_record
def speak(request):
    if request.method == "POST":
        request.upload_handlers = [CappedUpload(request)]
        heard.extend(listen(note.read()) for note in request.FILES.getlist("voice_story"))
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"form": SpeakForm(), "heard": heard}, request))


def note(_request):
    return HttpResponse(heard[-1].mp3, content_type=CONTENT_TYPE)


urlpatterns = [path("speak/", speak), path("note.mp3", note), *urls.urlpatterns]
