"""How Linkbook is served: two processes of four threads, which is a hundred times what a county needs."""

import os

from plumbing import addresses, mail
from plumbing.process import keep_to_ourselves
from plumbing.settings import Settings

bind = os.environ.get("LINKBOOK_BIND", "127.0.0.1:8000")
workers = 2
threads = 4
worker_class = "gthread"
timeout = 120
# Nobody steers the server but by stopping it; two of them would quarrel over one socket in the home folder.
control_socket_disable = True
# The method, the path, the status and the time taken. Never the query string: what a parent searched for is nobody's business;
# never the address it came from, either.
accesslog = "-"
logger_class = "plumbing.server_log.QuietLogger"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(L)ss"


def on_starting(_server):
    """Once, before there are workers: what they may leave behind, where mail goes, and what its links begin with."""
    keep_to_ourselves()
    settings = Settings.from_environment()
    for words in filter(None, (mail.where(settings), addresses.where(settings))):
        print(words, flush=True)


def post_worker_init(worker):
    """Answer one question before the first family asks: templates, words and index are then ready."""
    worker.wsgi.test_client().get("/search?q=sleep", base_url=worker.wsgi.extensions["settings"].address or None)
