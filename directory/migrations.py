"""The shape of `directory.db`. Names follow Open Referral UK / HSDS 3.0; what it has no field for stands beside it.

`directory.db` holds drafts, reports and numbers not yet to be shown: it is never handed out whole.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from directory.asked_tables import ASKED
from directory.contact_tables import CONTACTS, SHEETS
from directory.news_tables import GUIDES, LEAFLETS, NEWS
from directory.not_found_tables import NOT_FOUND

migrations = Migrations("directory")

# What hangs on a service keeps the order its publisher gave (`position`). Its `id` is kept to be given back, but is no
# key: dirty feeds use one id for two things.
_LISTINGS = """
CREATE TABLE source (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL DEFAULT '', imported_at TEXT, address TEXT NOT NULL DEFAULT ''
);
CREATE TABLE organization (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, alternate_name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '', website TEXT NOT NULL DEFAULT '', logo TEXT NOT NULL DEFAULT '',
    uri TEXT NOT NULL DEFAULT '',
    parent_organization_id TEXT NOT NULL DEFAULT '', source TEXT NOT NULL REFERENCES source(id),
    source_id TEXT NOT NULL DEFAULT ''
);
CREATE TABLE service (
    id TEXT PRIMARY KEY, organization_id TEXT REFERENCES organization(id), name TEXT NOT NULL CHECK (trim(name) != ''),
    alternate_name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'defunct', 'temporarily closed')),
    fees TEXT NOT NULL DEFAULT '', fees_description TEXT NOT NULL DEFAULT '', application_process TEXT NOT NULL DEFAULT '',
    eligibility_description TEXT NOT NULL DEFAULT '', interpretation_services TEXT NOT NULL DEFAULT '',
    accreditations TEXT NOT NULL DEFAULT '', wait_time TEXT NOT NULL DEFAULT '', minimum_age REAL, maximum_age REAL,
    assured_date TEXT NOT NULL DEFAULT '', assurer_email TEXT NOT NULL DEFAULT '', alert TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '', opening_hours TEXT NOT NULL DEFAULT '',
    term TEXT NOT NULL DEFAULT '' CHECK (term IN ('', 'term_time', 'holidays', 'all_year')),
    reach TEXT NOT NULL DEFAULT 'area' CHECK (reach IN ('area', 'county', 'national')), free INTEGER CHECK (free IN (0, 1)),
    source TEXT NOT NULL REFERENCES source(id), source_id TEXT NOT NULL DEFAULT '', imported_digest TEXT NOT NULL DEFAULT '',
    changed_at TEXT NOT NULL
);
CREATE INDEX service_organization ON service(organization_id);
CREATE INDEX service_source ON service(source);
CREATE TABLE service_category (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, category TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (service_id, category)
) WITHOUT ROWID;
CREATE TABLE service_need (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, need TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (service_id, need)
) WITHOUT ROWID;
CREATE TABLE service_delivery (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE,
    delivery TEXT NOT NULL CHECK (delivery IN ('in_person', 'online', 'phone', 'home')), position INTEGER NOT NULL,
    PRIMARY KEY (service_id, delivery)
) WITHOUT ROWID;
CREATE TABLE service_referral (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE,
    kind TEXT NOT NULL
        CHECK (kind IN ('self', 'gp', 'school', 'social_worker', 'health_visitor', 'assessment', 'ehc_plan')),
    position INTEGER NOT NULL,
    PRIMARY KEY (service_id, kind)
) WITHOUT ROWID;
CREATE TABLE referral_step (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, ask TEXT NOT NULL,
    bring TEXT NOT NULL DEFAULT '', wait TEXT NOT NULL DEFAULT '', refused TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE location (
    id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
    location_type TEXT NOT NULL DEFAULT 'physical', transportation TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
    latitude REAL, longitude REAL, precision TEXT NOT NULL DEFAULT '' CHECK (precision IN ('', 'exact', 'sector', 'outcode')),
    hides_address INTEGER NOT NULL DEFAULT 0 CHECK (hides_address IN (0, 1)), source_id TEXT NOT NULL DEFAULT ''
);
CREATE TABLE address (
    location_id TEXT NOT NULL REFERENCES location(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    attention TEXT NOT NULL DEFAULT '', address_1 TEXT NOT NULL DEFAULT '', address_2 TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '', region TEXT NOT NULL DEFAULT '', state_province TEXT NOT NULL DEFAULT '',
    postal_code TEXT NOT NULL DEFAULT '', country TEXT NOT NULL DEFAULT '', address_type TEXT NOT NULL DEFAULT 'physical',
    PRIMARY KEY (location_id, position)
) WITHOUT ROWID;
CREATE TABLE accessibility (
    location_id TEXT NOT NULL REFERENCES location(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    description TEXT NOT NULL, details TEXT NOT NULL DEFAULT '', url TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (location_id, position)
) WITHOUT ROWID;
CREATE TABLE service_at_location (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    location_id TEXT NOT NULL REFERENCES location(id), PRIMARY KEY (service_id, position), UNIQUE (service_id, location_id)
) WITHOUT ROWID;
CREATE INDEX service_at_location_location ON service_at_location(location_id);
CREATE TABLE contact (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', department TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE phone (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    contact_position INTEGER, number TEXT NOT NULL, extension TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL DEFAULT 'voice', description TEXT NOT NULL DEFAULT '',
    confidence TEXT NOT NULL DEFAULT '' CHECK (confidence IN ('', 'high', 'medium', 'low', 'withheld', 'checked')),
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE schedule (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    freq TEXT NOT NULL DEFAULT '', interval INTEGER NOT NULL DEFAULT 1, byday TEXT NOT NULL DEFAULT '',
    bymonthday TEXT NOT NULL DEFAULT '', opens_at TEXT NOT NULL DEFAULT '', closes_at TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '', dtstart TEXT NOT NULL DEFAULT '', valid_from TEXT NOT NULL DEFAULT '',
    valid_to TEXT NOT NULL DEFAULT '', schedule_link TEXT NOT NULL DEFAULT '', attending_type TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE cost_option (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    option TEXT NOT NULL DEFAULT '', amount REAL, amount_description TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL DEFAULT 'GBP', valid_from TEXT NOT NULL DEFAULT '', valid_to TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE language (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE service_area (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE attribute (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, position INTEGER NOT NULL, id TEXT NOT NULL,
    term TEXT NOT NULL, taxonomy TEXT NOT NULL DEFAULT '', link_type TEXT NOT NULL DEFAULT '',
    term_uri TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, position)
) WITHOUT ROWID;
CREATE TABLE service_check (
    id INTEGER PRIMARY KEY, service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, checked_on TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('phoned', 'emailed', 'website', 'visited', 'publisher')),
    checked_by TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT 'true', next_due TEXT
);
CREATE INDEX service_check_service ON service_check(service_id, checked_on);
CREATE TABLE report (
    id INTEGER PRIMARY KEY, service_id TEXT NOT NULL, service_name TEXT NOT NULL, topic TEXT NOT NULL, words TEXT NOT NULL,
    reply_to TEXT NOT NULL DEFAULT '', received_at TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'new'
)
"""

_REFERENCE = """
CREATE TABLE category (
    slug TEXT PRIMARY KEY, label TEXT NOT NULL, examples TEXT NOT NULL, words TEXT NOT NULL, send_area TEXT NOT NULL,
    "group" TEXT NOT NULL, esd_service_ids TEXT NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE need (
    slug TEXT PRIMARY KEY, label TEXT NOT NULL, sentence TEXT NOT NULL, words TEXT NOT NULL, health_title TEXT NOT NULL,
    health_url TEXT NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE guide (
    slug TEXT PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL, words TEXT NOT NULL, nations TEXT NOT NULL,
    safety INTEGER NOT NULL, categories TEXT NOT NULL, needs TEXT NOT NULL, organizations TEXT NOT NULL, sources TEXT NOT NULL,
    written TEXT NOT NULL, body TEXT NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE synonym (id INTEGER PRIMARY KEY, line TEXT NOT NULL);
CREATE TABLE place (
    name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('sector', 'outcode', 'council', 'post_town', 'town')),
    label TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL, gss TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (name, kind)
) WITHOUT ROWID;
CREATE TABLE council (
    gss TEXT PRIMARY KEY, name TEXT NOT NULL, short_name TEXT NOT NULL, nation TEXT NOT NULL, homepage_url TEXT NOT NULL,
    send_authority_gss TEXT NOT NULL, send_authority_name TEXT NOT NULL, send_authority_homepage TEXT NOT NULL
);
CREATE TABLE setup (name TEXT PRIMARY KEY, digest TEXT NOT NULL)
"""

_OUTBOX = """
CREATE TABLE search_outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, service_id TEXT NOT NULL);
CREATE TABLE revision (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL);
INSERT INTO revision VALUES (1, 1)
"""


def _run(db: Database, statements: str) -> None:
    # Not executescript(): it commits what stands open, and a migration must be all or nothing.
    for statement in statements.split(";"):
        db.execute(statement)


@migrations()
def listings(db: Database) -> None:
    """Services, organisations, locations, and what hangs on them."""
    _run(db, _LISTINGS)


@migrations()
def reference(db: Database) -> None:
    """Categories, needs, guides, words, places and councils, filled by `flask setup`."""
    _run(db, _REFERENCE)


@migrations()
def outbox(db: Database) -> None:
    """What the search index has still to be told, and a counter that says whether anything changed."""
    _run(db, _OUTBOX)


_HISTORY = """
ALTER TABLE service ADD COLUMN hidden TEXT NOT NULL DEFAULT '' CHECK (hidden IN ('', 'unchecked', 'retired', 'draft'));
CREATE VIEW shown_service AS SELECT * FROM service WHERE status IN ('active', 'temporarily closed') AND hidden = '';
CREATE TABLE service_revision (
    number INTEGER PRIMARY KEY AUTOINCREMENT, service_id TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '', job TEXT NOT NULL DEFAULT '', document TEXT NOT NULL
);
CREATE INDEX service_revision_service ON service_revision(service_id, number);
CREATE INDEX service_revision_job ON service_revision(job, number) WHERE job != ''
"""


@migrations()
def history(db: Database) -> None:
    """Why a listing is hidden, what families may see (`shown_service`), and every version that there was."""
    _run(db, _HISTORY)


@migrations()
def asked(db: Database) -> None:
    """Questions, unmet needs, comments, what was done about them, and documents that are published."""
    _run(db, ASKED)


# A check stands under a job, by which it can be taken back with all that it changed. `first_seen` is where the clock of a listing
# begins that nobody has checked. A listing that was not checked for too long is shown still, after all others. An address that a
# provider is asked at is kept until they answer, or until the link is over; of one that asked us to stop a mark stays.
_CHECKING = """
ALTER TABLE service_check ADD COLUMN job TEXT NOT NULL DEFAULT '';
ALTER TABLE service_check ADD COLUMN made_at TEXT NOT NULL DEFAULT '';
ALTER TABLE service_check ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX service_check_job ON service_check(job) WHERE job != '';
CREATE TABLE first_seen (
    service_id TEXT PRIMARY KEY REFERENCES service(id) ON DELETE CASCADE, day TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE check_try (
    service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, tried_on TEXT NOT NULL, tried_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (service_id, tried_on)
) WITHOUT ROWID;
CREATE TABLE checked_in_time (month TEXT PRIMARY KEY, in_time INTEGER NOT NULL, listings INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE provider_address (
    service_id TEXT PRIMARY KEY REFERENCES service(id) ON DELETE CASCADE, address TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE provider_refusal (mark TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE provider_ask (
    id TEXT PRIMARY KEY, service_id TEXT NOT NULL REFERENCES service(id) ON DELETE CASCADE, address TEXT NOT NULL,
    fingerprint TEXT NOT NULL, asked_on TEXT NOT NULL, asked_by TEXT NOT NULL DEFAULT '', expires_on TEXT NOT NULL,
    reminders INTEGER NOT NULL DEFAULT 0, answered_on TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT ''
        CHECK (answer IN ('', 'true', 'corrected', 'closed', 'refused', 'renewed'))
) WITHOUT ROWID;
CREATE INDEX provider_ask_service ON provider_ask(service_id, asked_on);
ALTER TABLE report ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN answered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN closed_at TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX report_reference ON report(reference) WHERE reference != '';
CREATE TABLE web_link (
    address TEXT PRIMARY KEY, looked_at TEXT NOT NULL, answered_at TEXT NOT NULL DEFAULT '',
    failed_days INTEGER NOT NULL DEFAULT 0, failed_on TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    well_until TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
DROP VIEW shown_service;
CREATE VIEW shown_service AS
    SELECT * FROM service WHERE status IN ('active', 'temporarily closed') AND hidden IN ('', 'unchecked')
"""


@migrations()
def checking(db: Database) -> None:
    """Checks that can be taken back, clocks, what providers are asked, reports that can be followed, and web addresses."""
    _run(db, _CHECKING)


# An import is read into `import_row` and looked at before anything happens; `imported_listing` is each listing as its
# publisher last sent it, by which their changes are told from ours.
_IMPORTS = """
CREATE TABLE import_job (
    id TEXT PRIMARY KEY,
    status TEXT NOT NULL CHECK (status IN ('reading', 'ready', 'applying', 'applied', 'undoing', 'undone', 'failed', 'dropped')),
    source TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, address TEXT NOT NULL DEFAULT '', format TEXT NOT NULL DEFAULT '',
    who TEXT NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '',
    unchanged INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0, pull TEXT NOT NULL DEFAULT '', whole INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE import_row (
    job TEXT NOT NULL REFERENCES import_job(id) ON DELETE CASCADE, number INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('added', 'changed', 'back', 'missing', 'refused', 'remark')),
    service_id TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, place TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '',
    ours INTEGER NOT NULL DEFAULT 0, chosen INTEGER NOT NULL DEFAULT 0, take INTEGER NOT NULL DEFAULT 0,
    seen TEXT NOT NULL DEFAULT '', document TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '', digest_before TEXT NOT NULL DEFAULT '', sent_before TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (job, number)
) WITHOUT ROWID;
CREATE INDEX import_row_kind ON import_row(job, kind, number);
CREATE INDEX import_row_service ON import_row(service_id, job);
CREATE TABLE imported_listing (
    service_id TEXT PRIMARY KEY REFERENCES service(id) ON DELETE CASCADE, document TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE pull (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, address TEXT NOT NULL, every TEXT NOT NULL CHECK (every IN ('day', 'week')),
    by_itself INTEGER NOT NULL DEFAULT 0, who TEXT NOT NULL, next_at TEXT NOT NULL, etag TEXT NOT NULL DEFAULT '',
    asked_at TEXT NOT NULL DEFAULT '', whole_at TEXT NOT NULL DEFAULT '', failures INTEGER NOT NULL DEFAULT 0,
    words TEXT NOT NULL DEFAULT ''
)
"""


@migrations()
def imports(db: Database) -> None:
    """Imports that wait to be looked at, their history, and the feeds that are pulled by the clock."""
    _run(db, _IMPORTS)


_TWINS = """
CREATE TABLE twin (
    kind TEXT NOT NULL CHECK (kind IN ('service', 'organization')), one TEXT NOT NULL, other TEXT NOT NULL,
    score INTEGER NOT NULL, same TEXT NOT NULL, PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE TABLE twins_found (only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL);
CREATE TABLE not_twins (one TEXT NOT NULL, other TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (one, other))
    WITHOUT ROWID;
CREATE TABLE moved (old_id TEXT PRIMARY KEY, new_id TEXT NOT NULL, job TEXT NOT NULL)
"""


@migrations()
def twins(db: Database) -> None:
    """Likely twins, pairs that are none, and where merged listings are now."""
    _run(db, _TWINS)


# What hung on a merged listing or organisation and went with it, so that it can come back.
_FOLLOWED = """
CREATE TABLE followed (
    job TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, before TEXT NOT NULL DEFAULT '', after TEXT NOT NULL DEFAULT '',
    UNIQUE (job, kind, key)
);
CREATE INDEX followed_key ON followed(kind, key)
"""


@migrations()
def followed(db: Database) -> None:
    """What followed a merge."""
    _run(db, _FOLLOWED)


_DRAFTS = """
CREATE TABLE listing_draft (
    id TEXT PRIMARY KEY, service_id TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, base TEXT NOT NULL,
    based_on INTEGER NOT NULL, author_id TEXT NOT NULL, author TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('writing', 'waiting', 'sent_back')), why TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '', checked_how TEXT NOT NULL DEFAULT '', checked_on TEXT NOT NULL DEFAULT '',
    saves INTEGER NOT NULL DEFAULT 0, saved_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX listing_draft_author ON listing_draft(author_id);
CREATE INDEX listing_draft_service ON listing_draft(service_id);
CREATE TABLE service_note (
    service_id TEXT PRIMARY KEY, words TEXT NOT NULL, who TEXT NOT NULL DEFAULT '', at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE provider_organization (
    account_id TEXT NOT NULL, organization_id TEXT NOT NULL, PRIMARY KEY (account_id, organization_id)
) WITHOUT ROWID;
CREATE TABLE provider_invitation (
    invitation_id TEXT NOT NULL, organization_id TEXT NOT NULL, PRIMARY KEY (invitation_id, organization_id)
) WITHOUT ROWID
"""


@migrations()
def drafts(db: Database) -> None:
    """Listings that are being written, notes for staff, and which organisation a provider writes for."""
    _run(db, _DRAFTS)


@migrations()
def leaflets(db: Database) -> None:
    """Leaflets in an officer's order or by a saved search, and booklets that were asked for."""
    _run(db, LEAFLETS)


@migrations()
def designated_contacts(db: Database) -> None:
    """Named people in agencies, for staff alone: versions, checks, what they were asked, who was picked for a family."""
    _run(db, CONTACTS)


@migrations()
def guides(db: Database) -> None:
    """What is known of guides beside their words, every version of them, and drafts. The next set-up notes what comes with us."""
    _run(db, GUIDES)


@migrations()
def not_found(db: Database) -> None:
    """Searches that failed, counted; and the synonyms that officers add, which a set-up leaves alone."""
    _run(db, NOT_FOUND)


@migrations()
def newsletters(db: Database) -> None:
    """Newsletters, what is on, and who gets them by mail."""
    _run(db, NEWS)


@migrations()
def designated_contact_sheets(db: Database) -> None:
    """Spreadsheets of contacts that are being looked at."""
    _run(db, SHEETS)
