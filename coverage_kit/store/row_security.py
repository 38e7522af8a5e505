"""Row security on PostgreSQL: the database shows each login the accounts it may see, and takes only edits in its own name.

A login is that of a colleague (``staff.login``). It sees the accounts that this colleague owns, those of everybody they lead,
and those of reps they coach. A former owner keeps what was there until the handover; who has left sees nothing. The rules
come from what entities declare, so that a new table is covered too.

Source: row security on PostgreSQL, a design that was measured; PostgreSQL's manual, "Row Security Policies".
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from coverage_kit.store.entities import ENTITIES, Entity
from coverage_kit.store.entity import Reach

#: Roles of the server. A login is a member of REP, or of ALL: the batch, executives, and a coach of everybody.
APP, REP, ALL = "ck_app", "ck_rep", "ck_all"
#: Entities that decide who sees what, who must be known, or how we reach them: only a login that sees everything writes them.
_DECIDING = frozenset({"staff", "template", "offering", "path"})
#: Columns that never change, where a table has them.
_STAYING = ("account_id", "commitment_id")

# Conditions of the rules. Each asks a function once a statement; the answer is hashed.
_OWNER = "(SELECT ck_owns())"
_ALL = "(SELECT ck_sees_all())"
_NAMES = "(SELECT ck_names())"
_PEOPLE = "(SELECT ck_people())"
_ACCOUNTS = "(SELECT ck_accounts())"
_MET = "(SELECT ck_met())"
_COMMITMENTS = "(SELECT id FROM commitment)"


def secure(connection: Connection) -> None:
    """Turn row security on, or bring it up to this version; doing it again changes nothing.

    Parameters
    ----------
    connection : Connection
        Of the owner of all tables, who may make roles or finds them made. The caller commits.
    """
    place = text("SELECT quote_ident(current_database()), quote_ident(current_schema())")
    database, schema = connection.execute(place).one()
    for statement in [
        *_roles(database, schema),
        *_TABLES,
        *_functions(schema),
        *_triggers(),
        *_FILL,
        *_policies(),
        *_grants(),
    ]:
        connection.exec_driver_sql(statement)


def guard_tables(connection: Connection, schema: str) -> None:
    """The tables, functions, triggers and rules of ``secure`` alone, in a schema of that name: what one login may not see."""
    for statement in [*_TABLES, *_functions(schema), *_triggers(), *_policies()]:
        connection.exec_driver_sql(statement)


def is_secured(connection: Connection) -> bool:
    """Whether this store has row security."""
    return connection.exec_driver_sql("SELECT to_regclass('ck_owner')").scalar() is not None


def sees_all(connection: Connection) -> bool:
    """Whether the login of a secured store sees everything."""
    return bool(connection.exec_driver_sql("SELECT ck_sees_all()").scalar())


def assign_coach(connection: Connection, coach: str, rep: str) -> None:
    """Let a coach see what a rep sees; both are ids of colleagues, and only the owner of the tables may do it."""
    statement = "INSERT INTO ck_coach (coach_id, rep_id) VALUES (:coach, :rep) ON CONFLICT DO NOTHING"
    connection.execute(text(statement), {"coach": coach, "rep": rep})
    connection.exec_driver_sql("SELECT ck_lead()")


def _roles(database: str, schema: str) -> Iterator[str]:
    for role in (APP, REP, ALL):
        is_missing = f"NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}')"
        yield f"DO $$ BEGIN IF {is_missing} THEN CREATE ROLE {role} NOLOGIN; END IF; END $$"
    yield f"GRANT {APP} TO {REP}, {ALL}"
    # Compiling a statement takes ten times as long as reading what one colleague sees.
    yield f"ALTER DATABASE {database} SET jit = off"
    # A temporary table could stand in for one of ours.
    yield f"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {APP}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {APP}"


#: Who owns and owned what, and who sees whom. Nobody reads these tables; functions answer for the login that asks.
_TABLES = [
    "CREATE TABLE IF NOT EXISTS ck_owner (account_id text PRIMARY KEY, owner_id text)",
    "CREATE TABLE IF NOT EXISTS ck_past"
    " (account_id text, owner_id text, until bigint NOT NULL, PRIMARY KEY (account_id, owner_id))",
    "CREATE TABLE IF NOT EXISTS ck_coach (coach_id text, rep_id text, PRIMARY KEY (coach_id, rep_id))",
    "CREATE TABLE IF NOT EXISTS ck_person"
    " (login text NOT NULL, viewer_id text NOT NULL, staff_id text NOT NULL, ends_on text)",
    "CREATE INDEX IF NOT EXISTS ix_ck_owner ON ck_owner (owner_id)",
    "CREATE INDEX IF NOT EXISTS ix_ck_past ON ck_past (owner_id)",
    "CREATE INDEX IF NOT EXISTS ix_ck_person ON ck_person (login)",
]
OWN_TABLES = ("ck_owner", "ck_past", "ck_coach", "ck_person")

_HERE = "login = session_user AND (ends_on IS NULL OR ends_on > to_char(current_date, 'YYYY-MM-DD'))"
_MINE = f"SELECT staff_id FROM ck_person WHERE {_HERE}"
_OWNS = "pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = 'account'::regclass), 'member')"
_MEMBER_OF_ALL = f"EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ALL}' AND pg_has_role(session_user, oid, 'member'))"
#: What rules ask, by signature: what it returns, and the query. It runs as the owner of the tables.
_QUESTIONS = {
    "ck_names()": ("SETOF text", f"SELECT session_user::text UNION SELECT viewer_id FROM ck_person WHERE {_HERE}"),
    "ck_people()": ("SETOF text", _MINE),
    "ck_accounts()": ("SETOF text", f"SELECT account_id FROM ck_owner WHERE owner_id IN ({_MINE})"),
    # For one row: cheaper than the list of all accounts that a read of many rows looks up.
    "ck_is_mine(asked text)": (
        "boolean",
        f"SELECT EXISTS (SELECT 1 FROM ck_owner WHERE account_id = asked AND owner_id IN ({_MINE}))",
    ),
    "ck_past_accounts()": ("SETOF text", f"SELECT account_id FROM ck_past WHERE owner_id IN ({_MINE})"),
    "ck_until(asked text)": (
        "bigint",
        f"SELECT max(until) FROM ck_past WHERE account_id = asked AND owner_id IN ({_MINE})",
    ),
    "ck_past_people()": (
        "SETOF text",
        "SELECT person_id FROM employment JOIN ck_past USING (account_id)"
        f" WHERE ck_past.owner_id IN ({_MINE}) AND employment.at <= ck_past.until",
    ),
    "ck_person_until(asked text)": (
        "bigint",
        "SELECT max(until) FROM employment JOIN ck_past USING (account_id)"
        f" WHERE person_id = asked AND ck_past.owner_id IN ({_MINE})",
    ),
    "ck_owed()": (
        "TABLE (owed_account text, owed_job text)",
        f"SELECT account_id, employment_id FROM commitment WHERE owner_id IN ({_MINE}) AND NOT EXISTS"
        " (SELECT 1 FROM commitment AS later WHERE later.id = commitment.id AND later.version > commitment.version)",
    ),
    "ck_met()": (
        "SETOF text",
        "SELECT person_id FROM employment WHERE account_id IN (SELECT ck_accounts())"
        " OR id IN (SELECT owed_job FROM ck_owed())",
    ),
    # A commitment that was handed on is no longer theirs: they see that version, and none after it.
    "ck_handed_on()": (
        "TABLE (handed_id text, next_version integer)",
        f"SELECT id, version + 1 FROM commitment WHERE owner_id IN ({_MINE})",
    ),
    # A job may name a person made in the same edit. (Others are asked for by the rule itself.)
    "ck_is_new(asked text, edit_key text)": (
        "boolean",
        "SELECT NOT EXISTS (SELECT 1 FROM person WHERE id = asked AND version = 1 AND edit_id <> edit_key)",
    ),
}


def _functions(schema: str) -> Iterator[str]:
    def function(signature: str, returns: str, body: str, kind: str) -> str:
        head = f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE {kind}"
        return f"{head} SET search_path = {schema}, pg_temp AS $$ {body} $$"

    # As the caller: within a trigger or question of ours, that is the owner of the tables.
    yield function("ck_owns()", "boolean", f"SELECT {_OWNS}", "sql STABLE")
    yield function("ck_sees_all()", "boolean", f"SELECT {_OWNS} OR {_MEMBER_OF_ALL}", "sql STABLE")
    for signature, (returns, body) in _QUESTIONS.items():
        # PL/pgSQL keeps the plan of a query for the session; SQL would make it at each call.
        answer = f"RETURN QUERY {body}" if returns.startswith(("SETOF", "TABLE")) else f"RETURN ({body})"
        yield function(signature, returns, f"BEGIN {answer}; END", "plpgsql STABLE SECURITY DEFINER")
    # Who leads whom, at any distance; a circle ends where it began.
    yield function(
        "ck_lead()",
        "void",
        "DELETE FROM ck_person;"
        " WITH RECURSIVE newest AS (SELECT DISTINCT ON (id) * FROM staff ORDER BY id, version DESC),"
        " up AS (SELECT id AS staff_id, id AS viewer_id FROM newest"
        " UNION SELECT up.staff_id, newest.manager_id FROM up JOIN newest ON newest.id = up.viewer_id"
        " WHERE newest.manager_id IS NOT NULL),"
        " seen AS (SELECT staff_id, viewer_id FROM up UNION SELECT rep_id, coach_id FROM ck_coach)"
        " INSERT INTO ck_person SELECT newest.login, newest.id, seen.staff_id, newest.ended_on"
        " FROM seen JOIN newest ON newest.id = seen.viewer_id WHERE newest.login <> '' AND newest.is_void = 0",
        "sql SECURITY DEFINER",
    )
    yield function(
        "ck_after_staff()", "trigger", "BEGIN PERFORM ck_lead(); RETURN NULL; END", "plpgsql SECURITY DEFINER"
    )
    yield function(
        "ck_after_account()",
        "trigger",
        "BEGIN INSERT INTO ck_past SELECT DISTINCT ON (own.id) own.id, ck_owner.owner_id, own.at"
        " FROM new_rows AS own JOIN ck_owner ON ck_owner.account_id = own.id"
        " WHERE ck_owner.owner_id <> coalesce(own.owner_id, '') ORDER BY own.id, own.version"
        " ON CONFLICT (account_id, owner_id) DO UPDATE SET until = excluded.until;"
        " INSERT INTO ck_owner SELECT DISTINCT ON (id) id, owner_id FROM new_rows ORDER BY id, version DESC"
        " ON CONFLICT (account_id) DO UPDATE SET owner_id = excluded.owner_id; RETURN NULL; END",
        "plpgsql SECURITY DEFINER",
    )
    yield function(
        "ck_stays()",
        "trigger",
        "DECLARE first text; BEGIN IF NEW.version > 1 THEN"
        " EXECUTE 'SELECT ' || quote_ident(TG_ARGV[0]) || ' FROM ' || quote_ident(TG_TABLE_NAME)"
        " || ' WHERE id = $1 AND version = 1'"
        " INTO first USING NEW.id;"
        " IF first IS DISTINCT FROM to_jsonb(NEW) ->> TG_ARGV[0] THEN"
        " RAISE EXCEPTION 'history is append-only'; END IF; END IF; RETURN NEW; END",
        "plpgsql SECURITY DEFINER",
    )


def _triggers() -> Iterator[str]:
    for name in ("staff", "account"):
        yield (
            f"CREATE OR REPLACE TRIGGER {name}_sight AFTER INSERT ON {name} REFERENCING NEW TABLE AS new_rows"
            f" FOR EACH STATEMENT EXECUTE FUNCTION ck_after_{name}()"
        )
    for one in ENTITIES.values():
        for column in sorted(set(_STAYING) & set(one.fields)) if one.name != "must_win" else ():
            yield (
                f"CREATE OR REPLACE TRIGGER {one.name}_{column}_stays BEFORE INSERT ON {one.name}"
                f" FOR EACH ROW EXECUTE FUNCTION ck_stays('{column}')"
            )


#: What is there already: owners of now and of before, and who leads whom.
_FILL = [
    "DELETE FROM ck_owner",
    "INSERT INTO ck_owner SELECT DISTINCT ON (id) id, owner_id FROM account ORDER BY id, version DESC",
    "DELETE FROM ck_past",
    "INSERT INTO ck_past SELECT id, earlier, max(at) FROM (SELECT id, at, owner_id, lag(owner_id) OVER"
    " (PARTITION BY id ORDER BY version) AS earlier FROM account) AS handover"
    " WHERE earlier <> coalesce(owner_id, '') GROUP BY id, earlier",
    "SELECT ck_lead()",
]


def _policies() -> Iterator[str]:
    for one in ENTITIES.values():
        sights, writes = list(_sights(one)), list(_writes(one))
        sight = f"{_ALL} OR {' OR '.join(sights)}" if sights else "true"
        write = f"{_ALL} OR ({' AND '.join(writes)})" if writes else "true"
        yield from _policy(one.name, SELECT=sight, INSERT=f"{_OWNER} OR (actor IN {_NAMES} AND ({write}))")
    signed = f"{_OWNER} OR (login = session_user AND actor IN {_NAMES})"
    yield from _policy("edit", SELECT="true", INSERT=signed)
    own = f"{_ALL} OR actor IN {_NAMES}"
    yield from _policy("conflict_draft", SELECT=own, INSERT=own, UPDATE=_OWNER, DELETE=_OWNER)
    # An export is kept whole: a part of it, kept by somebody who sees a part, would look as if the rest had gone.
    yield from _policy("source_row", SELECT=_ALL, INSERT=_ALL, UPDATE=_ALL, DELETE=_ALL)
    for name in ("meta", "alembic_version"):
        yield from _policy(name, SELECT="true", INSERT=_OWNER, UPDATE=_OWNER, DELETE=_OWNER)
    for name in OWN_TABLES:
        yield from _policy(name, SELECT=_OWNER, INSERT=_OWNER, UPDATE=_OWNER, DELETE=_OWNER)


def _policy(table: str, **rules: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    for command, rule in rules.items():
        name = f"{table}_{command.lower()}"
        yield f"DROP POLICY IF EXISTS {name} ON {table}"
        clause = "WITH CHECK" if command == "INSERT" else "USING"
        yield f"CREATE POLICY {name} ON {table} FOR {command} {clause} ({rule})"


def _sights(one: Entity) -> Iterator[str]:
    """Which rows a login sees that does not see everything; none means all."""
    reach = one.reach or Reach()
    if one.name == "must_win":
        # A place of a manager takes one account after another; were the later rows hidden, an old star would stay.
        return
    if one.name == "prepared":
        # A coach's own notes: no rep and no manager reads them.
        yield f"coach_id IN {_NAMES}"
    if one.name == "not_same":
        yield f"one_id IN {_MET} OR one_id IN (SELECT ck_past_people()) OR one_id IN {_ACCOUNTS}"
    # An entity that no report reads has no reach, and still belongs to its account.
    account = reach.account or ("account_id" if "account_id" in one.fields else "")
    if "commitment_id" in one.fields:
        yield f"commitment_id IN {_COMMITMENTS}"
    if account:
        yield f"{account} IN {_ACCOUNTS}"
        # The rows of the handover are seen too: without them the account would look as if it were theirs still.
        yield f"({account} IN (SELECT ck_past_accounts()) AND at <= ck_until({account}))"
    for column in reach.reps:
        yield f"{column} IN {_PEOPLE}"
    if reach.person:
        yield f"{reach.person} IN {_MET}"
        yield f"({reach.person} IN (SELECT ck_past_people()) AND at <= ck_person_until({reach.person}))"
    if reach.shared is not None:
        yield f"{account} IS NULL"
    # A colleague who owes work sees where and with whom, and that it was handed on.
    if one.name == "account":
        yield "id IN (SELECT owed_account FROM ck_owed())"
    elif one.name == "employment":
        yield "id IN (SELECT owed_job FROM ck_owed())"
    elif one.name == "commitment":
        yield "(id, version) IN (SELECT handed_id, next_version FROM ck_handed_on())"
    elif one.name == "note":
        yield f"(account_id IS NULL AND person_id IN {_MET})"


def _writes(one: Entity) -> Iterator[str]:
    """What a row must fulfil that a login writes which does not see everything; none means nothing more."""
    reps = one.reach.reps if one.reach is not None else ()
    mine = " OR ".join(f"{column} IN {_PEOPLE}" for column in reps) or "false"
    if one.name in _DECIDING:
        yield "false"
    if one.name == "account":
        yield f"(ck_is_mine(id) OR (version = 1 AND (owner_id IS NULL OR owner_id IN {_PEOPLE})))"
    if one.name == "person":
        yield f"(version = 1 OR id IN {_MET})"
    if "account_id" in one.fields:
        yield f"(ck_is_mine(account_id) OR account_id IS NULL OR (version > 1 AND ({mine})))"
    if "person_id" in one.fields:
        yield f"(person_id IS NULL OR person_id IN {_MET} OR ck_is_new(person_id, edit_id))"
    if one.name == "slot":
        yield "id = account_id || ':' || role"
    if one.name == "prepared":
        yield f"coach_id IN {_NAMES} AND rep_id IN {_PEOPLE}"
    if one.name == "not_same":
        yield f"(one_id IN {_MET} OR ck_is_mine(one_id))"
    if one.name == "agreement":
        yield f"manager_id IN {_PEOPLE}"
    if "commitment_id" in one.fields:
        yield f"commitment_id IN {_COMMITMENTS}"
    if reps:
        yield f"({mine})"


def _grants() -> Iterator[str]:
    yield f"GRANT SELECT, INSERT ON {', '.join([*ENTITIES, 'edit', 'conflict_draft'])} TO {APP}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON source_row TO {APP}"
    yield f"GRANT SELECT ON meta, alembic_version TO {APP}"
    asked = "ck_owns(), ck_sees_all(), next_instant(bigint), lock_store(), reserve_instant(bigint)"
    questions = ", ".join([asked, *_QUESTIONS])
    yield f"REVOKE EXECUTE ON FUNCTION {questions}, ck_lead() FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {questions} TO {APP}"
