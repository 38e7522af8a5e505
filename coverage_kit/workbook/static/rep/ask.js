// Questions before an edit is sent: which of several people of one name, and how a person stands in several positions.
import { openDialog } from "../core/dialogs.js";
import { button, h } from "../core/dom.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { ContactView, PersonView, SlotView } from "../messages.d.ts" */

/**
 * Ask which of several people of one name is meant, or whether it is somebody else (null).
 * @param {AccountApp} app
 * @param {string} name
 * @param {ContactView[]} same
 * @param {(person: string | null) => void} choose
 */
export function askWho(app, name, same, choose) {
  const { t } = app;
  // The field is left while the question opens; it asks once.
  if (app.root.querySelector("dialog[open]")) return;
  /** @param {string | null} person */
  const take = (person) => {
    dialog.close();
    choose(person);
  };
  const people = same.map((each) =>
    button(
      [
        h("b", {}, each.name ?? ""),
        h(
          "span",
          { class: "quiet" },
          [each.title, each.department, each.phone].filter(Boolean).join(" · ") ||
            t("no_details_yet"),
        ),
        each.roles.length > 0 &&
          h("span", { class: "chip" }, each.roles.map((role) => app.roleTitle(role)).join(", ")),
      ],
      () => take(each.person),
      { class: "which", "data-person": each.person },
    ),
  );
  const other = button(t("somebody_else", { name }), () => take(null), {
    class: "which",
    "data-person": "",
  });
  const dialog = openDialog(
    app.root,
    t("which_of_them", { name }),
    h("div", { class: "which-list" }, people, other),
    { actions: [h("span", { class: "grow" }), button(t("cancel"), () => dialog.close())] },
  );
  people[0]?.focus();
}

/**
 * Ask whether a person stands the same everywhere at this account, or in this position alone.
 * @param {AccountApp} app
 * @param {SlotView & { holder: PersonView }} slot
 * @param {string} value
 * @param {SlotView[]} differs the person's other positions, where something else is written
 */
export function askWhere(app, slot, value, differs) {
  const { t } = app;
  /** @param {string[]} roles */
  const take = (roles) => {
    dialog.close();
    for (const role of roles) app.save(role, "disposition", value);
  };
  const elsewhere = differs
    .map(({ role, disposition }) => `${app.roleTitle(role)}: ${t(disposition ?? "")}`)
    .join(", ");
  const everywhere = button(
    t("stands_everywhere", { disposition: t(value) }),
    () => take([slot.role, ...differs.map(({ role }) => role)]),
    { class: "primary", "data-key": "everywhere" },
  );
  const dialog = openDialog(
    app.root,
    t("stands_otherwise", { name: app.addressed(slot.holder) }),
    h("p", {}, elsewhere),
    {
      actions: [
        button(t("cancel"), () => dialog.close()),
        h("span", { class: "grow" }),
        button(t("stands_here_only", { role: app.roleTitle(slot.role) }), () => take([slot.role]), {
          "data-key": "here-only",
        }),
        everywhere,
      ],
    },
  );
  everywhere.focus();
}
