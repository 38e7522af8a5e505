// The rep's workbook: the next five people, the accounts, and the open commitments.
import { button, h } from "../core/dom.js";
import { AccountApp } from "../core/account_app.js";
import { handedOver } from "../core/handed_over.js";
import { recall, remember } from "../core/local_store.js";
import { closeMenu } from "../core/menu.js";
import { Pages } from "../core/pages.js";
import { Prefetch } from "../core/prefetch.js";
import { Navigator } from "./navigator.js";
import { AccountPane, arrowTabs, selectTab } from "./account.js";
import { Cards } from "./cards.js";
import { Commitments } from "./commitments.js";
import { openSlotDraft } from "./forms.js";
import { openPerson } from "./person.js";

/** @import { AccountScreen, Outgoing, Place, Saved } from "../core/types.d.ts" */
/** @import { PageView } from "../messages.d.ts" */

/**
 * How the screen is set: search and filters of the list, the tab of the account, and the view.
 * @typedef {{
 *   text: string, sort: string, role: string, rung: string, focus: boolean, stale: boolean, tab: string, view: string,
 * }} Look
 */

const HINTS = ["hint_1", "hint_2", "hint_3"];
const VIEWS = ["cards", "accounts", "commitments"];
const NARROW = 720;

export class RepApp extends AccountApp {
  prepare() {
    super.prepare();
    const isNarrow = (this.root.parentElement?.clientWidth || window.innerWidth) < NARROW;
    /** @type {Look} */
    this.look = {
      text: "",
      sort: "open",
      role: "",
      rung: "",
      focus: false,
      stale: false,
      tab: "slots",
      view: isNarrow ? "cards" : "accounts",
    };
    /** @type {{ account: string, week: string | null } | null} The account chosen last; its page may be on its way. */
    this.going = null;
    /** @type {AccountPane | null} */
    this.pane = null;
    /** @type {Cards | Commitments | null} */
    this.queue = null;
    /** @type {HTMLElement | null} */
    this.headline = null;
    /** @type {Pages} */
    this.pages = new Pages(this.connection);
    /** @type {Prefetch} */
    this.prefetch = new Prefetch(this);
  }

  close() {
    this.prefetch.close();
    super.close();
  }

  async begin() {
    const rep = new URLSearchParams(location.search).get("rep");
    const data = await this.connection.ask("hello", { rep });
    if (data.kind !== "hello") {
      this.fail(data);
      return;
    }
    this.load(data);
    if (data.first?.page)
      this.pages.keep(data.first.page.account.id, data.first.page, data.first.known);
    this.render();
    this.resume();
    const drafts = this.drafts.places().filter(([account]) => this.lines.has(account));
    if (drafts.length) this.offerDrafts(drafts);
    const first = drafts[0]?.[0] ?? this.nav?.shown[0]?.id;
    if (first && this.look.view === "accounts") {
      const opened = this.openAccount(first);
      // The first page comes with the first response.
      if (!this.page) await opened;
    }
    this.ready();
  }

  /**
   * Offer to show drafts that an earlier page left; a person's card comes first.
   * @param {Place[]} drafts
   */
  offerDrafts(drafts) {
    const card = drafts.find(([, , field]) => field === "details");
    const show = async () => {
      const where = card ?? drafts[0];
      await this.openAccount(where[0]);
      if (this.account !== where[0]) return;
      if (card) openPerson(this, card[1]);
      else openSlotDraft(this, where);
    };
    this.toasts.show(this.t("kept_text", { n: drafts.length }), "kept", [
      [this.t("show_it"), show],
    ]);
  }

  // Views ----------------------------------------------------------------------------------------

  title() {
    const { t } = this;
    this.headline = h("p", { class: "headline" });
    const views = VIEWS.map((view) =>
      button(t(`view_${view}`), () => this.showView(view), {
        role: "tab",
        "data-view": view,
        "data-key": `view-${view}`,
      }),
    );
    this.views = h("div", { class: "views", role: "tablist", "aria-label": t("workbook") }, views);
    this.views.addEventListener("keydown", (event) => arrowTabs(event, views));
    return [h("div", { class: "who" }, h("h1", {}, this.data.rep.name), this.headline), this.views];
  }

