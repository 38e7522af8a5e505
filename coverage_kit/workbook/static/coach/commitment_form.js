// A commitment in one sentence: who, by when, over which route, what; all filled in, everything can be changed.
import { button, choice, dayField, h, openDialog } from "../core/dom.js";
import { KeptForm } from "../core/drafts.js";

const ROUTES = ["in_person", "phone", "digital", "partner", "event", "referral"];

/** `name` is the account's; `add(changes, done)` takes the commitment on and calls `done` once that is saved. */
export async function openDraft(app, slot, name, add) {
  const { t } = app;
  const form = new KeptForm(app, [app.session.id, `${slot.account} ${slot.role}`, "commitment"]);
  const changes = () => {
    const { about, ...rest } = form.values;
    return rest;
  };
  const first = await app.talk.ask("draft", slot);
  const begun = form.isEmpty ? first : await app.talk.ask("draft", { ...slot, ...changes() });
  const failed = [first, begun].find((answer) => answer.kind !== "draft");
  if (failed) {
    app.say(app.errorText(failed), "problem");
    return;
  }
  const sentence = h("p", { class: "sentence", role: "status" }, begun.sentence[app.lang]);
  const show = async () => {
    const answer = await app.talk.ask("draft", { ...slot, ...changes() });
    if (answer.kind === "draft") sentence.textContent = answer.sentence[app.lang];
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
    add(changes(), () => {
      form.discard();
      app.showKept();
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
          ROUTES.map((route) => [route, t(`route_${route}`)]),
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
  dialog.addEventListener("close", () => app.showKept());
  dialog.dataset.ready = "true";
}
