// The relationship picture: required roles by function and level, who is known and how they stand, who of ours meets them.
import { SIGNS, button, h } from "./dom.js";

const LEVELS = ["executive", "manager", "practitioner"];
const SVG = "http://www.w3.org/2000/svg";

export function buildPicture(app, page) {
  const { t } = app;
  const roles = app.data.roles;
  const functions = [...new Set(page.seats.map((seat) => roles[seat.role].function))];
  const cell = (level, name) => {
    const seats = page.seats.filter((seat) => roles[seat.role].level === level && roles[seat.role].function === name);
    return h("td", {}, seats.map((seat) => node(app, seat, meets(seat))));
  };
  const meets = (seat) => (seat.rung > 0 && app.isWithUs(seat.representative) ? seat.representative : null);
  const ours = [...new Set(page.seats.map(meets).filter(Boolean))];
  const show = (id) => {
    for (const each of us.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each.dataset.staff === id && each.getAttribute("aria-pressed") !== "true"));
    drawTies(box, lines);
  };
  const us = h("ul", { class: "ours-list", "aria-label": t("ours_here") },
    ours.map((id) => h("li", {}, button(app.staffName(id), () => show(id), { class: "ours-node", "data-staff": id, "aria-pressed": "false" }))),
    ours.length ? null : h("li", { class: "quiet" }, t("nobody_of_ours")));
  const table = h("table", { class: "picture" }, h("caption", { class: "sr" }, t("picture_of", { account: page.account.name })),
    h("thead", {}, h("tr", {}, h("td", {}), functions.map((name) => h("th", { scope: "col" }, app.functionName(name))))),
    h("tbody", {}, LEVELS.filter((level) => page.seats.some((seat) => roles[seat.role].level === level))
      .map((level) => h("tr", {}, h("th", { scope: "row" }, t(`level_${level}`)), functions.map((name) => cell(level, name))))));
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("class", "ties");
  lines.setAttribute("aria-hidden", "true");
  const box = h("div", { class: "picture-box" }, lines, h("div", { class: "ours-side" }, h("h3", {}, t("ours_here")), us), h("div", { class: "picture-side", tabIndex: 0, role: "group", "aria-label": t("picture_of", { account: page.account.name }) }, table));
  new ResizeObserver(() => drawTies(box, lines)).observe(box);
  return box;
}

function node(app, seat, met) {
  const { t } = app;
  const known = seat.rung > 0 && seat.holder;
  const mood = known && seat.disposition && !app.discreet ? h("span", { class: `sign ${seat.disposition}` }, h("span", { "aria-hidden": "true" }, SIGNS[seat.disposition]), ` ${t(seat.disposition)}`) : null;
  const who = known ? seat.holder.name ?? t("erased") : seat.status === "open" ? t("rung_0") : t(seat.status);
  return h("div", { class: `node ${known ? "known" : "unknown"} ${seat.rung >= 2 ? "checked" : ""}`, "data-rep": met },
    h("span", { class: "quiet" }, app.roleTitle(seat.role)), h("b", {}, who), mood, met && h("span", { class: "met" }, h("span", { "aria-hidden": "true" }, "↔ "), h("span", { class: "sr" }, t("met_by", { name: "" })), app.staffName(met)));
}

/** Lines from the colleague that is chosen to those they meet; nobody chosen, no lines. */
function drawTies(box, lines) {
  const frame = box.getBoundingClientRect();
  const from = box.querySelector('.ours-node[aria-pressed="true"]');
  lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  const own = [...box.querySelectorAll(".node")].filter((each) => {
    const tied = from !== null && each.dataset.rep === from.dataset.staff;
    each.classList.toggle("apart", from !== null && !tied);
    return tied;
  });
  lines.replaceChildren(...own.map((to) => {
    const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
    const [x1, y1, x2, y2] = [a.right - frame.left, a.top + a.height / 2 - frame.top, b.left - frame.left, b.top + b.height / 2 - frame.top];
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${x1},${y1} C${x1 + 40},${y1} ${x2 - 40},${y2} ${x2},${y2}`);
    return path;
  }));
}
