// Drafts of accounts that are no longer this rep's: shown with their text, to be copied or discarded.
import { button, h } from "./dom.js";

/** @import { AccountApp } from "./account_app.js" */
/** @import { Place } from "./types.d.ts" */

/**
 * The notice about drafts of accounts that were handed over; null if there are none.
 * @param {AccountApp} app
 */
export function handedOver(app) {
  const { t } = app;
  const places = app.drafts
    .places()
    .filter(
      (where) => app.drafts.get(...where)?.rep === app.data.rep.id && !app.lines.has(where[0]),
    );
  if (!places.length) return null;
  return h(
    "aside",
    { class: "kept-windows handed-over", "aria-label": t("handed_over_drafts") },
    h("p", {}, t("handed_over_lead")),
    h(
      "ul",
      {},
      places.map((where) => draft(app, where)),
    ),
  );
}

/**
 * @param {AccountApp} app
 * @param {Place} where
 */
function draft(app, where) {
  const { t } = app;
  const [account, role, field] = where;
  const kept = app.drafts.get(...where);
  const text = draftText(app, field, kept?.text ?? "");
  const about = [
    kept?.name ?? account,
    app.data.roles[role] ? app.roleTitle(role, account) : null,
    LABELS[field] ? t(LABELS[field]) : null,
  ];
  const label = about.filter(Boolean).join(" · ");
  const area = h("textarea", { readOnly: true, rows: 2, "aria-label": label });
  area.value = text;
  const copy = async () => {
    area.select();
    try {
      await navigator.clipboard.writeText(text);
      app.toasts.show(t("copied"));
    } catch {
      // The browser allows no copying: the text is selected, and the keys for copying work.
      area.focus();
    }
  };
  const discard = () => {
    app.drafts.keep(...where, null);
    app.render();
  };
  return h(
    "li",
    {},
    h("span", {}, label),
    area,
    button(t("copy_text"), copy, { "aria-label": `${t("copy_text")}: ${label}` }),
    button(t("discard"), discard, { class: "link", "aria-label": `${t("discard")}: ${label}` }),
  );
}

/** @type {Record<string, string>} */
const LABELS = {
  holder: "field_holder",
  grounds: "field_grounds",
  reason: "field_reason",
  heard: "did_voice",
  done: "did_voice_closed",
  new_title: "new_title",
  moved_to: "moved_to",
};

/**
 * A draft as text: of a person's card, each detail on a line of its own.
 * @param {AccountApp} app
 * @param {string} field
 * @param {string} text
 */
function draftText(app, field, text) {
  if (field !== "details") return text;
  const { about, ...typed } = JSON.parse(text);
  const lines = Object.entries(typed).map(([key, value]) => `${app.t(`detail_${key}`)}: ${value}`);
  return [about?.name, ...lines].filter(Boolean).join("\n");
}
