"""The log accuses nobody: what a list shows was not opened, what was searched was not read, and a copy says for which file."""

from __future__ import annotations

import re

from records.pages import log
from tests.family import fill
from tests.records.pages.letters import Desk, photo
from tests.records.pages.readers import lines, share, url_of, write
from tests.records.pages.test_who import words_of


def test_a_list_with_small_pictures_opens_no_letter(amina, sara, yusuf):
    share(amina, yusuf, sara, "health_letters")
    desk = Desk(amina, yusuf)
    for title in ("Eye clinic", "Hearing test"):
        desk.keep(desk.begin(photo(title)), title=title)
    small = re.findall(r'<img src="([^"]+)"', sara.client.get(f"{yusuf}/letters").text)
    assert len(small) == 2
    before = len(lines(amina, yusuf, sara))
    for address in small:
        assert sara.client.get(address).mimetype == "image/jpeg"
    assert [one["what"] for one in lines(amina, yusuf, sara)[before:]] == ["thumbnail"] * 2, "A line before any byte."
    said = words_of(amina.client.get(f"{yusuf}/log"))
    assert "Sara Morgan looked through" in said
    assert "Sara Morgan opened" not in said
    assert "Eye clinic" not in said.split("Sara Morgan looked through")[1].split(".")[0]


def test_one_letter_with_its_pictures_is_one_letter(amina, sara, yusuf):
    share(amina, yusuf, sara, "health_letters")
    desk = Desk(amina, yusuf)
    letter = desk.keep(desk.begin(photo("Eye"), photo("clinic")), title="Eye clinic")
    pictures = re.findall(r'<img src="([^"]+)"', sara.client.get(letter).text)
    assert len(pictures) == 2
    for address in pictures:
        sara.client.get(address)
    assert "Sara Morgan opened a letter. Eye clinic" in words_of(amina.client.get(f"{yusuf}/log"))


def test_by_the_word_for_small_nothing_larger_is_had(amina, sara, yusuf):
    share(amina, yusuf, sara, "health_letters")
    desk = Desk(amina, yusuf)
    letter = desk.keep(desk.begin(photo("Eye clinic")), title="Eye clinic")
    (page,) = re.findall(r'<img src="([^"]+)"', sara.client.get(letter).text)
    assert sara.client.get(page).status_code == 200
    assert sara.client.get(f"{page}?small=1").status_code == 404


def test_a_search_is_said_as_one_and_not_as_every_section(amina, joe, yusuf, sara):
    share(amina, yusuf, sara, "health_letters", "care_plan")
    sara.client.get(yusuf)
    before = len(lines(amina, yusuf, sara))
    fill(sara.client, f"{yusuf}/search", words="eyes")
    assert "searched" in {one["what"] for one in lines(amina, yusuf, sara)[before:]}
    assert re.search(r"Sara Morgan[^.]* and searched\.", words_of(amina.client.get(f"{yusuf}/log")))


def test_a_copy_says_for_which_file(amina, sara, yusuf):
    share(amina, yusuf, sara, "meetings", copies="what_matters")
    section = url_of(amina, yusuf, "meetings").rsplit("/", 1)[1]
    write(amina, yusuf, "meetings", kind="meeting", what="Review")
    answer = fill(sara.client, f"{yusuf}/agency-copy", agency="Northumberland early help", section=section)
    assert answer.mimetype == "application/pdf", answer.text
    said = words_of(amina.client.get(f"{yusuf}/log"))
    assert "copied Meetings for the file “Northumberland early help”" in said
    assert "Copied for the file “Northumberland early help”." in words_of(amina.client.get(f"{yusuf}/who"))


def test_nobody_writes_the_log_in_anothers_name(amina, joe, sara):
    for name in ("You", " you ", "Somebody", "Linkbook"):
        answer = fill(joe.client, "/settings/name", shown_name=name)
        assert answer.status_code == 400, name
        assert "of somebody else" in answer.text
    # An account that had the name before, or one that others have: its sign-in name stands beside it.
    with amina.app.test_request_context():
        for name in ("You", "Amina"):
            assert log._told_apart({joe.id: name, sara.id: "Sara"}, amina.id) == {
                joe.id: f"“{name}” ({joe.sign_in_name})",
                sara.id: "Sara",
            }
        alike = log._told_apart({joe.id: "Sara Morgan", sara.id: "Sara Morgan"}, amina.id)
        assert len(set(alike.values())) == 2
