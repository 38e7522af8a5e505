// The page of one account: name and facts, the ladder in numbers, slots, picture, contacts.
import { h, button, choice } from "../core/dom.js";
import { SlotGrid } from "./grid.js";
import { buildPicture } from "./picture.js";
import { openDeparture } from "./forms.js";
import { openPerson } from "./person.js";

export class AccountPane {
  constructor(app) {
    this.app = app;
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

  loading(line) {
    this.node.dataset.state = "loading";
    this.node.setAttribute("aria-busy", "true");
    if (line) this.node.dataset.account = line.id;
  }

  show(page) {
    const { app } = this;
    this.page = page;
    if (!this.body) this.build();
    this.name.textContent = page.account.name;
    this.tabs.setAttribute("aria-label", page.account.name);
    this.past.value = app.week ?? "";
    this.note.hidden = app.week === null;
    this.note.firstChild.textContent = app.t("past_note", { week: app.week ?? "" });
    this.showTab();
    this.showFacts();
    this.node.dataset.state = "ready";
    this.node.dataset.account = page.account.id;
    this.node.dataset.week = app.week ?? "";
    this.node.removeAttribute("aria-busy");
  }

  build() {
    const { app } = this;
    const { t } = app;
    this.name = h("h2", { "data-key": "account-name" });
    this.facts = h("span", { class: "quiet" });
    this.star = new FocusStar(app);
    this.steps = h("ol", { class: "funnel" });
    this.body = h("div", { class: "tab-body" });
    const tabs = ["slots", "picture", "contacts"].map((key) =>
      button(
        t(`tab_${key}`),
        () => {
          this.tab = app.look.tab = key;
          this.showTab();
        },
        { role: "tab", "data-tab": key, "data-key": `tab-${key}` },
      ),
    );
    this.tabs = h("div", { class: "tabs", role: "tablist" }, tabs);
    this.tabs.addEventListener("keydown", (event) => arrowTabs(event, tabs));
    const weeks = app.data.weeks.map((each) => [
      each.week,
      `${each.week} (${each.from.slice(5)}~${each.to.slice(5)})`,
    ]);
    this.past = choice(
      t("as_of"),
      weeks,
      app.week,
      (week) => app.openAccount(app.account, week || null),
      t("now"),
    );
    this.past.dataset.key = "as-of";
    this.note = h(
      "p",
      { class: "past", role: "status" },
      h("span"),
      " ",
      button(t("back_to_now"), () => app.openAccount(app.account, null), { class: "link" }),
    );
    this.node.replaceChildren(
      h(
        "header",
        { class: "pane-head" },
        h("div", { class: "title" }, this.name, h("p", {}, this.facts, " ", this.star.node)),
        this.steps,
      ),
      this.note,
      h(
        "div",
        { class: "bar" },
        this.tabs,
        weeks.length
          ? h("label", { class: "as-of" }, h("span", { class: "quiet" }, t("as_of")), this.past)
          : null,
      ),
      this.body,
    );
  }

  /** Show the account after an edit. */
  update(page, roles = null) {
    if (!this.body) return;
    this.page = page;
    if (this.grid) this.grid.update(page, roles);
    else this.showTab();
    this.showFacts();
  }

  showTab() {
    const { app, page } = this;
    const before = this.grid;
    this.grid = null;
    for (const tab of this.tabs.children) {
      const here = tab.dataset.tab === this.tab;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
    }
    if (this.tab === "picture") this.body.replaceChildren(buildPicture(app, page));
    else if (this.tab === "contacts") this.body.replaceChildren(contacts(app, page));
    else if (before?.fits(page)) {
      this.grid = before;
      before.showPage(page);
    } else {
      this.grid = new SlotGrid(app, page);
      this.body.replaceChildren(this.grid.node);
    }
  }

  /** The company and the ladder in numbers. */
  showFacts() {
    const { app, page } = this;
    const { t } = app;
    this.facts.textContent = facts(app, page.account);
    this.star.show(page.account);
    const marks = this.page.slots.filter((slot) => slot.rung !== null).map((slot) => slot.rung);
    this.steps.replaceChildren(
      ...["required", ...app.choices.rung].map((step, i) => {
        const n = i ? marks.filter((rung) => rung >= i).length : marks.length;
        const bar = h("span", { class: "track", "aria-hidden": "true" }, h("i"));
        bar.firstChild.style.width = marks.length ? `${(100 * n) / marks.length}%` : "0";
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

function facts(app, account) {
  const known = [account.industry, account.segment, account.region].filter(Boolean);
  const extra = Object.entries(account.facts).map(([key, value]) => `${key} ${value}`);
  return [app.t("company"), ...known, ...extra].join(" · ");
}

/** A button that puts the account on the rep's focus list or takes it off. */
export class FocusStar {
  constructor(app) {
    this.app = app;
    this.sign = h("span", { "aria-hidden": "true" });
    this.text = h("span");
    this.node = button([this.sign, " ", this.text], () => this.turn(), {
      class: "focus-star",
      "data-key": "focus",
    });
  }

  turn() {
    this.app.save("", "focus", !this.isOn);
    this.show(this.account);
  }

  /** Show the state, or the one chosen last while it is being saved. */
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
  }
}

export function arrowTabs(event, tabs) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const to = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  to.focus();
  to.click();
}

function contacts(app, page) {
  const { t } = app;
  if (!page.people.length) return h("p", { class: "empty" }, t("no_contacts"));
  const heads = [
    "detail_name",
    "detail_title",
    "detail_phone",
    "roles_held",
    "last_check",
    "still_there_short",
  ].map((key) => h("th", { scope: "col" }, t(key)));
  const rows = page.people.map((person) => {
    const name = person.name ?? t("erased");
    const gone = person.end_kind;
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
      h(
        "td",
        {},
        person.phone
          ? h("a", { href: `tel:${person.phone.replace(/[^\d+*#,;]/g, "")}` }, person.phone)
          : "–",
      ),
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
      h("td", { class: "acts" }, acts),
    );
  });
  const here = page.people.filter((person) => !person.end_kind).length;
  return h(
    "div",
    {},
    h(
      "p",
      { class: "quiet", role: "status" },
      t("contacts_left", { n: here, all: page.people.length }),
    ),
    h(
      "table",
      { class: "contacts" },
      h("caption", { class: "sr" }, t("contacts_here")),
      h("thead", {}, h("tr", {}, heads)),
      h("tbody", {}, rows),
    ),
  );
}
