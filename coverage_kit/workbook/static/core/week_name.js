// The names of weeks.

/** @import { Translate } from "./types.d.ts" */
/** @import { WeekView } from "../messages.d.ts" */

/**
 * A week as people name it.
 * @param {Translate} t
 * @param {WeekView} week
 */
export function weekName(t, { week, from, to }) {
  const [year, number] = week.split("-W");
  /** @param {string} iso */
  const day = (iso) => `${Number(iso.slice(5, 7))}.${Number(iso.slice(8))}`;
  return t("week_name", { year, n: Number(number), from: day(from), to: day(to) });
}
