// The dialog for two people who changed the same field.
import { openDialog } from "./dialogs.js";
import { button, h, labelled, onEnter, table } from "./dom.js";
import { detailsOf } from "./drafts.js";

/** @import { ConflictResponse, FieldConflict } from "../messages.d.ts" */
/** @import { AccountApp } from "./account_app.js" */
/** @import { EditValue, Outgoing, ValueOf } from "./types.d.ts" */

/**
 * Which control of a slot's row shows a field, where the two have different names.
 * @type {Record<string, string>}
 */
const CONTROLS = {
  holder: "name",
  representative: "ours",
  verified: "check",
  vacant: "check",
  ended: "more",
  not_applicable: "more",
  proposed: "more",
};

/**
 * The control on the screen that an edit came from.
 * @param {AccountApp} app
 * @param {Outgoing} edit
 */
function fieldOf(app, { role, field = "holder", value }) {
  const control = field === "disposition" ? value : (CONTROLS[field] ?? field);
  return app.find(`${app.id}-${role}-${control}`);
}

/**
 * The same field was changed elsewhere: show before, mine and theirs, and ask. The typed text is kept in any case.
 * @param {AccountApp} app
 * @param {Outgoing} message
 * @param {ConflictResponse} response
 */
export function openConflict(app, message, response) {
  const { t } = app;
  const mine = message.text ?? "";
  /** @param {FieldConflict} each */
  const wanted = ({ field, mine: value }) =>
    message.field === "untie" ? t("taken_out") : app.valueText(field, value);
  const rows = response.fields.map((each) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, app.fieldName(each.field)),
      h("td", {}, app.valueText(each.field, each.before)),
      h("td", { class: "mine" }, wanted(each)),
      h("td", {}, app.valueText(each.field, each.theirs)),
    ),
  );
  const heads = ["", t("before"), t("mine"), t("theirs")];
  const theirs = response.fields.find((each) => each.field === message.field)?.theirs ?? "";
  // Never apply an opinion about one person to their successor.
  const person =
    message.role && message.field !== "holder"
      ? response.fields.find(({ field, mine: value }) => field === "holder" && value)
      : undefined;
  const merged =
    message.field === "grounds" && !person
      ? h("input", {
          type: "text",
          maxlength: 300,
          value: [theirs, mine].filter(Boolean).join(" / "),
          "aria-label": t("merged"),
        })
      : null;
  /** A person's details are sent with the version that was seen of the person or the employment. */
  const onTop = () => {
    const { seen } = detailsOf(message.value);
    if (!seen) return message.value;
    const known = { ...seen, [response.entity]: response.version };
    return { ...detailsOf(message.value), seen: known };
  };
  /**
   * @param {EditValue} value
   * @param {string} text
   */
  const send = (value, text) => {
    const { role = "", field = "holder", account } = message;
    app.drafts.forget(message, response.version);
    app.showDrafts();
    const again = /** @type {ValueOf<typeof field>} */ (value);
    app.save(role, field, again, text, account, response.version);
  };
  /** @param {() => void} act */
  const choose = (act) => {
    act();
    dialog.close();
  };
  const leave = () => {
    app.drafts.forget(message);
    app.showDrafts();
    app.refresh();
    app.toasts.show(
      t(message.role ? "theirs_stands" : "theirs_stands_person"),
      "done",
      person ? [] : [[t("mine_after_all"), () => send(onTop(), mine)]],
    );
  };
  const both = () => {
    const text = merged?.value.trim() ?? "";
    choose(() => send(text, text));
  };
  if (merged) onEnter(merged, both);
  const dialog = openDialog(
    app.root,
    t("conflict_title", { by: app.staffName(response.by) }),
    [
      h(
        "p",
        {},
        person
          ? t("slot_went_on", { mine: person.mine, theirs: person.theirs ?? t("nobody_yet") })
          : t("conflict_note"),
      ),
      table("three", null, heads, rows),
      merged && labelled(t("merged"), merged),
    ],
    {
      kind: "wide",
      returnTo: () => fieldOf(app, message),
      actions: [
        button(t("keep_theirs"), () => choose(leave)),
        h("span", { class: "grow" }),
        merged && button(t("save_merged"), both),
        !person &&
          button(t("keep_mine"), () => choose(() => send(onTop(), mine)), {
            class: "primary",
          }),
      ],
    },
  );
}
