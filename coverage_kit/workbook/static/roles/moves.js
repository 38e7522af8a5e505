// The order of the roles of a list: by band, and within a band as the coach puts them.

/** @import { RoleForm } from "../messages.d.ts" */
/** @import { Way } from "./app.js" */

/**
 * The roles of one band, in order.
 * @param {RoleForm[]} roles
 * @param {string} level
 */
export function inBand(roles, level) {
  return roles.filter((role) => role.level === level);
}

/**
 * The roles after one of them moved: `left` or `right` in its band, `up` or `down` to the end of the next band.
 * @param {RoleForm[]} roles
 * @param {string} key
 * @param {Way} way
 * @param {string[]} levels
 */
export function moved(roles, key, way, levels) {
  const role = roles.find((each) => each.key === key);
  if (!role) return roles;
  if (way === "up" || way === "down") {
    const level = levels[levels.indexOf(role.level) + (way === "up" ? -1 : 1)];
    return level ? placed(roles, key, level) : roles;
  }
  const band = inBand(roles, role.level);
  const at = band.indexOf(role);
  const other = band[at + (way === "left" ? -1 : 1)];
  if (!other) return roles;
  return roles.map((each) => (each === role ? other : each === other ? role : each));
}

/**
 * The roles after one was put into a band: before another one, or at the end.
 * @param {RoleForm[]} roles
 * @param {string} key
 * @param {string} level
 * @param {string | null} before
 */
export function placed(roles, key, level, before = null) {
  const role = roles.find((each) => each.key === key);
  if (!role) return roles;
  const others = roles.filter((each) => each.key !== key);
  const at = before === null ? others.length : others.findIndex((each) => each.key === before);
  return [...others.slice(0, at), { ...role, level }, ...others.slice(at)];
}
