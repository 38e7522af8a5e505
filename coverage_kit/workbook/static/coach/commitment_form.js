// A commitment in one sentence: owner, due day, route, action. Defaults are filled in and can be changed.
import { openDialog } from "../core/dialogs.js";
import { button, choice, dayField, h } from "../core/dom.js";
import { DraftForm } from "../core/draft_fields.js";

/** `name` is the account's; `add(changes, done)` saves the commitment and then calls `done`. */
export async function openDraft(app, slot, name, add) {
  const { t } = app;
  const form = new DraftForm(app, [app.session.id, `${slot.account} ${slot.role}`, "commitment"]);
  const changes = () => {
    const { about, ...rest } = form.values;
    return rest;
  };
  const first = await app.connection.ask("draft", slot);
  const begun = form.isEmpty ? first : await app.connection.ask("draft", { ...slot, ...changes() });
  const failed = [first, begun].find((response) => response.kind !== "draft");
  if (failed) {
    app.toasts.show(app.errorText(failed), "problem");
    return;
  }
  const sentence = h("p", { class: "sentence", role: "status" }, begun.sentence[app.lang]);
  const show = async () => {
    const response = await app.connection.ask("draft", { ...slot, ...changes() });
    if (response.kind === "draft") sentence.textContent = response.sentence[app.lang];
  };
  const keep = (key, value) => {
    form.set("about", { ...slot, name });
    form.set(key, value === (first[key] ?? "") ? undefined : value);
    if (!Object.keys(changes()).length) form.discard();
  };
  const set = (key) => (value) => {
    keep(key, value);
    show();
  };
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
  const field = (label, node) =>
    h("div", { class: "field" }, h("span", { class: "label" }, label), node);
  const take = () => {
    dialog.close();
    add({ ...changes(), employment: first.employment }, () => {
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
      field(t("owner"), choice(t("owner"), staff, begun.owner, set("owner"))),
      field(t("due_on"), due.node),
      field(
        t("route"),
        choice(
          t("route"),
          app.choices.route.map((route) => [route, t(`route_${route}`)]),
          begun.route,
          set("route"),
          "–",
        ),
      ),
      field(t("what_exactly"), action),
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
