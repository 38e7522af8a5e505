// Fields and dialogs whose text stays a draft until it is saved or discarded.
import { button, filled, h, onEnter, onLeave } from "./dom.js";

/** @import { CoachApp } from "../coach/coach.js" */
/** @import { SeenVersions, SessionView } from "../messages.d.ts" */
/** @import { AccountApp } from "./account_app.js" */
/** @import { Place } from "./types.d.ts" */

/**
 * What a form of drafts is about: the name of a person and the versions seen, or the slot of a commitment.
 * @typedef {{ name?: string | null, seen?: SeenVersions, role?: string, account?: string, rep?: string }} About
 */

/** The changed values of a dialog, kept as one draft. */
export class DraftForm {
  /**
   * @param {AccountApp} app
   * @param {Place} where
   */
  constructor(app, where) {
    this.app = app;
    this.where = where;
    const [account, role, field] = where;
    const { about = {}, ...values } = JSON.parse(app.drafts.at(account, role)[field] ?? "{}");
    /** @type {About} */
    this.about = about;
    /** @type {Record<string, string>} */
    this.values = values;
  }

  get isEmpty() {
    return !Object.keys(this.values).length;
  }

  /**
   * Keep a value, or remove it; `about` goes with them.
   * @param {string} key
   * @param {string | undefined} value
   * @param {About} about
   */
  set(key, value, about) {
    this.about = about;
    if (value === undefined) delete this.values[key];
    else this.values[key] = value;
    const text = JSON.stringify({ about, ...this.values });
    this.app.drafts.keep(...this.where, this.isEmpty ? null : text);
  }

  discard() {
    this.values = {};
    this.app.drafts.keep(...this.where, null);
  }
}

/**
 * Keep the text of a field as a draft while it is typed; unsaved text has a dashed edge.
 * @param {AccountApp} app
 * @param {Place} where
 * @param {HTMLInputElement} input
 */
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

/**
 * One line that is sent when its field is left. A draft of an earlier page has buttons. `send` resolves to whether
 * it was saved.
 * @param {AccountApp} app
 * @param {Place} where
 * @param {string} saved
 * @param {{
 *   label: string, caption: string, hint?: string, key: string,
 *   send: (said: string) => Promise<boolean> | false,
 * }} about
 */
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

/**
 * The dialogs of a session with drafts: continue each, or discard it.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
export function draftWindows(app, session) {
  const { t } = app;
  const found = app.drafts
    .places()
    .filter(
      ([first, , field]) =>
        (field === "commitment" && first === session.id) ||
        (field === "details" && app.lines.has(first)),
    );
  if (!found.length || session.step === "closed") return null;
  const rows = found.map((where) => {
    const form = new DraftForm(app, where);
    const { name, role = "", account = "", rep } = form.about;
    const isCommitment = where[2] === "commitment";
    const about = filled([name, isCommitment && app.roleTitle(role, account)]).join(" · ");
    const label = t(`kept_${where[2]}`, { about });
    const on = isCommitment
      ? () => app.openCommitment(role, account, rep)
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
