// A commitment in one sentence: who, by when, over which route, what; all filled in, everything can be changed.
import { button, choice, dayField, h, openDialog } from "./dom.js";

const ROUTES = ["in_person", "phone", "digital", "partner", "event", "referral"];

export async function openDraft(app, seat, add) {
  const { t } = app;
  const first = await app.talk.ask("draft", seat);
  if (first.kind !== "draft") { app.say(app.errorText(first), "problem"); return; }
  const sentence = h("p", { class: "sentence", role: "status" }, first.sentence[app.lang]);
  const changes = {};
  const show = async () => {
    const answer = await app.talk.ask("draft", { ...seat, ...changes });
    if (answer.kind === "draft") sentence.textContent = answer.sentence[app.lang];
  };
  const set = (key) => (value) => { changes[key] = value; show(); };
  const staff = app.data.staff.filter((each) => !each.gone).map((each) => [each.id, `${each.name} (${t(`function_of_${each.function}`)})`]);
  const due = dayField(t("due_on"), first.due_on, t);
  due.text.addEventListener("input", () => { if (/^\d{4}-\d{2}-\d{2}$/.test(due.value)) set("due_on")(due.value); });
  const action = h("input", { type: "text", maxlength: 200, value: first.action, "aria-label": t("what_exactly"), placeholder: t("what_exactly_hint"), autocomplete: "off", onchange: () => set("action")(action.value.trim()) });
  const field = (label, node) => h("div", { class: "field" }, h("span", { class: "label" }, label), node);
  const dialog = openDialog(app.root, t("commitment"), [
    sentence, first.move[app.lang] ? h("p", { class: "quiet" }, t("how_to", { move: first.move[app.lang] })) : null,
    field(t("owner"), choice(t("owner"), staff, first.owner, set("owner"))), field(t("due_on"), due.node),
    field(t("route"), choice(t("route"), ROUTES.map((route) => [route, t(`route_${route}`)]), first.route, set("route"), "–")), field(t("what_exactly"), action)],
  { kind: "wide", actions: [h("span", { class: "grow" }), button(t("cancel"), () => dialog.close()), button(t("take_on"), () => { if (action.value.trim() !== first.action) changes.action = action.value.trim(); dialog.close(); add(changes); }, { class: "primary" })] });
  dialog.dataset.ready = "true";
}
