// The page of one account: name and facts, the ladder in numbers, slots, picture, contacts. Long because it is one
// page, part after part.
import { dayName } from "../core/days.js";
import { h, button, choice, phoneLink, table } from "../core/dom.js";
import { keepFile } from "../core/keep_file.js";
import { pageLink } from "../core/link.js";
import { PathsPart } from "../core/paths.js";
import { weekName } from "../core/week_name.js";
import { SlotGrid } from "./grid.js";
import { buildPicture } from "./picture.js";
import { openDeparture } from "./forms.js";
import { openPerson } from "./person.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { Option, WholePage } from "../core/types.d.ts" */
/** @import { AccountView, ContactView, Line } from "../messages.d.ts" */
/** @import { RepApp } from "./workbook.js" */

export class AccountPane {
  /** @param {RepApp} app */
  constructor(app) {
    this.app = app;
    /** @type {SlotGrid | null} */
    this.grid = null;
    /** @type {WholePage | null} */
    this.page = null;
    /** @type {HTMLElement | null} The part below the tabs; null until an account shows. */
    this.body = null;
    this.node = h("section", {
      class: "pane",
      "aria-label": app.t("account_word"),
      "data-state": "loading",
      "aria-busy": "true",
      tabIndex: -1,
    });
    this.node.append(
      h("p", { class: "quiet empty" }, app.t(app.lines.size ? "choose_account" : "no_accounts")),
    );
    this.tab = app.look.tab;
  }

  /** @param {Line | undefined} line */
  loading(line) {
    this.node.dataset.state = "loading";
    this.node.setAttribute("aria-busy", "true");
    if (line) this.node.dataset.account = line.id;
  }

  /** @param {WholePage} page */
  show(page) {
    const { app } = this;
    this.page = page;
    this.body ??= this.build();
    this.name.textContent = page.account.name;
    this.tabs.setAttribute("aria-label", page.account.name);
    this.past.value = app.week ?? "";
    this.note.hidden = app.week === null;
    const past = app.data.weeks.find(({ week }) => week === app.week);
    this.pastText.textContent = past ? app.t("past_note", { week: weekName(app.t, past) }) : "";
    this.showTab(page, this.body);
    this.showFacts(page);
    this.paths.load(page.account.id);
    this.node.dataset.account = page.account.id;
    this.node.dataset.week = app.week ?? "";
    this.ready();
  }

  /** What shows was kept from before; the page as it is now is on its way. */
  kept() {
    this.node.dataset.state = "kept";
  }

  /** What shows is as the kernel has it. */
  ready() {
    this.node.dataset.state = "ready";
    this.node.removeAttribute("aria-busy");
  }

  build() {
    const { app } = this;
    const { t } = app;
    /** @type {HTMLElement} */
    this.name = h("h2", { "data-key": "account-name" });
    /** @type {HTMLElement} */
    this.facts = h("span", { class: "quiet" });
    /** @type {FocusStar} */
    this.star = new FocusStar(app);
    /** @type {HTMLElement} */
    this.steps = h("ol", { class: "funnel" });
    /** @type {HTMLElement} */
    this.halfway = h("p", { class: "halfway", role: "status", hidden: true });
    /** @type {PathsPart} */
    this.paths = new PathsPart(app);
    const body = h("div", { class: "tab-body" });
    const tabs = ["slots", "picture", "contacts"].map((key) =>
      button(
        t(`tab_${key}`),
        () => {
          this.tab = app.look.tab = key;
          if (this.page) this.showTab(this.page, body);
        },
        { role: "tab", "data-tab": key, "data-key": `tab-${key}` },
      ),
    );
    /** @type {HTMLElement} */
    this.tabs = h("div", { class: "tabs", role: "tablist" }, tabs);
    this.tabs.addEventListener("keydown", (event) => arrowTabs(event, tabs));
    /** @type {Option[]} */
    const weeks = app.data.weeks.map((each) => [each.week, weekName(t, each)]);
    /** @type {HTMLSelectElement} */
    this.past = choice(t("as_of"), weeks, app.week, (week) => this.reopen(week || null), t("now"));
    this.past.dataset.key = "as-of";
    /** @type {HTMLElement} */
    this.pastText = h("span");
    /** @type {HTMLElement} */
    this.note = h(
      "p",
      { class: "past", role: "status" },
      this.pastText,
      " ",
      button(t("back_to_now"), () => this.reopen(null), { class: "link" }),
    );
    this.node.replaceChildren(
      h(
        "header",
        { class: "pane-head" },
        h(
          "div",
          { class: "title" },
          this.name,
          h("p", {}, this.facts, " ", this.star.node, " ", this.star.mark),
        ),
        this.steps,
      ),
      this.note,
      this.halfway,
      this.paths.node,
      h(
        "div",
        { class: "bar" },
        this.tabs,
        weeks.length
          ? h("label", { class: "as-of" }, h("span", { class: "quiet" }, t("as_of")), this.past)
          : null,
      ),
      body,
    );
    return body;
  }

