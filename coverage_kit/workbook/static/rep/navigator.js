// The list of accounts: search, sort, filter. Only rows in view have elements, so ten thousand cost as much as twenty.
import { choice, h, plain } from "../core/dom.js";

/** @import { Option } from "../core/types.d.ts" */
/** @import { Line } from "../messages.d.ts" */
/** @import { Look, RepApp } from "./workbook.js" */

const ROW = 52;
const OPEN_STATES = new Set(["u", "n", "s", "d"]);

/** @type {Record<string, (a: Line, b: Line) => number>} */
const SORTS = {
  open: (a, b) => openSlots(b) - openSlots(a) || b.value - a.value,
  value: (a, b) => b.value - a.value,
  touched: (a, b) => b.touched - a.touched,
  name: (a, b) => a.name.localeCompare(b.name, "ko"),
};

/**
 * Number of required slots that are not known.
 * @param {Line} line
 */
export function openSlots(line) {
  return [...line.rungs].filter((mark) => mark < "2").length;
}

/** @param {Line} line */
export function knownSlots(line) {
  return [...line.rungs].filter((mark) => mark !== "x" && mark >= "2").length;
}

/** @param {Line} line */
function required(line) {
  return [...line.rungs].filter((mark) => mark !== "x").length;
}

export class Navigator {
  /** @param {RepApp} app */
  constructor(app) {
    this.app = app;
    const { t } = app;
    this.look = app.look;
    /** @type {Set<string>} The accounts where somebody's name contains the text. */
    this.people = new Set();
    /** @type {Line[]} */
    this.shown = [];
    this.search = h("input", {
      type: "search",
      class: "search",
      placeholder: t("search"),
      "aria-label": t("search"),
      autocomplete: "off",
      "data-key": "search",
      value: this.look.text,
    });
    this.search.addEventListener("input", () => {
      this.look.text = this.search.value;
      this.findPeople();
      this.refresh();
    });
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        this.list.focus();
      }
      if (event.key === "Enter" && !event.isComposing && this.shown[0]) this.open(this.shown[0].id);
    });
    /** @param {Partial<Look>} some */
    const set = (some) => {
      Object.assign(this.look, some);
      this.refresh();
    };
    /** @type {Option[]} */
    const roles = Object.entries(app.data.roles).map(([key, role]) => [key, role.title[app.lang]]);
    const rungs = app.options(["0", "1", "2", "3", "4", "5"], "rung_");
    /** @param {"focus" | "stale"} name */
    const box = (name) => {
      const input = h("input", { type: "checkbox", checked: this.look[name] });
      input.addEventListener("change", () => set({ [name]: input.checked }));
      return h("label", { class: "tick" }, input, t(`only_${name}`));
    };
    this.count = h("p", { class: "quiet count", role: "status" });
    this.list = h("div", {
      class: "list",
      role: "listbox",
      tabIndex: 0,
      "aria-label": t("accounts"),
      "data-key": "accounts",
    });
    this.inner = h("div", { role: "presentation", class: "inner" });
    this.none = h("p", { class: "empty", hidden: true }, t("no_match"));
    this.list.append(this.inner);
    this.list.addEventListener("scroll", () => this.draw());
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.node = h(
      "nav",
      { class: "nav", "aria-label": t("accounts") },
      this.search,
      h(
        "div",
        { class: "filters" },
        choice(t("sort"), app.options(Object.keys(SORTS), "sort_"), this.look.sort, (sort) =>
          set({ sort }),
        ),
        choice(t("filter_role"), roles, this.look.role, (role) => set({ role }), t("any_role")),
        choice(t("filter_rung"), rungs, this.look.rung, (rung) => set({ rung }), t("any_rung")),
        h("div", { class: "ticks" }, box("focus"), box("stale")),
      ),
      this.count,
      this.none,
      this.list,
    );
    new ResizeObserver(() => this.draw()).observe(this.list);
    this.refresh();
  }

  async findPeople() {
    const text = this.look.text.trim();
    if (!text) {
      this.people = new Set();
      return;
    }
    const response = await this.app.connection.ask("find", { text });
    if (response.kind === "find" && response.text === this.look.text.trim()) {
      this.people = new Set(response.accounts);
      this.refresh();
    }
  }

  /** @param {Line} line */
  fits(line) {
    const { text, role, rung, focus, stale } = this.look;
    if (focus && !line.focus) return false;
    if (stale && !this.app.choices.due.some((state) => line.states.includes(state.charAt(0))))
      return false;
    const at = role ? this.app.data.sets[line.set].indexOf(role) : -1;
    if (role && (at < 0 || !(rung ? line.rungs[at] === rung : OPEN_STATES.has(line.states[at]))))
      return false;
    if (!role && rung && !line.rungs.includes(rung)) return false;
    const key = plain(text);
    return (
      !key ||
      plain(`${line.name} ${line.industry} ${line.region} ${line.id}`).includes(key) ||
      this.people.has(line.id)
    );
  }

  refresh() {
    const { t, lines } = this.app;
    this.shown = [...lines.values()].filter((line) => this.fits(line)).sort(SORTS[this.look.sort]);
    this.count.textContent =
      this.shown.length === lines.size
        ? t("n_accounts", { n: lines.size.toLocaleString() })
        : t("n_of_accounts", {
            n: this.shown.length.toLocaleString(),
            all: lines.size.toLocaleString(),
          });
    this.inner.style.height = `${this.shown.length * ROW}px`;
    this.none.hidden = this.shown.length > 0;
    this.list.hidden = this.shown.length === 0;
    this.draw();
  }

  /**
   * Update one line; the order stays while somebody works in the list.
   * @param {Line} line
   */
  update(line) {
    const at = this.shown.findIndex((each) => each.id === line.id);
    if (at >= 0) this.shown[at] = line;
    const old = this.rows.find((row) => row.dataset.account === line.id);
    if (old) old.replaceWith(this.row(line, at));
    this.select();
  }

  /** The rows in view. */
  get rows() {
    return /** @type {HTMLElement[]} */ ([...this.inner.children]);
  }

  draw() {
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW) - 4);
    const last = Math.min(
      this.shown.length,
      first + Math.ceil((this.list.clientHeight || 600) / ROW) + 8,
    );
    this.inner.replaceChildren(
      ...this.shown.slice(first, last).map((line, i) => this.row(line, first + i)),
    );
    this.select();
  }

  /** Mark the open account without drawing the rows again. */
  select() {
    this.list.removeAttribute("aria-activedescendant");
    for (const row of this.rows) {
      const here = row.dataset.account === this.app.going?.account;
      if (here !== (row.ariaSelected === "true")) row.ariaSelected = String(here);
      if (here) this.list.setAttribute("aria-activedescendant", row.id);
    }
  }

  /**
   * Up to `n` accounts, the likeliest to be opened first: the next one, those in view, then the list.
   * @param {number} most
   */
  likely(most) {
    const first = Math.floor(this.list.scrollTop / ROW);
    const last = Math.ceil((this.list.scrollTop + this.list.clientHeight) / ROW);
    const listed = [...this.shown.slice(first, last), ...this.shown.slice(0, most)].map(
      (line) => line.id,
    );
    const next = this.neighbour(1);
    return [...new Set(next ? [next, ...listed] : listed)].slice(0, most);
  }

  /**
   * @param {Line} line
   * @param {number} i
   */
  row(line, i) {
    const { t } = this.app;
    const known = knownSlots(line);
    const all = required(line);
    const bars = h(
      "span",
      { class: "bars", "aria-hidden": "true" },
      [...line.rungs].map((mark) => h("i", { class: `r${mark}` })),
    );
    const node = h(
      "div",
      {
        class: "line",
        role: "option",
        id: `${this.app.id}-a${i}`,
        "aria-selected": "false",
        "aria-setsize": this.shown.length,
        "aria-posinset": i + 1,
        "data-account": line.id,
        "aria-label": [
          line.name,
          t("known_of", { known, all }),
          line.focus && t("focus"),
          line.must_win && t("must_win"),
        ]
          .filter(Boolean)
          .join(", "),
        onclick: () => this.open(line.id),
        onpointerenter: () => this.app.pages.ahead([line.id]),
      },
      h(
        "span",
        { class: "name" },
        line.must_win && h("span", { class: "must-win", "aria-hidden": "true" }, "◆"),
        line.focus && h("span", { class: "star", "aria-hidden": "true" }, "★"),
        line.name,
      ),
      h("span", { class: "of" }, `${known}/${all}`),
      bars,
    );
    node.style.top = `${i * ROW}px`;
    return node;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    this.step(steps[event.key]);
  }

  /**
   * Open the account that is `by` places further on.
   * @param {number} by
   */
  step(by) {
    if (!this.shown.length) return;
    const at = this.shown.findIndex((line) => line.id === this.app.going?.account);
    const to = Math.max(0, Math.min(this.shown.length - 1, at < 0 ? 0 : at + by));
    const top = to * ROW;
    if (top < this.list.scrollTop) this.list.scrollTop = top;
    if (top + ROW > this.list.scrollTop + this.list.clientHeight)
      this.list.scrollTop = top + ROW - this.list.clientHeight;
    this.open(this.shown[to].id);
  }

  /**
   * The account that is `by` places further on, if there is one.
   * @param {number} by
   */
  neighbour(by) {
    const at = this.shown.findIndex((line) => line.id === this.app.going?.account);
    return at < 0 ? undefined : this.shown[at + by]?.id;
  }

  /** @param {string} account */
  open(account) {
    this.app.openAccount(account);
  }
}
