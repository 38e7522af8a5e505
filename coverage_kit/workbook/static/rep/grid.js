// The slots of one account: one row per required role, edited in place.
import { h } from "../core/dom.js";
import { SlotRow } from "./slot_row.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { WholePage } from "../core/types.d.ts" */

export class SlotGrid {
  /**
   * @param {AccountApp} app
   * @param {WholePage} page
   */
  constructor(app, page) {
    this.app = app;
    const { t } = app;
    const heads = ["col_role", "col_name", "col_check", "col_ours", "col_mood"].map((key) =>
      h("th", { scope: "col" }, t(key)),
    );
    this.rows = new Map(page.slots.map((slot) => [slot.role, new SlotRow(app, slot)]));
    this.lang = app.lang;
    this.named = [
      h("caption", { class: "sr" }, t("slots_of", { account: page.account.name })),
      h("legend", { class: "sr" }, t("slots_of", { account: page.account.name })),
    ];
    const table = h(
      "table",
      { class: "slots" },
      this.named[0],
      h(
        "thead",
        {},
        h("tr", {}, heads, h("th", { scope: "col" }, h("span", { class: "sr" }, t("col_more")))),
      ),
      h(
        "tbody",
        {},
        [...this.rows.values()].map((row) => row.node),
      ),
    );
    this.node = h(
      "fieldset",
      { class: "plain", disabled: app.week !== null },
      this.named[1],
      table,
    );
  }

  /**
   * Show the slots as they are now; `roles` names those that have changed, all by default.
   * @param {WholePage} page
   * @param {Set<string> | null} roles
   */
  update(page, roles = null) {
    for (const slot of page.slots)
      if (!roles || roles.has(slot.role)) this.rows.get(slot.role)?.update(slot);
    this.mark();
  }

  /**
   * Whether these rows can show another account too: the same roles, in the same language.
   * @param {WholePage} page
   */
  fits(page) {
    return (
      this.lang === this.app.lang &&
      page.slots.length === this.rows.size &&
      page.slots.every((slot) => this.rows.get(slot.role)?.fits(slot))
    );
  }

  /**
   * Show another account in the same rows.
   * @param {WholePage} page
   */
  showPage(page) {
    this.node.disabled = this.app.week !== null;
    for (const text of this.named)
      text.textContent = this.app.t("slots_of", { account: page.account.name });
    for (const row of this.rows.values()) {
      row.name.hide();
      row.grounds.value = "";
    }
    this.update(page);
  }

  mark() {
    for (const row of this.rows.values()) row.mark();
  }
}