  /**
   * Show the same account as of the end of a week, or as it is now.
   * @param {string | null} week
   */
  reopen(week) {
    if (this.app.account) this.app.openAccount(this.app.account, week);
  }

  /**
   * Show the account after an edit.
   * @param {WholePage} page
   * @param {Set<string> | null} roles
   */
  update(page, roles = null) {
    if (!this.body) return;
    this.page = page;
    if (this.grid) this.grid.update(page, roles);
    else this.showTab(page, this.body);
    this.showFacts(page);
    this.paths.load(page.account.id);
  }

  /**
   * @param {WholePage} page
   * @param {HTMLElement} body
   */
  showTab(page, body) {
    const { app } = this;
    const before = this.grid;
    this.grid = null;
    selectTab(this.tabs, "tab", this.tab);
    if (this.tab === "picture") body.replaceChildren(buildPicture(app, page));
    else if (this.tab === "contacts") body.replaceChildren(contacts(app, page));
    else if (before?.fits(page)) {
      this.grid = before;
      before.showPage(page);
    } else {
      this.grid = new SlotGrid(app, page);
      body.replaceChildren(this.grid.node);
    }
  }

  /**
   * The company and the ladder in numbers.
   * @param {WholePage} page
   */
  showFacts(page) {
    const { app } = this;
    const { t } = app;
    this.facts.textContent = facts(app, page.account);
    this.star.show(page.account);
    const marks = page.slots.flatMap((slot) => slot.rung ?? []);
    showHalfway(app, this.halfway, marks);
    this.steps.replaceChildren(
      ...["required", ...app.choices.rung].map((step, i) => {
        const n = i ? marks.filter((rung) => rung >= i).length : marks.length;
        const part = h("i");
        const bar = h("span", { class: "track", "aria-hidden": "true" }, part);
        part.style.width = marks.length ? `${(100 * n) / marks.length}%` : "0";
        return h(
          "li",
          {},
          h("b", {}, String(n)),
          bar,
          h("span", { class: "quiet" }, t(`step_${step}`)),
        );
      }),
    );
  }
}

/**
 * All names written is half of success: say so, once they are.
 * @param {AccountApp} app
 * @param {HTMLElement} node
 * @param {number[]} rungs of the slots that count
 */
export function showHalfway(app, node, rungs) {
  const isNamed = rungs.length > 0 && rungs.every((rung) => rung >= 1);
  const text = isNamed ? app.t("all_named", { n: rungs.length }) : "";
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !isNamed;
}

/**
 * @param {AccountApp} app
 * @param {AccountView} account
 */
function facts(app, account) {
  const known = [account.industry, account.segment, account.region].filter(Boolean);
  const extra = Object.entries(account.facts).map(([key, value]) => `${key} ${value}`);
  return [app.t("company"), ...known, ...extra].join(" · ");
}

/** A button that puts the account on the rep's focus list or takes it off; and the mark of a must-win account. */
export class FocusStar {
  /** @param {AccountApp} app */
  constructor(app) {
    this.app = app;
    this.isOn = false;
    /** @type {AccountView | null} */
    this.account = null;
    this.sign = h("span", { "aria-hidden": "true" });
    this.text = h("span");
    this.node = button([this.sign, " ", this.text], () => this.turn(), {
      class: "focus-star",
      "data-key": "focus",
    });
    this.mark = h("span", { class: "must-win" }, `◆ ${app.t("must_win")}`);
  }

  turn() {
    this.app.save("", "focus", !this.isOn);
    if (this.account) this.show(this.account);
  }

  /**
   * Show the state, or the one chosen last while it is being saved.
   * @param {AccountView} account
   */
  show(account) {
    const { app } = this;
    this.account = account;
    this.isOn = Boolean(
      app.connection.underWay(account.id, "", "focus").at(-1)?.value ?? account.focus,
    );
    this.sign.textContent = this.isOn ? "★" : "☆";
    this.text.textContent = app.t(this.isOn ? "focus" : "focus_put");
    this.node.setAttribute("aria-pressed", String(this.isOn));
    this.node.disabled = app.week !== null;
    this.mark.hidden = !app.lines.get(account.id)?.must_win;
  }
}

/**
 * Mark the chosen tab; only it takes part in the order of the Tab key.
 * @param {HTMLElement} list
 * @param {"tab" | "view"} name the key of the tab's `dataset` that tells tabs apart
 * @param {string} chosen
 */
