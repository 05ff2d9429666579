"""Voice notes and short films: heard, kept, and never longer than a minute."""

from __future__ import annotations

import pytest

from tests.family import Member
from tests.plumbing.files.samples import CANARY, recording
from tests.records.pages.letters import Desk, photo


@pytest.fixture
def desk(amina: Member, yusuf: str) -> Desk:
    return Desk(amina, yusuf)


def _begin(desk: Desk, file: bytes) -> str:
    answer = desk.post(f"{desk.record}/voice/new", file)
    assert answer.status_code == 302, answer.text
    return answer.location


def test_a_voice_note_is_heard_and_kept_in_the_diary(desk):
    tray = _begin(desk, recording("webm", sound="libopus"))
    assert "<audio controls" in desk.member.client.get(tray).text
    note = desk.keep(tray, title="What the nurse said")
    document = desk.entry(note).document
    assert (document["recording_kind"], document["title"]) == ("sound", "What the nurse said")
    assert round(document["seconds"]) == 2
    heard = desk.member.client.get(f"{note}/recording")
    assert heard.mimetype == "audio/webm"
    assert CANARY.encode() not in heard.data
    assert heard.headers["Cache-Control"] == "no-store"
    assert heard.headers["Content-Security-Policy"].startswith("sandbox")
    assert "<audio controls" in desk.member.client.get(note).text


def test_a_film_has_its_first_picture(desk):
    note = desk.keep(_begin(desk, recording("mp4", film="libx264", sound="aac")))
    page = desk.member.client.get(note).text
    document = desk.entry(note).document
    assert document["recording_kind"] == "video"
    assert f"{note}/files/{document['pages'][0]['image']}" in page
    assert desk.member.client.get(f"{note}/recording").mimetype == "video/mp4"


def test_a_player_gets_the_piece_it_asks_for(desk):
    note = desk.keep(_begin(desk, recording("wav", sound="pcm_s16le")))
    whole = desk.member.client.get(f"{note}/recording")
    piece = desk.member.client.get(f"{note}/recording", headers={"Range": "bytes=10-19"})
    assert piece.status_code == 206
    assert piece.data == whole.data[10:20]
    assert piece.headers["Cache-Control"] == "no-store"


def test_it_is_saved_under_a_name_that_says_nothing(desk):
    note = desk.keep(_begin(desk, recording("ogg", sound="libopus")), title="Seizure")
    saved = desk.member.client.get(f"{note}/original")
    assert saved.headers["Content-Disposition"] == "attachment; filename=voice-note.ogg"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (recording("ogg", sound="libopus", seconds=70), "longer than 60 seconds"),
        (photo(), "That is not a recording."),
        (b"", "That file is empty."),
        (recording("ogg", sound="libopus")[:40], "We could not read that recording."),
    ],
    ids=["too long", "a photo", "empty", "cut off"],
)
def test_what_is_no_short_recording_is_refused(desk, file, words):
    answer = desk.post(f"{desk.record}/voice/new", file)
    assert answer.status_code == 400
    assert words in answer.text
    assert not desk.drafts()


def test_a_recording_is_no_letter(desk):
    answer = desk.post(f"{desk.record}/letters/new", recording("ogg", sound="libopus"), fetch=True)
    assert "Keep it as a voice note or video instead." in answer.json["problem"]


def test_a_recording_that_was_not_kept_is_found_again(desk):
    tray = _begin(desk, recording("ogg", sound="libopus"))
    assert "You have a recording that is not kept yet." in desk.member.client.get(f"{desk.record}/letters").text
    assert desk.post(f"{tray}/drop").status_code == 302
    assert not desk.drafts()


def test_a_voice_note_has_no_pages_to_arrange(desk):
    note = desk.keep(_begin(desk, recording("ogg", sound="libopus")))
    address = f"{desk.record}/letters/{desk.entry(note).id}"
    assert desk.member.client.get(f"{address}/pages").status_code == 404
    assert desk.post(f"{address}/pages", photo()).status_code == 404
