"""A role list as the page's fields hold it: filled, checked, and turned into a list of the library."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError

from coverage_kit.domain.identifiers import clean_text, name_key
from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.i18n import LANGUAGES, N_, texts
from coverage_kit.role_lists.model import RoleList, RoleListBody
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.responses import Bilingual, ListForm, ListProblem

#: What is wrong with a field, by the error of the list's model and, where it matters, the field.
_SAID = {
    ("string_too_short", "title"): N_("Write a title, in Korean or in English."),
    ("string_too_short", "value"): N_("Say what this role needs from us, in Korean or in English."),
    ("string_too_long", ""): N_("This is longer than 200 characters. Shorten it."),
    ("too_short", "roles"): N_("A list needs at least one role. Add one."),
    ("too_long", "roles"): N_("A list holds at most 60 roles. Remove some."),
    ("greater_than_equal", ""): N_("Write a number of days from 1 to 3650."),
    ("less_than_equal", ""): N_("Write a number of days from 1 to 3650."),
    ("offering_missing", ""): N_("An offering list names the offerings that it is about. Choose at least one."),
    ("offering_default", ""): N_("Only a base list can be the default."),
    ("offering_roles", ""): N_("An offering list adds at most {most} roles. Remove some, or make it a base list."),
    ("role_twice", ""): N_("This role is in the list twice. Remove one of the two."),
    ("alias_twice", ""): N_("'{alias}' is a title of two roles here: {first} and {second}. Keep it with one of them."),
}
#: Where a problem of the whole list belongs; "roles.{at}" is the role that the error names.
_WHERE = {
    "offering_missing": "applies_to.offerings",
    "offering_default": "default",
    "offering_roles": "roles",
    "role_twice": "roles.{at}.title",
    "alias_twice": "roles.{at}.aliases",
}
_OTHER = N_("This cannot be used. Load the page again.")


def list_form(one: RoleList, version: int = 0) -> ListForm:
    """A list as the page gets it."""
    written = one.model_dump()
    return {
        "key": one.key,
        "version": version,
        "title": written["title"],
        "kind": one.kind,
        "default": one.default,
        "freshness_days": one.freshness_days,
        "applies_to": written["applies_to"],
        "roles": written["roles"],
    }


def conditions_body(draft: ask.ListDraft) -> RoleListBody:
    """What decides to whom a list applies, whatever else is in it."""
    conditions = draft.applies_to
    return {
        "kind": draft.kind,
        "default": draft.default,
        "freshness_days": FRESHNESS_DAYS,
        "applies_to": {
            "industries": _filled(conditions.industries),
            "segments": _filled(conditions.segments),
            "regions": _filled(conditions.regions),
            "offerings": _filled(conditions.offerings),
            "teams": _filled(conditions.teams),
        },
        "roles": [],
    }


def checked_list(draft: ask.ListDraft) -> tuple[RoleList | None, list[ListProblem]]:
    """The list that the fields hold, or what is wrong with them.

    A text that was typed in one language stands for the other, too.
    """
    try:
        one = RoleList.model_validate(
            {
                "key": draft.key,
                "title": _both(draft.title),
                "kind": draft.kind,
                "default": draft.default,
                "freshness_days": draft.freshness_days,
                "applies_to": {name: _filled(values) for name, values in draft.applies_to},
                "roles": [_role(each) for each in draft.roles],
            }
        )
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
        found = [_problem(draft, each["type"], each["loc"], dict(each.get("ctx", {}))) for each in errors]
        # A text that is missing is missing in both languages.
        return None, list({(each["where"], each["text"]["en"]): each for each in found}.values())
    twice = _title_twice(draft) or _name_of_two(draft, one)
    return (None, [twice]) if twice else (one, [])


def _role(role: ask.RoleDraft) -> dict[str, object]:
    return {
        "key": role.key,
        "title": _both(role.title),
        "level": role.level,
        "function": role.function,
        "aliases": {"ko": _filled(role.aliases.ko), "en": _filled(role.aliases.en)},
        "value": _both(role.value),
    }


def _both(text: ask.BothTexts) -> dict[str, str]:
    ko, en = clean_text(text.ko, "ko"), clean_text(text.en, "en")
    return {"ko": ko or en, "en": en or ko}


def _filled(values: list[str]) -> list[str]:
    return list(dict.fromkeys(text for text in (clean_text(each, "value") for each in values) if text))


def _title_twice(draft: ask.ListDraft) -> ListProblem | None:
    """The second of two roles with one title."""
    seen: set[tuple[str, str]] = set()
    for at, role in enumerate(draft.roles):
        own = {(lang, name_key(text)) for lang, text in _both(role.title).items()}
        if own & seen:
            return _problem(draft, "role_twice", (), {"at": at})
        seen |= own
    return None


def _name_of_two(draft: ask.ListDraft, one: RoleList) -> ListProblem | None:
    """A title of one role that is another title of a second one."""
    found = one.name_of_two()
    if found is None:
        return None
    values = {"alias": found.name, "first": found.first, "second": found.second, "at": found.at}
    return _problem(draft, "alias_twice", (), values)


def _problem(draft: ask.ListDraft, kind: str, loc: tuple[int | str, ...], values: dict[str, object]) -> ListProblem:
    parts = [str(part) for part in loc[:3] if part not in LANGUAGES]
    where = _WHERE[kind].format(**values) if kind in _WHERE else ".".join(parts)
    field = next((str(part) for part in reversed(loc) if part in ("title", "value", "roles")), "")
    message = _SAID.get((kind, field)) or _SAID.get((kind, "")) or _OTHER
    return {"list": draft.key, "where": where, "text": _by_language(message, draft, values)}


def _by_language(message: str, draft: ask.ListDraft, values: dict[str, object]) -> Bilingual:
    """A message with the titles of the roles that it names."""

    def named(lang: str) -> Callable[[str, object], object]:
        titles = {role.key: _both(role.title)[lang] for role in draft.roles}
        return lambda name, value: titles.get(str(value), value) if name in ("first", "second") else value

    return {
        lang: texts(lang)(message, **{name: named(lang)(name, value) for name, value in values.items()})
        for lang in LANGUAGES
    }
