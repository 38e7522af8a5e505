// The names of weeks.

/** A week as people name it. */
export function weekName(t, { week, from, to }) {
  const [year, number] = week.split("-W");
  const day = (iso) => `${Number(iso.slice(5, 7))}.${Number(iso.slice(8))}`;
  return t("start_week", { year, n: Number(number), from: day(from), to: day(to) });
}
