// People's names with their titles: as they are addressed in sentences, and as they are called in lists and headings.

/** @import { Language } from "./types.d.ts" */

/**
 * A person as sentences name them: a Korean title takes 님, a foreign one stands in brackets.
 * @param {Language} lang
 * @param {string} name
 * @param {string | null} [title]
 */
export function addressed(lang, name, title) {
  if (lang !== "ko") return nameWithTitle(name, title);
  if (!title) return `${name} 님`;
  return isKorean(title) ? `${name} ${title}님` : `${name} 님 (${title})`;
}

/**
 * A person as lists and headings name them: a Korean title stands behind the name, a foreign one in brackets.
 * @param {string} name
 * @param {string | null} [title]
 */
export function nameWithTitle(name, title) {
  if (!title) return name;
  return isKorean(title) ? `${name} ${title}` : `${name} (${title})`;
}

/** @param {string} title */
function isKorean(title) {
  return /[가-힣]$/.test(title);
}
