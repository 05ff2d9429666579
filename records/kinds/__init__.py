"""The kinds of entry: what can be written in each, one file a kind, and the functions over a whole document.

| kind | fields |
|---|---|
| letter | title, from_whom, dated, note, found_text (read by machine: search only) |
| appointment | what, date, time, ends, place, who_with, bring, questions, travel, what_was_said, cancelled |
| person | name, role, agency, phone, mobile, email, address, best_times, keeps, since, until |
| person, from the directory | service_id, service_title, saved_on |
| about_me | liked, matters, support, communicate, in_an_emergency |
| diagnosis | name, since (in words), given_by, words |
| medicine | name, dose, taken, for_what, words, checked_on, checked_by |
| allergy | name, what_happens, what_to_do, checked_on, checked_by |
| equipment | name, for_what, from_whom, phone, words, next_check |
| emergency | name, what_happens, what_to_do, who_to_ring, hospital |
| health_note | title, date, words |
| household | who_lives_here, who_decides, words |
| address | whose, address, phone, since, until, words |
| school | name, class_name, contact, phone, email, address, since, until, words |
| gp | practice, doctor, phone, address, nhs_number, words |
| language | spoken, signing, interpreter, words |
| where_now | place, since, until, phone, words |
| diary | date, time, who, how, outcome, words, promised_by_date, told |
| meeting | which, what, date, time, ends, place, prefer, chair, invited, agenda, support, childs_way, state, who_came, minutes |
| meeting, agreed to | agreed_to_meet_on, nation, minutes_agreed, minutes_agreed_on (and, of before, actions) |
| contribution | meeting_id, who, coming, words, at, turn |
| minutes | meeting_id, who_came, minutes |
| getting_ready | meeting_id, questions, not_to_raise, childs_view |
| need | title, change, strong, order |
| action | need_id, what, who, person_id, agency, by_when, state, how_it_went, meeting_id, order |
| answer | action_id, what, says, reason, other_date, who, how, on, at, turn |
| progress | action_id, words, is_done, who, on, is_confirmed |
| agreed_plan | agreed_on, review_on, turn (and beside them agreed, circulated) |
| voice | title, date, note |
| review | rule (a slug of `records/clocks`), what, counted_from, note, off, done |
| note | title, words |

`bring`, `questions`, `who_to_ring`, `who_lives_here`, `who_decides`, `spoken`, `invited`, `agenda`, `who_came` and
`actions` are lists of lines.
Labels, hints, choices and problems are in `records/wording.py`.
"""

from records.kinds.document import (
    KINDS,
    VERSION,
    Document,
    NotReadable,
    as_typed,
    clean,
    doubts,
    due_of,
    is_called_off,
    is_empty,
    is_former,
    kind_of,
    searchable,
    summary_of,
    time_of,
    title_of,
    upgrade,
    when_of,
    with_found_text,
)
from records.kinds.field import Field
from records.kinds.kind import Kind

__all__ = [
    "KINDS",
    "VERSION",
    "Document",
    "Field",
    "Kind",
    "NotReadable",
    "as_typed",
    "clean",
    "doubts",
    "due_of",
    "is_called_off",
    "is_empty",
    "is_former",
    "kind_of",
    "searchable",
    "summary_of",
    "time_of",
    "title_of",
    "upgrade",
    "when_of",
    "with_found_text",
]
