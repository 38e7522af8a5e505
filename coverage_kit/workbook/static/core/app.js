// The workbook: what is shown where, in which language; what was typed and is not saved yet; undo.
import { h, button, quietly } from "./dom.js";
import { bringLetters } from "./fonts.js";
import { Shelf, Talk } from "./connection.js";
import { Pages } from "./pages.js";
import { LookAhead } from "./prefetch.js";
import { Navigator } from "../rep/navigator.js";
import { AccountPane, arrowTabs } from "../rep/account.js";
import { Cards } from "../rep/cards.js";
import { Promises } from "../rep/commitments.js";
import { openConflict, openHelp, openKept } from "../rep/forms.js";
import { openPerson } from "../rep/person.js";

const HINTS = ["hint_1", "hint_2", "hint_3"];
const NARROW = 720;
let count = 0;

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    /* nothing is kept in a private window */
  }
}

export class App {
  constructor(model, el) {
    this.model = model;
    this.id = `ck${++count}`;
    bringLetters();
    this.words = model.get("words");
    this.lang = [
      new URLSearchParams(location.search).get("lang"),
      remembered("coverage-kit:lang"),
      model.get("lang"),
    ].find((lang) => lang in this.words);
    this.t = this.t.bind(this);
    this.look = {
      text: "",
      sort: "open",
      role: "",
      rung: "",
      focus: false,
      stale: false,
      tab: "slots",
      view: (el.clientWidth || window.innerWidth) < NARROW ? "cards" : "accounts",
    };
    /** What is on the screen, and what was chosen last, which may still be on its way. */
    this.account = this.week = this.page = null;
    this.going = null;
    this.lines = new Map();
    this.versions = new Map();
    this.drafts = {};
    this.undos = [];
    this.state = { pending: 0, late: false, gone: false, trouble: null, savedAt: "" };
    this.root = h("div", {
      class: "coverage-kit",
      "data-lm-suppress-shortcuts": "true",
      "data-state": "loading",
      lang: this.lang,
    });
    this.root.append(h("p", { class: "empty", role: "status" }, this.t("loading")));
    this.root.addEventListener("keydown", (event) => this.key(event));
    el.append(this.root);
    this.followTheme();
    this.talk = new Talk(model, {
      answer: (message, answer) => this.answered(message, answer),
      state: (state) => this.showState(state),
      base: (account, role) => this.versions.get(`${account}:${role}`),
    });
    this.pages = new Pages(this.talk);
    this.ahead = new LookAhead(this);
    this.begin();
  }

  close() {
    this.ahead.close();
    this.talk.close();
    this.themes.disconnect();
  }

  async begin() {
    const data = await this.talk.ask("hello", {
      rep: new URLSearchParams(location.search).get("rep"),
    });
    if (data.kind !== "hello") {
      this.fail(data);
      return;
    }
    this.takeUp(data);
    if (data.first?.page)
      this.pages.keep(data.first.page.account.id, data.first.page, data.first.known);
    this.render();
    this.talk.resume(new Shelf(`${this.shelfName}:outbox`));
    const kept = Object.keys(this.drafts)
      .map((key) => key.split("|"))
      .filter(([account]) => this.lines.has(account));
    const card = kept.find(([, , field]) => field === "details");
    const show = async () => {
      const where = card ?? kept[0];
      await this.openAccount(where[0]);
      if (this.account !== where[0]) return;
      if (card) openPerson(this, card[1]);
      else openKept(this, where);
    };
    if (kept.length)
      this.say(this.t("kept_text", { n: kept.length }), "kept", [[this.t("show_it"), show]]);
    const first = kept[0]?.[0] ?? this.nav?.shown[0]?.id;
    if (first && this.look.view === "accounts") {
      const opened = this.openAccount(first);
      // What came along is on the screen already.
      if (!this.page) await opened;
    }
    this.ready();
  }

  /** Take up what the program tells of a rep's accounts, and what this browser kept. */
  takeUp(data) {
    this.data = data;
    this.day = data.today;
    this.lines = new Map(data.lines.map((line) => [line.id, line]));
    this.summary = data.summary;
    this.shelfName = `coverage-kit:${data.place}:${data.actor}`;
    this.draftShelf = new Shelf(`${this.shelfName}:drafts`);
    this.drafts = this.draftShelf.read();
  }

