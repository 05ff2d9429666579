"""What the server writes about requests: nothing of what was asked, and nothing of who asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from gunicorn import glogging

# Below these an address is itself a key: whoever read it in a log could use it.
_SECRET_BELOW = ("feed/", "for-providers/", "for-contacts/", "reports/", "news/confirm/", "news/leave/")


class QuietLogger(glogging.Logger):
    """gunicorn's logger without what it says of bad requests: the address they came from, and the line with its question."""

    def warning(self, message: str, *args: Any, **kwargs: Any) -> None:
        """Log a warning; of an invalid request only that there was one."""
        if message.startswith("Invalid request"):
            super().warning("A request could not be read.")
        else:
            super().warning(message, *args, **kwargs)

    def exception(self, message: str, *args: Any, **kwargs: Any) -> None:
        """Log an error with its traceback; of one while handling a request without the request."""
        if "request" in message.lower():
            super().error("A request could not be answered.")
        else:
            super().exception(message, *args, **kwargs)

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """What an access line is made of; the path as it travels, so that none can forge a line or steer a terminal."""
        atoms = super().atoms(resp, req, environ, request_time)
        path = str(environ.get("PATH_INFO", ""))
        secret = next((start for start in _SECRET_BELOW if path.lower().lstrip("/").startswith(start)), "")
        return atoms | {"U": f"/{secret}..." if secret else quote(path.encode("latin-1", "replace"))}
