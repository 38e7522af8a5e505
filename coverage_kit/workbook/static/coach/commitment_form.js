// A commitment in one sentence: owner, due day, route, action. Defaults are filled in and can be changed.
import { openDialog } from "../core/dialogs.js";
import { button, choice, dayField, h, labelled } from "../core/dom.js";
import { DraftForm } from "../core/draft_fields.js";

/** @import { ActBody, Option } from "../core/types.d.ts" */
/** @import { CoachApp } from "./coach.js" */

/**
 * `name` is the account's; `add(changes, done)` saves the commitment and then calls `done`.
 * @param {CoachApp} app
 * @param {{ account: string, role: string, rep: string }} slot
 * @param {string} name
 * @param {(changes: ActBody<"commit">, done: () => void) => void} add
 */
export async function openDraft(app, slot, name, add) {
  const { t } = app;
  const session = app.session?.id ?? "";
  const form = new DraftForm(app, [session, `${slot.account} ${slot.role}`, "commitment"]);
  const ask = () => app.connection.ask("draft", { ...slot, ...form.values });
  const first = await app.connection.ask("draft", slot);
  const begun = form.isEmpty ? first : await ask();
  if (first.kind !== "draft") return app.showProblem(first);
  if (begun.kind !== "draft") return app.showProblem(begun);
  const sentence = h("p", { class: "sentence", role: "status" }, begun.sentence[app.lang]);
  const show = async () => {
    const response = await ask();
    if (response.kind === "draft") sentence.textContent = response.sentence[app.lang];
  };
  /**
   * @param {"owner" | "due_on" | "route" | "action"} key
   * @param {string} value
   */
  const keep = (key, value) =>
    form.set(key, value === (first[key] ?? "") ? undefined : value, { ...slot, name });
  /** @param {"owner" | "due_on" | "route"} key */
  const set = (key) => (/** @type {string} */ value) => {
    keep(key, value);
    show();
  };
  /** @type {Option[]} */
  const staff = app.data.staff
    .filter((each) => !each.gone)
    .map((each) => [each.id, `${each.name} (${t(`function_of_${each.function}`)})`]);
  const due = dayField(t("due_on"), begun.due_on, t);
  due.text.addEventListener("input", () => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(due.value)) set("due_on")(due.value);
  });
  const action = h("input", {
    type: "text",
    maxlength: 200,
    value: begun.action,
    "aria-label": t("what_exactly"),
    placeholder: t("what_exactly_hint"),
    autocomplete: "off",
    onchange: show,
  });
  action.addEventListener("input", () => keep("action", action.value.trim()));
  const take = () => {
    dialog.close();
    add({ ...form.values, employment: first.employment }, () => {
      form.discard();
      app.showDrafts();
    });
  };
  const dialog = openDialog(
    app.root,
    t("commitment"),
    [
      sentence,
      begun.move[app.lang]
        ? h("p", { class: "quiet" }, t("how_to", { move: begun.move[app.lang] }))
        : null,
      labelled(t("owner"), choice(t("owner"), staff, begun.owner, set("owner"))),
      labelled(t("due_on"), due.node),
      labelled(
        t("route"),
        choice(
          t("route"),
          app.options(app.choices.route, "route_"),
          begun.route,
          set("route"),
          "–",
        ),
      ),
      labelled(t("what_exactly"), action),
      h("p", { class: "quiet" }, t("kept_note")),
    ],
    {
      kind: "wide",
      actions: [
        button(
          t("discard"),
          () => {
            form.discard();
            dialog.close();
          },
          { class: "link" },
        ),
        h("span", { class: "grow" }),
        button(t("take_on"), take, { class: "primary" }),
      ],
    },
  );
  dialog.addEventListener("close", () => app.showDrafts());
  dialog.dataset.ready = "true";
}