  fail(answer) {
    this.root.replaceChildren(h("p", { class: "empty", role: "alert" }, this.errorText(answer)));
    this.root.dataset.state = "error";
  }

  /** Nothing has been answered yet, and it is high time; should the answer still come, it is shown. */
  stuck() {
    this.root.replaceChildren(
      h(
        "div",
        { class: "empty", role: "alert" },
        h("p", {}, this.t("no_start")),
        button(this.t("load_again"), () => location.reload(), { class: "primary" }),
      ),
    );
    this.root.dataset.state = "stuck";
  }

  ready() {
    this.root.dataset.state = "ready";
    this.root.dataset.ready = "true";
  }

  // Words ------------------------------------------------------------------------------------------------------------

  t(key, values = {}) {
    const word = this.words[this.lang][key] ?? key;
    const text = word.by
      ? word[
          new Intl.PluralRules(this.lang).select(Number(values[word.by])) === "one"
            ? "one"
            : "other"
        ]
      : word;
    return text.replace(/\{(\w+)\}/g, (whole, name) =>
      name in values ? String(values[name]) : whole,
    );
  }

  roleTitle(role) {
    return this.data.roles[role]?.title[this.lang] ?? role;
  }
  staffName(id) {
    return this.data.staff.find((each) => each.id === id)?.name ?? id;
  }
  isWithUs(id) {
    return this.data.staff.some((each) => each.id === id && !each.gone);
  }
  functionName(name) {
    return this.words[this.lang][`function_${name}`] ?? name.replaceAll("_", " ");
  }
  fieldName(field) {
    return this.words[this.lang][`field_${field}`] ?? this.t(`detail_${field}`);
  }
  errorText(answer) {
    return answer.text?.[this.lang] ?? answer.text?.en ?? this.t("no_answer");
  }
  rolesOf(person) {
    return this.page.slots
      .filter((slot) => slot.holder?.person === person)
      .map((slot) => slot.role);
  }

  valueText(field, value) {
    if (value === null || value === undefined || value === "") return "–";
    if (field === "can_meet" || field === "can_deliver") return this.t(value ? "yes" : "no");
    if (field === "outcome") return this.t(value);
    if (field === "not_kept_reason") return this.t(`reason_${value}`);
    if (field === "verified_how") return this.t(`how_${value}`);
    if (field === "representative" || field === "agreed_by") return this.staffName(value);
    if (field === "disposition" || field === "status") return this.t(value);
    return String(value);
  }

  // What is on the screen --------------------------------------------------------------------------------------------