export function selectTab(list, name, chosen) {
  for (const tab of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[role=tab]"))) {
    const isChosen = tab.dataset[name] === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
  }
}

/**
 * Go to the next tab or the one before by the arrow keys.
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} tabs
 */
export function arrowTabs(event, tabs) {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const at = tabs.findIndex((tab) => tab === document.activeElement);
  const to = tabs[(at + step + tabs.length) % tabs.length];
  to.focus();
  to.click();
}

/**
 * @param {AccountApp} app
 * @param {WholePage} page
 */
function contacts(app, page) {
  const { t } = app;
  if (!page.people.length) return h("p", { class: "empty" }, t("no_contacts"));
  const heads = [
    "detail_name",
    "detail_title",
    "detail_phone",
    "roles_held",
    "last_check",
    "last_contact_head",
    "next_contact_head",
    "still_there_short",
  ].map((key) => t(key));
  /** @type {Map<string, [HTMLElement, HTMLElement]>} */
  const days = new Map();
  const rows = page.people.map((person) => {
    const name = person.name ?? t("erased");
    const gone = person.end_kind;
    /** @type {[HTMLElement, HTMLElement]} */
    const contact = [h("td", {}, "–"), h("td", {}, "–")];
    if (!gone) days.set(person.person, contact);
    const acts =
      gone || app.week
        ? null
        : [
            button(
              t("still_here_short"),
              () =>
                app.save(
                  "",
                  "verified",
                  { person: person.person, on: app.day, how: "call", roles: null },
                  name,
                ),
              { "aria-label": `${t("still_here_short")}: ${name}` },
            ),
            button(t("has_changed"), () => openDeparture(app, person), {
              "aria-label": `${t("has_changed")}: ${name}`,
            }),
          ];
    return h(
      "tr",
      { class: gone ? "gone" : "" },
      h(
        "th",
        { scope: "row" },
        button(name, () => openPerson(app, person.person), {
          class: "link",
          "data-key": `contact-${person.person}`,
        }),
      ),
      h("td", {}, [person.department, person.title].filter(Boolean).join(" ")),
      h("td", {}, person.phone ? phoneLink(person.phone) : "–"),
      h(
        "td",
        {},
        person.roles.map((role) => h("span", { class: "chip" }, app.roleTitle(role))),
      ),
      h(
        "td",
        {},
        gone
          ? t("has_gone_short", { how: t(`end_${gone}`), on: person.ended_on ?? "" })
          : (person.verified_on ?? t("state_never")),
      ),
      ...contact,
      h("td", { class: "acts" }, acts),
    );
  });
  /** @param {ContactView["check"]} check */
  const count = (check) => page.people.filter((person) => person.check === check).length;
  const calendar = h("span");
  if (app.week === null) showRhythm(app, page.account.id, days, calendar);
  return h(
    "div",
    {},
    h(
      "p",
      { class: "quiet", role: "status" },
      t("contacts_checked", {
        all: page.people.length,
        confirmed: count("confirmed"),
        stale: count("stale"),
        never: count("never_checked"),
        gone: count("gone"),
      }),
      " ",
      ["match", "sweep"].map((view) =>
        h(
          "a",
          {
            class: "as-act link",
            "data-key": `contacts-${view}`,
            ...pageLink("contacts", { account: page.account.id, view }),
          },
          t(`contacts_${view}_next`),
        ),
      ),
      h(
        "a",
        {
          class: "as-act link",
          "data-key": "account-duplicates",
          ...pageLink("duplicates", { account: page.account.id }),
        },
        t("duplicates_here"),
      ),
      calendar,
    ),
    table("contacts", t("contacts_here"), heads, rows),
  );
}

/**
 * The last contact with each person and the next one, once they are read; and a calendar file of what is planned.
 * @param {AccountApp} app
 * @param {string} account
 * @param {Map<string, [HTMLElement, HTMLElement]>} days the cells of each person
 * @param {HTMLElement} calendar
 */
async function showRhythm(app, account, days, calendar) {
  const response = await app.connection.ask("rhythm", { account });
  if ("code" in response) return;
  for (const [person, [last, next]] of days) {
    const own = response.people[person];
    /** @param {string | null} day */
    const shown = (day) => (day ? dayName(app.lang, day, app.data.today) : "–");
    last.textContent = shown(own?.last ?? null);
    next.textContent = shown(own?.next ?? null);
  }
  const { file } = response;
  if (file)
    calendar.replaceChildren(
      button(app.t("contact_calendar"), () => keepFile(file), {
        class: "link",
        "data-key": "contacts-calendar",
      }),
    );
  calendar.dataset.state = "ready";
}
