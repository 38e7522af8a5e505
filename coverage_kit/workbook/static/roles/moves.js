// The order of the roles of a list: by band, and within a band as the coach puts them.

/** The roles of one band, in order. */
export function inBand(roles, level) {
  return roles.filter((role) => role.level === level);
}

/**
 * The roles after one of them moved: `left` or `right` in its band, `up` or `down` to the end of the next band.
 */
export function moved(roles, key, way, levels) {
  const role = roles.find((each) => each.key === key);
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

/** The roles after one was put into a band: before another one, or at the end. */
export function placed(roles, key, level, before = null) {
  const role = { ...roles.find((each) => each.key === key), level };
  const others = roles.filter((each) => each.key !== key);
  const at = before === null ? others.length : others.findIndex((each) => each.key === before);
  return [...others.slice(0, at), role, ...others.slice(at)];
}