  fill() {
    this.showSummary();
    this.showView(this.look.view);
  }

  /** @param {string} view */
  showView(view) {
    this.look.view = view;
    if (this.views) selectTab(this.views, "view", view);
    this.root.dataset.view = view;
    this.queue = this.nav = null;
    if (view === "accounts") {
      this.showAccounts();
      return;
    }
    this.queue = view === "cards" ? new Cards(this) : new Commitments(this);
    this.body.replaceChildren(this.queue.node);
  }

  showAccounts() {
    const nav = (this.nav = new Navigator(this));
    const pane = (this.pane = new AccountPane(this));
    this.body.replaceChildren(nav.node, pane.node);
    if (this.page) pane.show(this.page);
    const { going } = this;
    if (going && (going.account !== this.account || going.week !== this.week))
      pane.loading(this.lines.get(going.account));
    else if (!this.page && this.root.dataset.ready && nav.shown[0])
      this.openAccount(nav.shown[0].id);
  }

  showSummary() {
    if (!this.headline) return;
    const { all, focus } = this.summary;
    /** @param {Record<string, number>} scope */
    const rate = ({ known, required }) => {
      const percent = Math.round((100 * known) / required);
      const counts = `${known.toLocaleString()}/${required.toLocaleString()}`;
      return required ? `${percent}% (${counts})` : "–";
    };
    this.headline.textContent = this.t("headline", { all: rate(all), focus: rate(focus) });
  }

  notice() {
    return handedOver(this);
  }

  hint() {
    const seen = Number(recall("coverage-kit:hints") ?? 0);
    if (seen >= HINTS.length) return null;
    /** @param {number} n */
    const next = (n) => {
      remember("coverage-kit:hints", String(n));
      const following = this.hint();
      if (following) node.replaceWith(following);
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

  // Navigation -----------------------------------------------------------------------------------

  /**
   * @param {string} account
   * @param {string | null} week
   */
  async openAccount(account, week = null) {
    const going = (this.going = { account, week });
    if (this.look.view !== "accounts") this.showView("accounts");
    this.pane?.loading(this.lines.get(account));
    this.nav?.select();
    const isHere = () => this.going === going;
    const kept = week === null ? this.pages.find(account) : null;
    const known = kept instanceof Promise ? await kept : kept;
    if (known && isHere()) {
      this.showPage(known.page, week);
      this.pane?.kept();
    }
    const response =
      week === null
        ? await this.pages.open(account)
        : await this.connection.ask("open", { account, week });
    if (!isHere()) return;
    if (response.kind !== "page") {
      this.showProblem(response);
      this.stay();
      return;
    }
    if (!response.page) return;
    if (!known || JSON.stringify(response.page) !== JSON.stringify(known.page))
      this.showPage(response.page, week);
    else this.pane?.ready();
    this.prefetch.wait();
  }

  /**
   * @param {PageView} page
   * @param {string | null} week
   */
  showPage(page, week) {
    if (page.account.id !== this.account) this.leaveField();
    if (page.account.id !== this.account || week !== this.week) closeMenu(this.root);
    this.setPlace(page.account.id, week);
    this.pane?.show(this.takePage(page, week === null));
  }

  /** The chosen account cannot be shown: keep what is on the screen. */
  stay() {
    if (!this.page) return;
    this.going = { account: this.page.account.id, week: this.week };
    this.pane?.show(this.page);
    this.nav?.select();
  }

  /**
   * @param {Outgoing} message
   * @param {Saved<AccountScreen>} response
   */
  responded(message, response) {
    if (message.account) this.pages.drop(message.account);
    super.responded(message, response);
    this.queue?.load();
    this.prefetch.wait();
  }
}
