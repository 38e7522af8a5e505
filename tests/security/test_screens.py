"""No text in a name, title, note or file runs on a screen or fetches anything: in Voilà, and in JupyterLab."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from coverage_kit import open_workspace
from tests.browser.places import Lab, Place, Voila
from tests.browser.servers import WAIT_MS
from tests.conftest import Prepare
from tests.depth import depth
from tests.security.team_of_payloads import N_ACCOUNTS, PAYLOADS, build, contacts_file, give_a_leader

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

WATCH = """
window.ran = (n) => console.log("RAN " + n);
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => console.log("RAN " + name);
document.addEventListener("securitypolicyviolation", (e) => console.log("VIOLATION " + e.violatedDirective + " " + e.blockedURI));
"""
TOUCH = """() => {
    for (const node of document.querySelectorAll(".coverage-kit *"))
        for (const kind of ["mouseover", "pointerenter", "mouseenter"]) node.dispatchEvent(new Event(kind));
}"""


@dataclass
class Watched:
    """A page, and what it did that no page of ours does."""

    page: Page
    calls: set[str] = field(default_factory=set)
    violations: set[str] = field(default_factory=set)
    requests: set[str] = field(default_factory=set)

    @property
    def deeds(self) -> tuple[set[str], set[str], set[str]]:
        return self.calls, self.violations, self.requests

    def looks_clean(self, where: str) -> None:
        """Touch all that shows; nothing ran, was refused by the policy, or was asked from outside."""
        self.page.evaluate(TOUCH)
        self.page.wait_for_timeout(30)
        assert self.deeds == (set(), set(), set()), where


@pytest.fixture
def watched(plain_browser: Browser) -> Iterator[Watched]:
    context = plain_browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_MS)
    made = Watched(context.new_page())
    made.page.add_init_script(WATCH)
    made.page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")

    def hear(text: str) -> None:
        if text.startswith("RAN "):
            made.calls.add(text)
        elif text.startswith("VIOLATION") or "Content Security Policy" in text:
            made.violations.add(text)

    made.page.on("console", lambda message: hear(message.text))
    made.page.on("dialog", lambda dialog: (made.calls.add("dialog"), dialog.dismiss()))
    made.page.on("request", lambda asked: made.requests.add(asked.url) if "outside.invalid" in asked.url else None)
    yield made
    context.close()


@pytest.fixture(scope="module")
def voila(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    folder = tmp_path_factory.mktemp("hostile-voila")
    served = Voila.start(shutil.copytree(prepared("payloads", build), folder / "team"), folder, actor="ann")
    yield served
    served.close()


@pytest.fixture(scope="module")
def lab(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("hostile-lab")
    served = Lab.start(shutil.copytree(prepared("payloads", build), folder / "team"), folder, actor="ann")
    yield served
    served.close()


@pytest.fixture(params=["voila", "lab"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    served: Place = request.getfixturevalue(request.param)
    yield served
    served.forget()


TEXT = """() => {
    const shown = document.querySelector(".coverage-kit").cloneNode(true);
    for (const choice of shown.querySelectorAll("option")) choice.remove();
    return shown.textContent;
}"""


def shows(page: Page, texts: list[str]) -> None:
    """The payloads are there, as text, and not only among the choices of a field."""
    shown = " ".join(str(page.evaluate(TEXT)).split())
    missing = [text for text in texts if " ".join(text.split()) not in shown]
    assert missing == []


@pytest.mark.deep
def test_the_reps_workbook_shows_every_payload_as_text(watched: Watched, place: Place) -> None:
    page = watched.page
    place.open(page, "rep_workbook")
    page.locator("[data-view=accounts]").first.click()
    page.locator(".filters select").first.select_option("value")
    lines = page.locator(".line")
    in_all = [key for key in range(N_ACCOUNTS) if key not in (3, 7)]
    few = isinstance(place, Lab) and depth(1, 1, 0)
    for key in in_all[:1] if few else in_all:
        lines.and_(page.locator(f"[data-account=a{key}]")).click()
        page.locator(f".pane[data-account=a{key}][data-state=ready]").wait_for()
        page.locator("[data-tab=slots]").click()
        mine = list(range(key * 12, min(key * 12 + 12, len(PAYLOADS))))
        shows(page, [PAYLOADS[n] for n in mine])
        watched.looks_clean(f"slots {key}")
        held = [n for n in mine if n % 3]
        for n in held[: depth(1, 2, 12)]:
            row = page.locator(f"tr[data-role=r{n}]")
            row.locator(".more").click()
            items = page.get_by_role("menuitem").count()
            page.keyboard.press("Escape")
            for item in range(items):
                row.locator(".more").click()
                page.get_by_role("menuitem").nth(item).click()
                if page.locator("dialog[open]").count():
                    page.locator("dialog[open]").locator("h2").wait_for()
                    watched.looks_clean(f"dialog {item} of {n}")
                    page.keyboard.press("Escape")
        for tab in ("picture", "contacts"):
            page.locator(f"[data-tab={tab}]").click()
            watched.looks_clean(f"{tab} {key}")
    for view in ("cards", "commitments"):
        page.locator(f"[data-view={view}]").first.click()
        page.locator(".cards-view [data-ready]").wait_for()
        watched.looks_clean(view)


KINDS = ["one", "group", "first"]
#: In JupyterLab, which shows the same screen, all kinds of session are gone through in a deep run.
IN_PLACES = [("voila", kind) for kind in KINDS] + [("lab", kind) for kind in KINDS[: depth(1, 1, 3)]]


@pytest.mark.deep
@pytest.mark.parametrize(("place", "kind"), IN_PLACES, indirect=["place"])
def test_the_coachs_steps_run_no_payload(watched: Watched, place: Place, kind: str) -> None:
    page = watched.page
    if isinstance(place, Lab) and kind != "one" and depth(1, 1, 0):
        pytest.skip("a deep run walks every kind of session in JupyterLab")
    place.open(page, "coach_session")
    shows(page, PAYLOADS[:2])
    watched.looks_clean("start")
    page.locator(".kind input").nth(KINDS.index(kind)).check()
    for n in range(2 if kind == "group" else 1):
        page.locator(".whom input").nth(n).check()
    page.locator("[data-key=begin]").click()
    page.locator(".session-step").wait_for()
    root, steps = page.locator(".coverage-kit"), []
    while (step := root.get_attribute("data-step")) != "closed":
        steps.append(step)
        assert len(steps) < 10, steps
        watched.looks_clean(f"{kind} {step}")
        if step == "claims":
            while fields := page.locator(".claims .claim input").count():
                field = page.locator(".claims .claim input").first
                field.fill("50")
                field.press("Enter")
                page.wait_for_function(
                    "n => document.querySelectorAll('.claims .claim input').length < n", arg=fields, timeout=WAIT_MS
                )
            watched.looks_clean("claimed")
        elif step == "round":
            for n in range(4):
                line = page.locator(".rounds input").nth(n)
                line.fill(PAYLOADS[20 + n][:200])
                line.press("Enter")
            watched.looks_clean("round written")
        elif step == "accounts":
            through_an_account(watched)
        elif step == "commitments" and not page.locator(".sentences li").count():
            if page.locator(".gaps button").count():
                page.locator(".gaps button").first.click()
                take_on(watched)
        elif step == "read_back":
            for agree in page.locator("[data-key^=agree]").all():
                agree.click()
            page.locator("[data-key=end]:enabled").wait_for()
            watched.looks_clean("agreed")
        page.locator("[data-key=end], [data-key=step-on]").click()
        page.wait_for_function(
            "step => document.querySelector('.coverage-kit').dataset.step !== step", arg=step, timeout=WAIT_MS
        )
    watched.looks_clean("closed")
    assert "read_back" in steps


def through_an_account(watched: Watched) -> None:
    page = watched.page
    page.locator(".session-side li button").first.click()
    page.locator(".claim.big input").fill("3")
    page.locator(".claim.big input").press("Enter")
    page.locator(".session-account tr[data-role]").first.wait_for()
    watched.looks_clean("account")
    page.locator("[data-key=picture]").click()
    page.locator("dialog[open]").wait_for()
    watched.looks_clean("picture")
    page.keyboard.press("Escape")
    page.locator("tr[data-role] .more").first.click()
    page.locator(".coverage-kit [role=menuitem]").first.click()
    take_on(watched)


def take_on(watched: Watched) -> None:
    """Make a commitment whose action is a payload."""
    page = watched.page
    page.locator("dialog[data-ready]").wait_for()
    page.locator("dialog input[maxlength='200']").fill(PAYLOADS[21][:200])
    watched.looks_clean("commitment form")
    page.locator("dialog .primary").click()
    page.locator("dialog").wait_for(state="detached")
    watched.looks_clean("taken on")


def test_the_import_page_runs_no_payload_of_a_file(watched: Watched, place: Place) -> None:
    page = watched.page
    place.open(page, "import_accounts")
    name = PAYLOADS[20].replace("/", "_") + ".csv"
    file = {"name": name, "mimeType": "text/csv", "buffer": contacts_file()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.locator("table.columns").wait_for()
    shows(page, [name, PAYLOADS[0]])
    watched.looks_clean("columns")
    page.locator("[data-key=try]").click()
    page.locator("[data-key=run]").wait_for()
    for fold in page.locator(".coverage-kit details summary").all():
        fold.click()
    watched.looks_clean("trial")
    page.locator("[data-key=run]").click()
    page.locator("[data-done=true]").wait_for()
    watched.looks_clean("done")


def test_the_start_page_runs_no_payload(watched: Watched, place: Place) -> None:
    page = watched.page
    place.open(page, "start")
    page.locator("[data-step=owners]").wait_for()
    watched.looks_clean("start")
    page.locator("[data-key=owners]").click()
    page.locator("[data-key=filter-owner]").select_option("")
    page.locator(".assign-table tbody tr").nth(N_ACCOUNTS - 1).wait_for()
    shows(page, [PAYLOADS[12 * key] for key in range(N_ACCOUNTS)])
    watched.looks_clean("assigning")
    page.locator("[data-key=tick-a1]").check()
    page.locator("[data-key=assign-whom]").select_option("bob")
    page.locator("[data-key=assign]").click()
    page.locator(".recorded").get_by_text(PAYLOADS[1]).wait_for()
    watched.looks_clean("assigned")
    page.locator("[data-key=assign-undo]").click()
    page.locator(".recorded").get_by_text(PAYLOADS[1]).wait_for(state="detached")
    watched.looks_clean("undone")


def test_the_role_lists_page_runs_no_payload(watched: Watched, place: Place) -> None:
    page = watched.page
    place.open(page, "role_lists")
    for key in range(N_ACCOUNTS):
        page.locator(f"[data-key=list-t{key}]").click()
        mine = range(key * 12, min(key * 12 + 12, len(PAYLOADS)))
        page.locator(f"[data-key=role-r{mine[-1]}]").wait_for()
        shows(page, [PAYLOADS[n] for n in mine])
        watched.looks_clean(f"list {key}")
    # A list that can be applied: no text of it holds a control character.
    page.locator("[data-key=list-t1]").click()
    page.locator("[data-key=role-r12]").click()
    page.locator("dialog[open]").wait_for()
    watched.looks_clean("role")
    page.locator("[data-key=role-remove]").click()
    page.locator("[data-key=gone-r12]").wait_for()
    page.locator("[data-key=preview]").click()
    page.locator("[data-key=numbers]").wait_for()
    watched.looks_clean("preview")
    for kind in ("pins", "offerings", "files", "history"):
        page.locator(f"[data-key={kind}]").click()
        page.locator("dialog[open]").locator("h2").wait_for()
        watched.looks_clean(kind)
        page.locator("[data-key=dialog-close]").click()
        page.locator("dialog[open]").wait_for(state="detached")


@pytest.fixture(scope="module")
def led(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    """The team with a manager, who opens the pages."""
    folder = tmp_path_factory.mktemp("hostile-led")
    team = shutil.copytree(prepared("payloads", build), folder / "team")
    with open_workspace(team, actor="boss") as ws:
        give_a_leader(ws)
    served = Voila.start(team, folder, actor="boss")
    yield served
    served.close()


@pytest.mark.deep
@pytest.mark.parametrize("notebook", ["my_page", "contacts", "duplicates", "contact_audit", "coach_session"])
def test_no_button_of_a_page_runs_a_payload(watched: Watched, led: Voila, notebook: str) -> None:
    page = watched.page
    led.open(page, notebook)
    buttons = page.locator(
        ".coverage-kit button:visible:enabled:not([aria-disabled=true]), .coverage-kit summary:visible"
    )
    buttons.first.wait_for()
    watched.looks_clean("opened")
    shown = " ".join(str(page.evaluate(TEXT)).split())
    assert sum(" ".join(text.split()) in shown for text in PAYLOADS) >= 5
    # A press draws the page again, so each is found by its text; the page's own switches, which come first, are pressed last.
    pressed: set[str] = set()
    for _ in range(depth(12, 25, 150)):
        texts = buttons.evaluate_all("all => all.map((one) => `${one.dataset.key ?? ''} ${one.textContent}`)")
        new = next((n for n, text in reversed([*enumerate(texts)]) if text not in pressed), None)
        if new is None:
            break
        pressed.add(texts[new])
        buttons.nth(new).click()
        watched.looks_clean(texts[new])
        if page.locator("dialog[open], [role=menu]").count():
            page.keyboard.press("Escape")
    assert len(pressed) >= 5, pressed


def test_a_screen_without_escaping_is_noticed(watched: Watched, place: Place) -> None:
    """The control: the same watch, the same page, and the corpus written into it as markup."""
    page = watched.page
    place.open(page, "import_accounts")
    page.evaluate(
        "(texts) => { for (const text of texts) document.querySelector('.coverage-kit').insertAdjacentHTML('beforeend', text); }",
        [text for text in PAYLOADS if "http-equiv" not in text and "<base" not in text],
    )
    page.wait_for_timeout(500)
    assert len(watched.calls | watched.violations) >= 10, watched.deeds
    assert watched.requests | watched.violations
