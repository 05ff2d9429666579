"""What somebody is told when their passphrase did not open anything: a sentence, and how the page answers."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.signing_in import CodeNeeded, CodeWrong, Wrong
from accounts.throttle import MustWait
from plumbing.crypto.passphrase import Busy

TRIED = (Wrong, CodeNeeded, CodeWrong, MustWait, Busy)


@dataclass(frozen=True)
class Problem:
    """The sentence, the status of the answer, the field it is about, and after how many seconds to try again."""

    words: str
    status: int
    field: str = "passphrase"
    retry_after: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """What a program is told of when to try again."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}


def explain(error: Exception, alone: bool = False) -> Problem:
    """The problem in words; `alone` where only the passphrase was asked for."""
    if isinstance(error, MustWait):
        words = ngettext(
            "There were too many wrong tries. Wait %(num)d minute, then try again.",
            "There were too many wrong tries. Wait %(num)d minutes, then try again.",
            error.minutes,
        )
        return Problem(words, 429, retry_after=error.minutes * 60)
    if isinstance(error, Busy):
        return Problem(_("Many people are signing in at this moment. Try again in a few seconds."), 503, retry_after=5)
    if isinstance(error, CodeNeeded):
        return Problem(_("Your passphrase is right. Now type it once more, with the code from your app."), 400, "code")
    if isinstance(error, CodeWrong):
        return Problem(_("That code is not right, or it was used before. Wait for the next one in your app."), 400, "code")
    if alone:
        return Problem(_("That is not your passphrase. Look out for capital letters and spaces."), 400)
    return Problem(_("That name and passphrase do not go together. Check both and try again."), 400)
