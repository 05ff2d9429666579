"""Everything about the clocks that people read: what each is called, how it begins, each step, and what helps when one is late.

A step's sentence is looked up by rule and step, then by step alone.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from plumbing.dates import date_in_words, weekday_in_words
from records.clocks.rule import Due, Rule
from records.clocks.running import BEGUN, COMING, LATE, PERHAPS, Line
from records.clocks.working_days import is_working_day, working_day_by

# What a clock is called, and what happened that begins it: a family chooses by the second.
RULES = {
    "ehc_request": (_l("EHC needs assessment"), _l("The council got a request for an EHC needs assessment")),
    "ehc_draft": (_l("Draft EHC plan"), _l("The council sent us a draft of the EHC plan")),
    "ehc_decision": (_l("Appeal"), _l("The council sent a decision or a final plan that we do not agree with")),
    "ehc_adviser": (_l("Mediation"), _l("We told the mediation adviser if we want mediation")),
    "ehc_certificate": (_l("Appeal after mediation"), _l("The date on our mediation certificate")),
    "annual_review": (_l("Annual review of the EHC plan"), _l("The annual review meeting is, or was, on this day")),
    "ehc_amendment": (_l("Changes to the EHC plan"), _l("The council sent us the changes it wants to make to the plan")),
    "ehc_plan": (_l("Next review of the EHC plan"), _l("The EHC plan was first made, or was last reviewed")),
    "ehc_under_five": (_l("EHC plan of a child under five"), _l("The EHC plan of our child under five was made, or looked at")),
    "ehc_move": (_l("Moving to another council"), _l("Our council heard that we are moving to another council’s area")),
    "ehc_moved": (_l("After moving to another council"), _l("Our new council took over the EHC plan")),
    "phase_school": (_l("Starting school"), _l("Starting school: 15 February of the year they start")),
    "phase_secondary": (_l("Moving to secondary school"), _l("Moving to secondary school: 15 February of that year")),
    "phase_other": (
        _l("Moving to another school"),
        _l("Infant to junior, or to or from middle school: 15 February of that year"),
    ),
    "phase_college": (_l("Moving on after Year 11"), _l("Moving to college or sixth form: 31 March of that year")),
    "adult_life": (_l("Getting ready for adult life"), _l("Year 9 begins")),
    "health_check": (_l("Health check every year"), _l("The 14th birthday")),
    "pip": (_l("From DLA to PIP"), _l("The 16th birthday")),
    "appointee": (_l("Who looks after their benefits"), _l("The 16th birthday")),
    "idp_school": (_l("IDP: the school decides"), _l("The school heard that our child may have additional learning needs")),
    "idp_council": (_l("IDP: the council decides"), _l("The council heard that our child may have additional learning needs")),
    "idp_again": (_l("IDP: the council looks again"), _l("The council got our request to look again at what the school decided")),
    "idp_decision": (_l("Appeal"), _l("The council sent a decision that we do not agree with")),
    "idp_plan": (_l("Next review of the IDP"), _l("We got the IDP, or what came of its last review")),
    "wales_pip": (_l("From DLA to PIP"), _l("The 16th birthday")),
    "wales_appointee": (_l("Who looks after their benefits"), _l("The 16th birthday")),
    "csp_request": (
        _l("Co-ordinated support plan: is one needed?"),
        _l("The council got our request to find out if a plan is needed"),
    ),
    "csp_proposal": (
        _l("Co-ordinated support plan: getting one"),
        _l("The council told us that it will find out if a plan is needed"),
    ),
    "csp_plan": (_l("Next review of the co-ordinated support plan"), _l("The plan was made, or its last review was finished")),
    "csp_review": (_l("Review of the co-ordinated support plan"), _l("The council told us that it begins a review of the plan")),
    "csp_early": (_l("An earlier review"), _l("The council got our request to review the plan early")),
    "leaving_school": (_l("Leaving school"), _l("The day they are expected to leave school")),
    "disability_payment": (_l("From Child to Adult Disability Payment"), _l("The 16th birthday")),
    "scotland_health_check": (_l("Health check every year"), _l("The 16th birthday")),
    "statement_request": (_l("Statement: assessment"), _l("The Education Authority got our request for an assessment")),
    "statement_proposed": (_l("Proposed statement"), _l("The Education Authority sent us a proposed statement")),
    "statement_decision": (_l("Appeal"), _l("The Education Authority sent a decision that we do not agree with")),
    "statement_plan": (_l("Annual review of the statement"), _l("The statement was made, or was last reviewed")),
    "statement_fourteen": (_l("Plan for what comes after school"), _l("The 14th birthday")),
    "northern_ireland_pip": (_l("From DLA to PIP"), _l("The 16th birthday")),
}

STEPS = {
    ("ehc_request", "decide"): _l("By %(day)s the council must tell you if it will assess."),
    ("ehc_request", "no_plan"): _l("If it assesses and then says no to a plan, it must tell you by %(day)s."),
    ("ehc_request", "final"): _l("If there is to be a plan, you must have the final one by %(day)s."),
    ("ehc_draft", "comments"): _l("You have at least until %(day)s to say what should change, and which school you want."),
    ("ehc_decision", "adviser"): _l(
        "Talk to the mediation adviser by %(day)s. The letter says who. You need not agree to mediation."
    ),
    ("ehc_decision", "appeal"): _l(
        "Send your appeal by %(day)s, or within one month of the date on your mediation certificate, if that is later."
    ),
    ("ehc_adviser", "certificate"): _l("If you said no to mediation, you must have a certificate by %(day)s."),
    ("ehc_adviser", "meeting"): _l("If you said yes, the council must hold the mediation meeting by %(day)s."),
    ("ehc_certificate", "appeal"): _l(
        "Send your appeal by %(day)s, or within two months of the date on the council’s decision, if that is later."
    ),
    ("annual_review", "papers"): _l(
        "By %(day)s everybody must be invited, and have been sent what others wrote for the meeting."
    ),
    ("annual_review", "report"): _l("By %(day)s the report of the meeting must be sent to everybody who was invited."),
    ("annual_review", "decision"): _l(
        "By %(day)s the council must tell you if it will keep, change or end the plan. If it will change it, it must say how."
    ),
    ("annual_review", "final"): _l("If the plan changes, you must have the new one by %(day)s."),
    ("ehc_amendment", "comments"): _l("You have at least until %(day)s to say what you think of the changes."),
    ("ehc_amendment", "final"): _l("By %(day)s the council must send the new plan, or tell you that nothing changes."),
    ("ehc_plan", "review"): _l("By %(day)s the plan must be reviewed."),
    ("ehc_under_five", "from"): _l("From %(day)s it is time to look at the plan again: every three to six months."),
    ("ehc_under_five", "by"): _l("By %(day)s the council should have thought about a review."),
    ("ehc_move", "pass_on"): _l("The plan must go to the new council on the day you move, or by %(day)s if that is later."),
    ("ehc_moved", "tell"): _l("By %(day)s the new council must tell you when it will review the plan, and if it will assess."),
    ("", "plan"): _l("Before %(day)s the council must have reviewed the plan, and put the next school or college in it."),
    ("adult_life", "begins"): _l("From %(day)s each annual review must look at adult life: work, home, friends and health."),
    ("health_check", "begins"): _l(
        "From %(day)s: a health check every year, if the GP has them on the learning disability list."
    ),
    ("pip", "begins"): _l("From %(day)s PIP takes the place of DLA. A letter will come. Ask for PIP by the day it says."),
    ("appointee", "begins"): _l("From %(day)s benefits are paid to the young person, unless somebody else is made appointee."),
    ("idp_school", "decide"): _l("The school has 35 school days to decide and to make the plan. That is not before %(day)s."),
    ("idp_council", "decide"): _l("By %(day)s the council must have decided, and have made the plan if there is to be one."),
    ("idp_again", "decide"): _l("By %(day)s the council must have looked again, and have told you what it decided."),
    ("idp_decision", "appeal"): _l("Send your appeal to the Education Tribunal for Wales by %(day)s."),
    ("idp_plan", "review"): _l("By %(day)s the plan must be reviewed."),
    ("csp_request", "decide"): _l("By %(day)s the council must tell you if it will find out."),
    ("csp_proposal", "plan"): _l("By %(day)s you must have the plan, or be told that none is needed."),
    ("csp_plan", "review"): _l("On %(day)s a year is over, and the council must review the plan."),
    ("csp_plan", "finish"): _l("By %(day)s that review must be finished, if it began on time."),
    ("csp_review", "finish"): _l("By %(day)s the review must be finished, and you must be told what came of it."),
    ("csp_early", "answer"): _l("By %(day)s the council must tell you if it will review the plan early."),
    ("leaving_school", "ask"): _l("By %(day)s the council must have asked others who may help afterwards, such as health."),
    ("leaving_school", "tell"): _l("By %(day)s the council must have told those who will help afterwards, if you agree to it."),
    ("disability_payment", "adult"): _l(
        "From %(day)s they can ask for Adult Disability Payment. Child Disability Payment can go on until they are 18."
    ),
    ("scotland_health_check", "begins"): _l("From %(day)s: a health check every year, for people with a learning disability."),
    ("statement_request", "decide"): _l("By %(day)s the Education Authority must tell you if it will assess."),
    ("statement_request", "proposed"): _l("By %(day)s you must have a proposed statement, or be told that there will be none."),
    ("statement_request", "final"): _l("By %(day)s you must have the final statement: 26 weeks in all."),
    ("statement_proposed", "comments"): _l("Say what you think, or ask for a meeting, by %(day)s."),
    ("statement_proposed", "final"): _l("By %(day)s you must have the final statement."),
    ("statement_decision", "appeal"): _l("Send your appeal to the tribunal (SENDIST) by %(day)s."),
    ("statement_plan", "review"): _l("By %(day)s the statement must be reviewed."),
    ("statement_fourteen", "begins"): _l("The first annual review after %(day)s must plan for what comes after school."),
    ("northern_ireland_pip", "letter"): _l("From %(day)s expect a letter that asks if they will need an appointee at 16."),
    ("northern_ireland_pip", "begins"): _l(
        "From %(day)s PIP takes the place of DLA. A letter will come. Ask for PIP by the day it says."
    ),
}
STEPS |= {
    ("wales_pip", "begins"): STEPS["pip", "begins"],
    ("wales_appointee", "begins"): STEPS["appointee", "begins"],
}

# What makes a rule's days other than they look.
_CLOSED = _l(
    "The council may take longer if the school is shut for four weeks or more, if your child is away for four weeks or more or"
    " misses an appointment, or if something very hard happens to the family. Too few staff is no reason."
)
_MOVE_TOO = _l("If your child is taught with a younger or older year group, the year is another one. Change the day.")
_FOURTEEN = _l("Ask the GP to put them on the learning disability list. The check can be turned down, and asked for again.")
_APPOINTEE = _l("An appointee for DLA is not one for PIP. Ask for it again when you ask for PIP.")
NOTES = {
    "ehc_request": _CLOSED,
    "ehc_decision": _l("If you only disagree with the school that is named, you need no mediation certificate."),
    "ehc_adviser": _l("If there is no meeting within 30 days, ask the adviser for your certificate."),
    "annual_review": _l("If your child goes to no school, the council holds the meeting itself, and the same days count."),
    "ehc_under_five": _l("The code of practice says that the council should do this. The law only says once a year."),
    "phase_school": _MOVE_TOO,
    "phase_secondary": _MOVE_TOO,
    "phase_other": _l("Not every area has these schools. Ask the council if you are not sure."),
    "phase_college": _MOVE_TOO,
    "adult_life": _MOVE_TOO,
    "health_check": _FOURTEEN,
    "scotland_health_check": _FOURTEEN,
    "pip": _l("If they are in hospital on that day, the letter comes when they are out."),
    "appointee": _APPOINTEE,
    "wales_appointee": _APPOINTEE,
    "idp_school": _l("School holidays do not count, and we do not know them. Ask the school for its own day."),
    "idp_decision": _l("There is longer if you use the council’s service for settling disagreements first. Ask the tribunal."),
    "csp_request": _l("If the council has not answered by then, that counts as a no."),
    "csp_proposal": _l("There are reasons for which the council may take longer. It has to tell you."),
    "csp_early": _l("If the council has not answered by then, that counts as a no. In some cases it may take 12 weeks."),
    "statement_request": _l("There are reasons for which the Education Authority may take longer. Ask it for its reason."),
}

# When somebody else is late.
_COUNCIL = _l(
    "Write to the council: say which day it was, and ask by when you will have it. If that does not help, complain to it."
)
_SCHOOL = _l("Ask the school in writing: say which day it was, and ask by when you will have it. Then ask the council.")
_FAMILY = _l("You may still be heard. Ask today, and say why it is late.")
LATE_WORDS = {
    "council": _COUNCIL,
    "school": _SCHOOL,
    "family": _FAMILY,
    "adviser": _l("Ring the adviser and ask for the certificate. It is yours by law."),
    "authority": _l("Write to the Education Authority: say which day it was, and ask by when you will have it."),
}
AFTER_THAT = {
    "england": _l("After that: the Local Government and Social Care Ombudsman. SENDIASS helps you for free."),
    "wales": _l("After that: the Public Services Ombudsman for Wales. SNAP Cymru helps you for free."),
    "scotland": _l("After that: the Scottish Public Services Ombudsman, or the tribunal. Enquire helps you for free."),
    "northern_ireland": _l("After that: the Northern Ireland Public Services Ombudsman. SENAC helps you for free."),
}
# Guides of the directory, where it is there: address and name.
GUIDES = {
    "england": (("ehc-plans", _l("EHC plans and their time limits")), ("how-to-complain", _l("How to complain"))),
    "wales": (("how-to-complain", _l("How to complain")),),
    "scotland": (("how-to-complain", _l("How to complain")),),
    "northern_ireland": (("how-to-complain", _l("How to complain")),),
}

# What we are not sure enough of to give a day for.
NOT_YET = {
    "england": (
        _l("Reviews of children who are looked after by the council, and assessments by social care."),
        _l("What a tribunal orders, assessing again, and young people in custody: the letter says the days."),
    ),
    "wales": (
        _l("A yearly health check: ask the GP from which age it is."),
        _l("Colleges, children who are looked after, and children who have no school: their days are others."),
        _l("When somebody moves to another school."),
    ),
    "scotland": (
        _l("A Child’s Plan has no days in law. Ask whoever wrote it when it is looked at again."),
        _l("The last day for the tribunal: the decision letter says it."),
        _l("Moving from nursery to school, or from one school to another."),
    ),
    "northern_ireland": (
        _l("A yearly health check: ask the GP from which age it is."),
        _l("A new law of 2016 is partly in force. Your letters say which days count."),
        _l("When somebody moves to another school."),
    ),
}


def name(rule: Rule) -> str:
    """What a rule is called."""
    return str(RULES[rule.slug][0])


def event(rule: Rule) -> str:
    """What happened that begins it."""
    return str(RULES[rule.slug][1])


def note(rule: Rule) -> str:
    """What else to know about its days; often nothing."""
    return str(NOTES.get(rule.slug, ""))


def step(rule: Rule, due: Due) -> str:
    """What somebody must do, and by when."""
    sentence = STEPS.get((rule.slug, due.step.name)) or STEPS["", due.step.name]
    return str(sentence) % {"day": date_in_words(due.day)}


def standing(line: Line) -> str:
    """How much time is left, or how late it is; nothing for what is done."""
    if line.state == PERHAPS:
        return _("Ask the school for its day.")
    if line.state == LATE:
        return ngettext("%(num)d day late.", "%(num)d days late.", -line.days_left)
    if line.state == BEGUN:
        return _("That is so now.")
    if line.state != COMING:
        return ""
    if line.days_left == 0:
        return _("Today is the last day.")
    return ngettext("%(num)d day left.", "%(num)d days left.", line.days_left)


def send_by(line: Line) -> str:
    """For what the family has to send: when to have sent it, where nobody reads it on its last day."""
    if line.due.step.who != "family" or line.due.step.begins or is_working_day(line.due.last, line.rule.nation):
        return ""
    safe = working_day_by(line.due.last, line.rule.nation)
    return _("Nobody works on that day. To be safe, send it by %(day)s.", day=weekday_in_words(safe))


def helps(line: Line) -> str:
    """What one can do when somebody is late."""
    words = str(LATE_WORDS.get(line.due.step.who, ""))
    if line.due.step.who in ("council", "authority"):
        words += " " + str(AFTER_THAT[line.rule.nation])
    return words


def sources(rule: Rule) -> list[str]:
    """Where its days are written, each law once."""
    return list(dict.fromkeys(str(source) for one in rule.steps for source in one.source))
