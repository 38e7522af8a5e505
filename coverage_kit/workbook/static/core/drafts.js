// What was begun in a window and neither sent nor thrown away: kept by this browser over a reload, and offered again.
import { button, h, onEnter } from "./dom.js";

/** What is being changed in a window, kept under three words; empty it is gone. */
export class KeptForm {
  constructor(app, where) {
    this.app = app;
    this.where = where;
    this.values = JSON.parse(app.draftsAt(where[0], where[1])[where[2]] ?? "{}");
  }

  get isEmpty() {
    return !Object.keys(this.values).length;
  }

  set(key, value) {
    if (value === undefined) delete this.values[key];
    else this.values[key] = value;
    this.app.keepDraftAt(...this.where, this.isEmpty ? null : JSON.stringify(this.values));
  }

  discard() {
    this.values = {};
    this.app.keepDraftAt(...this.where, null);
  }
}

/** A field whose text is kept as it is typed; what is not sent yet has a dashed edge. */
export function keptText(app, where, input, saved = "") {
  const look = () => input.classList.toggle("unsaved", input.value.trim() !== saved);
  input.value = app.draftsAt(where[0], where[1])[where[2]] ?? saved;
  input.addEventListener("input", () => {
    app.keepDraftAt(...where, input.value.trim() === saved ? null : input.value);
    look();
  });
  look();
  return input;
}

/**
 * One line that is sent when its field is left; what an earlier page kept is sent or thrown away by a button. `send` says
 * whether it was taken.
 */
export function keptLine(app, where, saved, { label, caption, hint = "", key, send }) {
  const { t } = app;
  const input = keptText(
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
    // What was typed on meanwhile is kept.
    if ((await send(said)) && app.drafts[where.join("|")]?.text.trim() === said)
      app.keepDraftAt(...where, null);
  };
  const discard = () => {
    app.keepDraftAt(...where, null);
    app.render();
  };
  input.addEventListener("change", save);
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
            "aria-label": `${t("discard")}: ${label}`,
          }),
        )
      : null;
  return h("div", { class: "field" }, h("span", { class: "label" }, caption), input, kept);
}

/** Windows of this session that were left half-way: go on with each, or throw it away. */
export function keptWindows(app) {
  const { t } = app;
  const found = Object.keys(app.drafts)
    .map((key) => key.split("|"))
    .filter(
      ([first, , field]) =>
        (field === "commitment" && first === app.session.id) ||
        (field === "details" && app.lines.has(first)),
    );
  if (!found.length || app.session.step === "closed") return null;
  const rows = found.map((where) => {
    const form = new KeptForm(app, where);
    const { about } = form.values;
    const label = t(`kept_${where[2]}`, {
      about: [about.name, where[2] === "commitment" ? app.roleTitle(about.role) : null]
        .filter(Boolean)
        .join(" · "),
    });
    const on =
      where[2] === "commitment"
        ? () => app.promise(about.role, about.account, about.rep)
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
