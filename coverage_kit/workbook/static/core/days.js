// Days as people write them: "12월 4일", "4 Dec"; with the year where it is another one.

/** @import { Language } from "./types.d.ts" */

/** @param {Language} lang */
const locale = (lang) => (lang === "en" ? "en-GB" : lang);

/**
 * @param {Language} lang
 * @param {string} iso
 * @param {string} today
 */
export function dayName(lang, iso, today) {
  const year = iso.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
  const form = new Intl.DateTimeFormat(locale(lang), {
    year,
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
  return form.format(new Date(`${iso}T00:00:00Z`));
}
