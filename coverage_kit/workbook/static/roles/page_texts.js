// Texts of the lists that several parts of the page show.

/** @import { Bilingual } from "../messages.d.ts" */
/** @import { RolesApp } from "./app.js" */

/**
 * The title of a list in the chosen language, else in the other one.
 * @param {RolesApp} app
 * @param {{ title: Bilingual }} list
 */
export function titleOf(app, { title }) {
  return title[app.lang] || title.ko || title.en || app.t("lists_untitled");
}

/**
 * The problem of a field of the list in the middle, if the last preview found one.
 * @param {RolesApp} app
 * @param {string} where
 */
export function problemOf(app, where) {
  const found = app.preview?.problems.find(
    (each) => each.list === app.selected && each.where === where,
  );
  return found?.text[app.lang];
}

/**
 * The problem of a field, below it; the field names it by `id`.
 * @param {RolesApp} app
 * @param {string} where
 */
export function markOf(app, where) {
  const text = problemOf(app, where);
  const id = `${app.id}-problem-${where.replaceAll(".", "-")}`;
  return { text, id, field: text ? { "aria-invalid": "true", "aria-describedby": id } : {} };
}

/**
 * A key for a role or list of one's own: from its English title where there is one.
 * @param {string} title
 */
export function newKey(title) {
  const words = title.toLowerCase().match(/[a-z][a-z0-9]*/g) ?? [];
  const key = words.join("_").slice(0, 34);
  return key.length > 1 ? key : `own_${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
}
