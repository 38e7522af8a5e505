// Fields and dialogs whose text stays a draft until it is saved or discarded.
import { button, h, onEnter, onLeave } from "./dom.js";

/** The changed values of a dialog, kept as one draft at `where` ([account or session, role or person, field]). */
export class DraftForm {
  constructor(app, where) {
    this.app = app;
    this.where = where;
    this.values = JSON.parse(app.drafts.at(where[0], where[1])[where[2]] ?? "{}");
  }

  get isEmpty() {
    return !Object.keys(this.values).length;
  }

  set(key, value) {
    if (value === undefined) delete this.values[key];
    else this.values[key] = value;
    this.app.drafts.keep(...this.where, this.isEmpty ? null : JSON.stringify(this.values));
  }

  discard() {
    this.values = {};
    this.app.drafts.keep(...this.where, null);
  }
}

/** Keep the text of a field as a draft while it is typed; unsaved text has a dashed edge. */
export function draftField(app, where, input, saved = "") {
  const look = () => input.classList.toggle("unsaved", input.value.trim() !== saved);
  input.value = app.drafts.at(where[0], where[1])[where[2]] ?? saved;
  input.addEventListener("input", () => {
    app.drafts.keep(...where, input.value.trim() === saved ? null : input.value);
    look();
  });
  look();
  return input;
}

/** One line that is sent when its field is left. A draft of an earlier page has buttons. `send` resolves to whether it was saved. */
export function draftLine(app, where, saved, { label, caption, hint = "", key, send }) {
  const { t } = app;
  const input = draftField(
    app,
    where,
    h("input", {
      type: "text",
      maxlength: 300,
      "aria-label": label,
      placeholder: hint,
      autocomplete: "off",
      "data-key": key,
    }),
    saved,
  );
  const save = async () => {
    const said = input.value.trim();
    if (said === saved) return;
    if ((await send(said)) && app.drafts.get(...where)?.text.trim() === said)
      app.drafts.keep(...where, null);
  };
  const discard = () => {
    app.drafts.keep(...where, null);
    app.render();
  };
  // Not the event "change": the browser sends it also when a field is drawn again, with half a text in it.
  onLeave(input, (to) => {
    if (!to?.matches("[data-act=discard]")) save();
  });
  onEnter(input, save);
  const kept =
    input.value.trim() !== saved
      ? h(
          "span",
          { class: "kept-acts" },
          button(t("save_details"), save, {
            class: "link",
            "aria-label": `${t("save_details")}: ${label}`,
          }),
          button(t("discard"), discard, {
            class: "link",
            "data-act": "discard",
            "aria-label": `${t("discard")}: ${label}`,
          }),
        )
      : null;
  return h("div", { class: "field" }, h("span", { class: "label" }, caption), input, kept);
}

/** The dialogs of a session with drafts: continue each, or discard it. */
export function draftWindows(app) {
  const { t } = app;
  const found = app.drafts
    .places()
    .filter(
      ([first, , field]) =>
        (field === "commitment" && first === app.session.id) ||
        (field === "details" && app.lines.has(first)),
    );
  if (!found.length || app.session.step === "closed") return null;
  const rows = found.map((where) => {
    const form = new DraftForm(app, where);
    const { about } = form.values;
    const label = t(`kept_${where[2]}`, {
      about: [
        about.name,
        where[2] === "commitment" ? app.roleTitle(about.role, about.account) : null,
      ]
        .filter(Boolean)
        .join(" · "),
    });
    const on =
      where[2] === "commitment"
        ? () => app.openCommitment(about.role, about.account, about.rep)
        : () => app.showCard(where[0], where[1]);
    return h(
      "li",
      {},
      h("span", {}, label),
      h("span", { class: "grow" }),
      button(t("go_on"), on, { "aria-label": `${t("go_on")}: ${label}` }),
      button(
        t("discard"),
        () => {
          form.discard();
          app.render();
        },
        { class: "link", "aria-label": `${t("discard")}: ${label}` },
      ),
    );
  });
  return h("aside", { class: "kept-windows", "aria-label": t("kept_windows") }, h("ul", {}, rows));
}