  render() {
    const key = document.activeElement?.dataset?.key;
    const { t } = this;
    this.root.lang = this.lang;
    this.saved = h("span", { class: "saved", role: "status" });
    this.undo = button(t("undo"), () => this.undoLast(), {
      class: "undo",
      "data-key": "undo",
      disabled: !this.undos.length,
    });
    this.banner = h("div", { class: "banner", role: "alert", hidden: true });
    this.toasts ??= h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    const langs = ["ko", "en"].map((lang) =>
      button(lang === "ko" ? "한국어" : "English", () => this.speak(lang), {
        "aria-pressed": String(lang === this.lang),
        lang,
        "data-key": `lang-${lang}`,
      }),
    );
    this.body = h("div", { class: "body" });
    this.put(
      h(
        "header",
        { class: "head" },
        this.title(),
        h(
          "div",
          { class: "tools" },
          this.saved,
          this.undo,
          this.tools(),
          h("span", { class: "langs", role: "group", "aria-label": t("language") }, langs),
          button("?", () => openHelp(this), {
            class: "help",
            "aria-label": t("help"),
            "data-key": "help",
          }),
        ),
      ),
      this.banner,
      this.hint() ?? "",
      this.body,
      this.toasts,
    );
    this.fill();
    this.showState(this.state);
    if (key && !this.root.contains(document.activeElement))
      this.root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  /** Everything anew but the windows that are open. */
  put(...parts) {
    quietly(() => {
      for (const part of [...this.root.children]) if (!part.matches("dialog[open]")) part.remove();
    });
    this.root.prepend(...parts);
  }

  /** What stands at the left of the head, and the views to choose from. */
  title() {
    const { t } = this;
    this.headline = h("p", { class: "headline" });
    const views = ["cards", "accounts", "commitments"].map((view) =>
      button(t(`view_${view}`), () => this.showView(view), {
        role: "tab",
        "aria-selected": String(view === this.look.view),
        tabIndex: view === this.look.view ? 0 : -1,
        "data-view": view,
        "data-key": `view-${view}`,
      }),
    );
    this.views = h("div", { class: "views", role: "tablist", "aria-label": t("workbook") }, views);
    this.views.addEventListener("keydown", (event) => arrowTabs(event, views));
    return [h("div", { class: "who" }, h("h1", {}, this.data.rep.name), this.headline), this.views];
  }

  tools() {
    return null;
  }

  fill() {
    this.showSummary();
    this.showView(this.look.view);
  }

  showView(view) {
    this.look.view = view;
    for (const tab of this.views.children) {
      tab.setAttribute("aria-selected", String(tab.dataset.view === view));
      tab.tabIndex = tab.dataset.view === view ? 0 : -1;
    }
    this.root.dataset.view = view;
    this.queue = null;
    this.nav = null;
    if (view !== "accounts") {
      this.queue = view === "cards" ? new Cards(this) : new Promises(this);
      this.body.replaceChildren(this.queue.node);
      return;
    }
    this.nav = new Navigator(this);
    this.pane = new AccountPane(this);
    this.body.replaceChildren(this.nav.node, this.pane.node);
    if (this.page) this.pane.show(this.page);
    if (this.going && (this.going.account !== this.account || this.going.week !== this.week))
      this.pane.loading(this.lines.get(this.going.account));
    else if (!this.page && this.root.dataset.ready && this.nav.shown[0])
      this.openAccount(this.nav.shown[0].id);
  }

  showSummary() {
    if (!this.headline) return;
    const { all, focus } = this.summary;
    const rate = ({ known, required }) =>
      required
        ? `${Math.round((100 * known) / required)}% (${known.toLocaleString()}/${required.toLocaleString()})`
        : "–";
    this.headline.textContent = this.t("headline", { all: rate(all), focus: rate(focus) });
  }

  hint() {
    const seen = Number(remembered("coverage-kit:hints") ?? 0);
    if (seen >= HINTS.length) return null;
    const next = (to) => {
      remember("coverage-kit:hints", to);
      const again = this.hint();
      if (again) node.replaceWith(again);
      else node.remove();
    };
    const node = h(
      "aside",
      { class: "hint", "aria-label": this.t("hint") },
      h("span", {}, `${seen + 1}/3 `, this.t(HINTS[seen])),
      h("span", { class: "grow" }),
      button(this.t(seen + 1 < HINTS.length ? "hint_next" : "hint_done"), () => next(seen + 1)),
      button(this.t("hint_skip"), () => next(HINTS.length), { class: "link" }),
    );
    return node;
  }

  speak(lang) {
    this.lang = lang;
    remember("coverage-kit:lang", lang);
    this.render();
  }

  followTheme() {
    const look = () => {
      const light = document.body.dataset.jpThemeLight;
      const dark =
        light === undefined
          ? matchMedia("(prefers-color-scheme: dark)").matches
          : light === "false";
      this.root.dataset.theme = dark ? "dark" : "light";
    };
    this.themes = new MutationObserver(look);
    this.themes.observe(document.body, {
      attributes: true,
      attributeFilter: ["data-jp-theme-light", "class"],
    });
    look();
  }

  // Accounts and edits -----------------------------------------------------------------------------------------------

  async openAccount(account, week = null) {
    const going = (this.going = { account, week });
    if (this.look.view !== "accounts") this.showView("accounts");
    this.pane.loading(this.lines.get(account));
    this.nav.select();
    const here = () => this.going === going;
    const kept = week === null ? this.pages.find(account) : null;
    const told = kept instanceof Promise ? await kept : kept;
    if (told && here()) this.showPage(told.page, week);
    const answer =
      week === null
        ? await this.pages.open(account)
        : await this.talk.ask("open", { account, week });
    if (!here()) return;
    if (answer.kind !== "page") {
      this.say(this.errorText(answer), "problem");
      this.stay();
      return;
    }
    if (!told || JSON.stringify(answer.page) !== JSON.stringify(told.page))
      this.showPage(answer.page, week);
    this.ahead.wait();
  }

  showPage(page, week) {
    if (page.account.id !== this.account) this.leaveField();
    this.account = page.account.id;
    this.week = week;
    this.take(page, week === null);
    this.pane?.show(this.page);
  }

  /** What was chosen cannot be shown: what is on the screen stays there. */
  stay() {
    if (!this.page) return;
    this.going = { account: this.account, week: this.week };
    this.pane?.show(this.page);
    this.nav?.select();
  }

  /** Another account comes onto the screen: what is half typed stays with the one it was meant for, and is not sent. */
  leaveField() {
    const field = document.activeElement;
    if (this.pane?.node.contains(field) && field.matches("input[type=text]"))
      quietly(() => {
        field.blur();
        this.pane.node.focus();
      });
  }

  take(page, present) {
    const same = this.page?.account.id === page.account.id;
    const told = new Map(page.slots.map((slot) => [slot.role, slot]));
    this.page =
      page.people && !page.partly
        ? page
        : {
            ...this.page,
            ...page,
            slots: same ? this.page.slots.map((slot) => told.get(slot.role) ?? slot) : page.slots,
          };
    if (present)
      for (const slot of page.slots)
        this.versions.set(`${page.account.id}:${slot.role}`, slot.version);
    this.root.dispatchEvent(new Event("told"));
  }

  /** Save one field; `base` is the version that was seen, of a text the one seen when it was begun. */
  save(
    role,
    field,
    value,
    text = "",
    account = this.account,
    base = this.drafts[`${account}|${role}|${field}`]?.base,
  ) {
    this.keepDraftAt(account, role, field, null);
    const answered = this.talk.edit({
      account,
      role,
      field,
      value,
      text,
      ...(base === undefined ? {} : { base }),
    });
    this.pane?.grid?.mark();
    return answered;
  }

  answered(message, answer) {
    this.pages.drop(message.account);
    const here = answer.page && answer.page.account.id === this.account && this.week === null;
    if (answer.page)
      for (const slot of answer.page.slots)
        this.versions.set(`${answer.page.account.id}:${slot.role}`, slot.version);
    if (here) this.take(answer.page, true);
    if (answer.kind === "saved") {
      this.goOn(message, answer);
      if (message.field === "detail") this.cardSaved(message);
      this.summary = answer.summary;
      this.showSummary();
      if (answer.line) {
        this.lines.set(answer.line.id, answer.line);
        this.nav?.update(answer.line);
      }
      if (answer.owner !== undefined)
        this.say(
          this.t("handed_over", {
            name: answer.owner ? this.staffName(answer.owner) : this.t("nobody_yet"),
          }),
          "done",
        );
      if (message.kind === "undo")
        this.say(this.t("undone_now"), "done", [
          [this.t("redo"), () => this.takeBack(message.account, answer.edit_id)],
        ]);
      else this.undos.push({ account: message.account, edit_id: answer.edit_id });
      this.undo.disabled = !this.undos.length;
    } else if (
      message.role &&
      this.talk.underWay(message.account, message.role, message.field).length
    ) {
      // Something newer follows for the same field: it is that which is asked, or kept.
    } else if (answer.kind === "conflict" && message.kind === "undo")
      this.say(this.t("undo_met", { by: this.staffName(answer.by) }), "problem");
    else if (answer.kind === "conflict") {
      this.keepUnsaved(message, true);
      openConflict(this, message, answer);
    } else {
      this.keepUnsaved(message);
      // A window that is open says it itself, beside what was typed.
      if (!this.root.querySelector("dialog[open]")) this.say(this.errorText(answer), "problem");
    }
    if (message.account === this.account && this.week === null)
      this.refresh(
        answer.kind === "saved"
          ? new Set(answer.page?.slots.map((slot) => slot.role)).add(message.role)
          : null,
      );
    this.queue?.load();
    this.ahead.wait();
  }

  /** What else is under way at this slot saw the version before, and nothing but this edit came in between. */
  goOn({ account, role, base }, { page }) {
    const version = page?.slots.find((slot) => slot.role === role)?.version;
    if (version !== base + 1) return;
    this.talk.rebase(account, role, base, version);
    for (const [field, text] of Object.entries(this.draftsAt(account, role))) {
      const { base: seen, asked } = this.drafts[`${account}|${role}|${field}`];
      if (seen === base) this.keepDraftAt(account, role, field, text, { base: version, asked });
    }
  }

  /** Show the account again as it is, with the focus where it was. */
  refresh(roles = null) {
    if (!this.page || !this.pane) return;
    const key = document.activeElement?.dataset?.key;
    this.pane.update(this.page, roles);
    if (!key) return;
    const target = this.root.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const lost =
      !this.root.contains(document.activeElement) ||
      document.activeElement.disabled ||
      document.activeElement.hidden;
    if (lost) (target && !target.disabled && !target.hidden ? target : this.pane.node).focus();
  }

  undoLast() {
    const last = this.undos.pop();
    this.undo.disabled = !this.undos.length;
    if (last) this.takeBack(last.account, last.edit_id);
  }

  takeBack(account, undoes) {
    this.talk.edit({ kind: "undo", account, undoes });
  }

  // What was typed and is not saved ------------------------------------------------------------------------------------

  draftsAt(account, role) {
    const start = `${account}|${role}|`;
    return Object.fromEntries(
      Object.entries(this.drafts)
        .filter(([key]) => key.startsWith(start))
        .map(([key, { text }]) => [key.slice(start.length), text]),
    );
  }

  draftsOf(role) {
    return this.week === null ? this.draftsAt(this.account, role) : {};
  }

  keepDraft(role, field, text) {
    this.keepDraftAt(this.account, role, field, text);
    const row = this.pane?.grid?.rows.get(role);
    row?.mark();
  }

  /** `base` is the version seen when the text was begun; `asked`: it met another's change, and only Enter sends it again. */
  keepDraftAt(
    account,
    role,
    field,
    text,
    {
      base = this.drafts[`${account}|${role}|${field}`]?.base ??
        this.versions.get(`${account}:${role}`),
      asked = false,
    } = {},
  ) {
    const key = `${account}|${role}|${field}`;
    if (text === null && !(key in this.drafts)) return;
    // Key by key: another page of this browser may keep something of its own.
    if (text === null) {
      delete this.drafts[key];
      this.draftShelf?.remove(key);
    } else {
      this.drafts[key] = { text, base, asked };
      this.draftShelf?.set(key, this.drafts[key]);
    }
  }

  /** What was not taken is kept, where nothing newer was typed meanwhile. */
  keepUnsaved({ account, role, field, text, value, base }, asked = false) {
    const texts =
      {
        holder: { holder: text },
        grounds: { grounds: text },
        not_applicable: { reason: value?.reason },
        ended: { new_title: value?.title, moved_to: value?.moved_to },
      }[field] ?? {};
    for (const [name, each] of Object.entries(texts)) {
      const where = [account, role || value.person, name];
      if (each && !(where.join("|") in this.drafts))
        this.keepDraftAt(...where, each, { base, asked });
    }
  }

  /** What was typed on a person's card is kept no longer once it is saved, also where an earlier page had sent it. */
  cardSaved({ account, value }) {
    const { about, ...typed } = JSON.parse(this.draftsAt(account, value.person).details ?? "{}");
    const left = Object.fromEntries(
      Object.entries(typed).filter(([key, text]) => text.trim() !== value[key]),
    );
    this.keepDraftAt(
      account,
      value.person,
      "details",
      Object.keys(left).length ? JSON.stringify({ about, ...left }) : null,
    );
  }

  isAsked(role, field) {
    return Boolean(this.drafts[`${this.account}|${role}|${field}`]?.asked);
  }

  /** What was typed is given up, or sent; what was typed on since stays, on the version that was decided on. */
  forget({ account, role, field, value, text }, base) {
    const draft = this.drafts[`${account}|${role}|${field}`];
    if (draft && draft.text.trim() !== text)
      this.keepDraftAt(account, role, field, draft.text, { base });
    else this.keepDraftAt(account, role, field, null);
    if (field === "detail") this.keepDraftAt(account, value.person, "details", null);
    this.showKept?.();
  }

  // What is said -----------------------------------------------------------------------------------------------------

  showState(state) {
    this.state = state;
    if (!this.saved) {
      if (state.late) this.stuck();
      return;
    }
    const { t } = this;
    this.saved.textContent = state.pending
      ? t("saving")
      : state.savedAt
        ? t("saved_at", { at: state.savedAt })
        : "";
    this.root.dataset.saved = state.pending ? "pending" : state.savedAt ? "saved" : "";
    this.banner.hidden = !state.late;
    if (state.late) {
      // In JupyterLab it is the cells that are run again, and a screen cannot do that itself.
      const alone = "voila" in document.body.dataset;
      const text = state.trouble
        ? state.trouble[this.lang]
        : t(state.gone ? "program_gone" : alone ? "no_answer" : "no_answer_lab");
      const acts = [
        state.gone ? null : button(t("send_again"), () => this.talk.again()),
        alone && !state.trouble ? button(t("load_again"), () => location.reload()) : null,
      ];
      this.banner.replaceChildren(
        h("span", {}, text, " ", state.pending ? t("text_is_kept", { n: state.pending }) : ""),
        h("span", { class: "grow" }),
        ...acts.filter(Boolean),
      );
    }
    this.pane?.grid?.mark();
  }

  say(text, kind = "done", actions = []) {
    const node = h(
      "div",
      { class: `toast ${kind}` },
      h("span", {}, text),
      actions.map(([label, act]) =>
        button(
          label,
          () => {
            node.remove();
            act();
          },
          { class: "link" },
        ),
      ),
      button("×", () => node.remove(), { class: "link", "aria-label": this.t("close") }),
    );
    this.toasts.replaceChildren(node);
    if (kind === "done") setTimeout(() => node.remove(), 8000);
  }

  openMenu(anchor, items) {
    this.root.querySelector(".menu")?.remove();
    let open = true;
    const close = (focus) => {
      if (!open) return;
      open = false;
      menu.remove();
      if (focus) anchor.focus();
    };
    const menu = h(
      "div",
      { class: "menu", role: "menu" },
      items.map(([label, act]) =>
        button(
          label,
          () => {
            close(true);
            act();
          },
          { role: "menuitem", tabIndex: -1 },
        ),
      ),
    );
    menu.addEventListener("keydown", (event) => {
      const at = [...menu.children].indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        event.stopPropagation();
        close(true);
      }
      if (to !== undefined) {
        event.preventDefault();
        menu.children[(to + menu.children.length) % menu.children.length].focus();
      }
    });
    menu.addEventListener("focusout", (event) => {
      if (!menu.contains(event.relatedTarget)) close(false);
    });
    this.root.append(menu);
    const [box, frame] = [anchor.getBoundingClientRect(), this.root.getBoundingClientRect()];
    menu.style.top = `${Math.min(box.bottom - frame.top + 2, frame.height - menu.offsetHeight - 8)}px`;
    menu.style.left = `${Math.max(8, box.right - frame.left - menu.offsetWidth)}px`;
    menu.children[0].focus();
  }

  /** The keys there are, and what each does. */
  keys() {
    return [
      ["/", "key_search"],
      ["J", "key_next"],
      ["K", "key_before"],
      ["F", "key_focus"],
      ["1–6", "key_settle"],
      ...this.keysEverywhere(),
    ];
  }

  keysEverywhere() {
    return [
      ["U", "key_undo"],
      ["L", "key_language"],
      ["Enter", "key_enter"],
      ["↑ ↓", "key_choose"],
      ["Esc", "key_escape"],
      ["?", "key_help"],
    ];
  }

  key(event) {
    event.stopPropagation();
    const typing = event.target.closest?.("input, select, textarea, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !this.data)
      return;
    const acts = {
      "/": () => this.nav?.search.focus(),
      "?": () => openHelp(this),
      u: () => this.undoLast(),
      l: () => this.speak(this.lang === "ko" ? "en" : "ko"),
      j: () => this.nav?.step(1),
      k: () => this.nav?.step(-1),
      f: () => this.root.querySelector("[data-key=focus]")?.click(),
    };
    const act =
      acts[event.key.toLowerCase()] ??
      { KeyF: acts.f, KeyJ: acts.j, KeyK: acts.k, KeyL: acts.l, KeyU: acts.u }[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
