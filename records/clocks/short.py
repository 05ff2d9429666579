"""Each step of a clock in a few words, for where there is no room for its sentence: "the report is sent".

Looked up by rule and step, then by step alone.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from records.clocks.rule import Rule, Step

STEPS = {
    ("", "decide"): _l("last day to decide"),
    ("", "comments"): _l("last day for what you say to it"),
    ("", "final"): _l("last day for the final plan"),
    ("", "appeal"): _l("last day to appeal"),
    ("", "review"): _l("last day for the review"),
    ("", "plan"): _l("the new place stands in the plan"),
    ("", "begins"): _l("begins"),
    ("ehc_request", "no_plan"): _l("last day to say no to a plan"),
    ("ehc_decision", "adviser"): _l("last day to talk to the mediation adviser"),
    ("ehc_adviser", "certificate"): _l("certificate"),
    ("ehc_adviser", "meeting"): _l("last day for the mediation meeting"),
    ("annual_review", "papers"): _l("everybody invited, papers sent"),
    ("annual_review", "report"): _l("report sent"),
    ("annual_review", "decision"): _l("council decides"),
    ("annual_review", "final"): _l("new plan, if it changes"),
    ("ehc_amendment", "final"): _l("new plan, or no change"),
    ("ehc_under_five", "from"): _l("time to look at it again"),
    ("ehc_under_five", "by"): _l("a review thought about"),
    ("ehc_move", "pass_on"): _l("plan at the new council"),
    ("ehc_moved", "tell"): _l("new council tells you what it does"),
    ("appointee", "begins"): _l("paid to the young person"),
    ("wales_appointee", "begins"): _l("paid to the young person"),
    ("idp_school", "decide"): _l("not before this day"),
    ("csp_proposal", "plan"): _l("last day for the plan, or a no"),
    ("csp_plan", "review"): _l("a year is over"),
    ("csp_plan", "finish"): _l("review finished"),
    ("csp_review", "finish"): _l("review finished"),
    ("csp_early", "answer"): _l("last day to answer"),
    ("leaving_school", "ask"): _l("others asked who may help"),
    ("leaving_school", "tell"): _l("others told who will help"),
    ("disability_payment", "adult"): _l("can be asked for"),
    ("statement_request", "proposed"): _l("last day for a proposed statement"),
    ("statement_request", "final"): _l("last day for the final statement"),
    ("statement_proposed", "final"): _l("last day for the final statement"),
    ("statement_fourteen", "begins"): _l("next annual review plans for it"),
    ("northern_ireland_pip", "letter"): _l("a letter about an appointee"),
}
# The day from which an annual review counts is itself a day to be there.
MEETING = _l("the meeting")


def words(rule: Rule, step: Step) -> str:
    """What a step is, in a few words."""
    return str(STEPS.get((rule.slug, step.name)) or STEPS["", step.name])
