"""Every kind of page that Linkbook has, in the states that look different."""

from __future__ import annotations

from dataclasses import dataclass

QUESTION = "autism groups near Alnwick for a 7 year old"
_RESULTS = "/search?q=" + QUESTION.replace(" ", "+")


@dataclass(frozen=True)
class Kind:
    """One kind of page: its address, what to press there, and what its heading and its title then say."""

    name: str
    path: str
    press: tuple[str, ...] = ()
    heading: str = ""
    title: str = "Linkbook"

    def __str__(self) -> str:
        return self.name


KINDS = [
    Kind("home", "/"),
    Kind("results", _RESULTS, heading="services found"),
    Kind(
        "results-narrowed",
        "/search?q=&place=NE66&category=short-breaks&free=1&delivery=in_person&within=40&sort=nearest",
        heading="services found",
    ),
    Kind("results-choices-open", _RESULTS, ("More choices",), "services found"),
    Kind("results-question-open", _RESULTS, ("Change",), "services found"),
    Kind("results-misspelt", "/search?q=swiming&place=Nowhereville&age=old", heading="services found"),
    Kind("results-crisis", "/search?q=i+want+to+kill+myself"),
    Kind("nothing-found", "/search?q=zzxqj", heading="Nothing found yet"),
    Kind(
        "nothing-found-narrowed",
        "/search?q=&place=Alnwick&category=tribunal-complaints&need=deafblind&age=3&free=1&delivery=home",
        heading="Nothing found yet",
    ),
    Kind("service", "{service}"),
    Kind("organisation", "{organisation}"),
    Kind("category", "/categories/short-breaks?place=Alnwick"),
    Kind("categories", "/categories"),
    Kind("need", "/needs/autism?place=Alnwick"),
    Kind("guides", "/guides"),
    Kind("guide", "/guides/ehc-plans"),
    Kind("guide-safety", "/guides/safe-at-home"),
    Kind("talk-now", "/talk-now"),
    Kind("about-the-data", "/about-the-data"),
    Kind("accessibility", "/accessibility"),
    Kind("privacy", "/privacy"),
    Kind("report", "{service}/report"),
    Kind("report-errors", "{service}/report", ("Send",), "Tell us something is wrong", "Error: "),
    Kind("thanks", "{service}/report/thanks", heading="Thank you"),
    Kind("ask", "/ask", heading="Ask us"),
    Kind("ask-errors", "/ask", ("Send my question",), "Ask us"),
    Kind("ask-answer", "/ask/answer", heading="Read my answer"),
    Kind("could-not-find", "/could-not-find?category=sleep&place=NE66", heading="it was no use"),
    Kind("could-not-find-counted", "/could-not-find/counted", heading="it counts"),
    Kind("comments", "/comments", heading="What families say"),
    Kind("comment", "/comments/new", heading="Tell us what you think"),
    Kind("you-said", "/you-said-we-did", heading="You said, we did"),
    Kind("documents", "/documents", heading="Documents"),
    Kind("shortlist", "/shortlist", heading="My list"),
    Kind("leaflets", "/leaflets", heading="Leaflets to print"),
    Kind("news", "/news", heading="News"),
    Kind("news-by-mail", "/news/subscribe", heading="The newsletter by e-mail"),
    Kind("not-found", "/nothing-here", heading="We cannot find that page"),
    Kind("components", "/components"),
]


def kinds(*names: str) -> list[Kind]:
    """The kinds of those names, in that order."""
    by_name = {kind.name: kind for kind in KINDS}
    return [by_name[name] for name in names]
