// The relationship picture: required roles by function and level, who is known and how they stand, who of ours meets
// them, and how they stand to each other; in words below it too.
import { signOf, toneOf } from "../core/dispositions.js";
import { button, findIn, h } from "../core/dom.js";
import { openPerson } from "./person.js";
import { layTies, svg } from "./tie_lines.js";
import { shownTies, tieLegend, tieList } from "./ties.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { Child, WholePage } from "../core/types.d.ts" */
/** @import { PersonView, SlotView, TieView } from "../messages.d.ts" */

/**
 * @param {AccountApp} app
 * @param {WholePage} page
 */
export function buildPicture(app, page) {
  const { t } = app;
  const view = h("div", { class: "picture-view" });
  const ties = shownTies(app);
  const us = ourSide(app, page, () => draw());
  const table = roleTable(app, page, ties);
  const reach = svg("svg", { class: "reach", "aria-hidden": "true" });
  const lines = svg("svg", { class: "ties", "aria-hidden": "true" });
  const sheet = h("div", { class: "picture-sheet" }, lines, table);
  sheet.style.minWidth = `${84 + 108 * functionsOf(app, page).length}px`;
  const side = h(
    "div",
    {
      class: "picture-side",
      tabIndex: 0,
      role: "group",
      "aria-label": t("picture_of", { account: page.account.name }),
    },
    sheet,
  );
  const box = h("div", { class: "picture-box" }, reach, us, side);
  const draw = () => {
    reachOf(box, reach);
    layTies(lines, nodesIn(sheet), ties);
  };
  const changed = () => {
    if (view.isConnected && app.page) view.replaceWith(buildPicture(app, app.page));
  };
  view.append(
    box,
    tieLegend(app),
    h(
      "section",
      { class: "tie-words" },
      h("h3", {}, t("ties")),
      ties.length ? tieList(app, ties, changed) : h("p", { class: "quiet" }, t("no_ties")),
    ),
  );
  side.addEventListener("scroll", () => reachOf(box, reach));
  for (const event of ["pointerover", "focusin", "pointerleave", "focusout"])
    sheet.addEventListener(event, ({ target, type }) =>
      single(
        lines,
        (type === "pointerover" || type === "focusin") && target instanceof Element
          ? target.closest(".node")?.getAttribute("data-employment")
          : null,
      ),
    );
  new ResizeObserver(draw).observe(box);
  return view;
}

/**
 * Our people who meet somebody here; one that is chosen shows whom.
 * @param {AccountApp} app
 * @param {WholePage} page
 * @param {() => void} chosen
 */
function ourSide(app, page, chosen) {
  const { t } = app;
  const ours = [...new Set(page.slots.flatMap((slot) => metBy(app, slot) ?? []))];
  /** @param {MouseEvent} event */
  const press = ({ currentTarget }) => {
    for (const each of list.querySelectorAll("button"))
      each.setAttribute(
        "aria-pressed",
        String(each === currentTarget && each.getAttribute("aria-pressed") !== "true"),
      );
    chosen();
  };
  const list = h(
    "ul",
    { class: "ours-list", "aria-label": t("ours_here") },
    ours.map((id) =>
      h(
        "li",
        {},
        button(app.staffName(id), press, {
          class: "ours-node",
          "data-staff": id,
          "aria-pressed": "false",
        }),
      ),
    ),
    ours.length ? null : h("li", { class: "quiet" }, t("nobody_of_ours")),
  );
  return h("div", { class: "ours-side" }, h("h3", {}, t("ours_here")), list);
}

/**
 * @param {AccountApp} app
 * @param {SlotView} slot
 */
function metBy(app, slot) {
  return (slot.rung ?? 0) > 0 && app.isWithUs(slot.representative) ? slot.representative : null;
}

/**
 * The functions of the account's roles, each once.
 * @param {AccountApp} app
 * @param {WholePage} page
 */
function functionsOf(app, page) {
  return [...new Set(page.slots.flatMap((slot) => app.roleOf(slot.role)?.function ?? []))];
}

/**
 * The people's places in the picture.
 * @param {HTMLElement} sheet
 */
function nodesIn(sheet) {
  return /** @type {HTMLElement[]} */ ([...sheet.querySelectorAll(".node")]);
}

/**
 * @param {AccountApp} app
 * @param {WholePage} page
 * @param {TieView[]} ties
 */
function roleTable(app, page, ties) {
  const { t } = app;
  const functions = functionsOf(app, page);
  const placed = page.slots.map((slot) => ({ slot, role: app.roleOf(slot.role) }));
  /**
   * @param {string} level
   * @param {string} name
   */
  const cell = (level, name) =>
    h(
      "td",
      {},
      placed
        .filter(({ role }) => role?.level === level && role.function === name)
        .map(({ slot }) => slotNode(app, slot)),
    );
  const rows = app.choices.level
    .filter((level) => placed.some(({ role }) => role?.level === level))
    .map((level) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, t(`level_${level}`)),
        functions.map((name) => cell(level, name)),
      ),
    );
  const holding = new Set(
    page.slots.filter((slot) => (slot.rung ?? 0) > 0).map((slot) => slot.holder?.employment),
  );
  const tied = new Set(ties.flatMap((tie) => [tie.source, tie.target]));
  const beside = page.people.filter(
    (person) => tied.has(person.employment) && !holding.has(person.employment),
  );
  if (beside.length)
    rows.push(
      h(
        "tr",
        {},
        h("th", { scope: "row" }, t("no_roles")),
        h(
          "td",
          { colspan: functions.length },
          h(
            "div",
            { class: "beside" },
            beside.map((person) => personNode(app, person, person.title ?? "")),
          ),
        ),
      ),
    );
  return h(
    "table",
    { class: "picture" },
    h("caption", { class: "sr" }, t("picture_of", { account: page.account.name })),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        functions.map((name) => h("th", { scope: "col" }, app.functionName(name))),
      ),
    ),
    h("tbody", {}, rows),
  );
}

/**
 * @param {AccountApp} app
 * @param {SlotView} slot
 */
function slotNode(app, slot) {
  const { t } = app;
  const title = app.roleTitle(slot.role);
  if (!slot.rung || !slot.holder)
    return h(
      "div",
      { class: "node unknown" },
      h("span", { class: "quiet" }, title),
      h("b", {}, slot.status === "open" ? t("rung_0") : t(slot.status)),
    );
  const met = metBy(app, slot);
  const mood =
    slot.disposition && !app.discreet
      ? h(
          "span",
          { class: `sign ${slot.disposition}`, style: toneOf(app, slot.disposition) },
          h("span", { "aria-hidden": "true" }, signOf(app, slot.disposition)),
          ` ${t(slot.disposition)}`,
        )
      : null;
  const node = personNode(
    app,
    slot.holder,
    title,
    mood,
    met &&
      h(
        "span",
        { class: "met" },
        h("span", { "aria-hidden": "true" }, "↔ "),
        h("span", { class: "sr" }, t("met_by", { name: "" })),
        app.staffName(met),
      ),
  );
  node.classList.toggle("checked", slot.rung >= 2);
  if (met) node.dataset.rep = met;
  return node;
}

/**
 * @param {AccountApp} app
 * @param {PersonView} person
 * @param {string} title
 * @param {Child[]} more
 */
function personNode(app, person, title, ...more) {
  const name = person.name ?? app.t("erased");
  return h(
    "div",
    { class: "node known", "data-employment": person.employment },
    h("span", { class: "quiet" }, title),
    button(name, () => openPerson(app, person.person), {
      class: "link",
      "data-key": `picture-${person.person}-${title}`,
      "aria-label": app.t("card_of", { name }),
    }),
    more,
  );
}

/**
 * Only the lines of one person, while the pointer or the focus is on them; all lines otherwise.
 * @param {SVGElement} lines
 * @param {string | null | undefined} employment
 */
function single(lines, employment) {
  for (const group of lines.children) {
    const ends = [group.getAttribute("data-source"), group.getAttribute("data-target")];
    group.classList.toggle("apart", Boolean(employment) && !ends.includes(employment ?? ""));
  }
}

/**
 * Lines from the colleague that is chosen to those they meet; nobody chosen, no lines.
 * @param {HTMLElement} box
 * @param {SVGElement} lines
 */
function reachOf(box, lines) {
  const frame = box.getBoundingClientRect();
  const from = findIn(box, '.ours-node[aria-pressed="true"]');
  lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  const own = nodesIn(box).filter((each) => {
    const tied = from !== null && each.dataset.rep === from.dataset.staff;
    each.classList.toggle("apart", from !== null && !tied);
    return tied;
  });
  lines.replaceChildren(
    ...own.map((to) => {
      const [a, b] = [(from ?? box).getBoundingClientRect(), to.getBoundingClientRect()];
      const [x, y] = [frame.left, frame.top];
      if (a.bottom < b.top && a.right > b.left) {
        const [x1, y1, x2, y2] = [
          a.left + a.width / 2 - x,
          a.bottom - y,
          b.left + b.width / 2 - x,
          b.top - y,
        ];
        return svg("path", { d: `M${x1},${y1} C${x1},${y1 + 30} ${x2},${y2 - 30} ${x2},${y2}` });
      }
      const [x1, y1, x2, y2] = [
        a.right - x,
        a.top + a.height / 2 - y,
        b.left - x,
        b.top + b.height / 2 - y,
      ];
      return svg("path", { d: `M${x1},${y1} C${x1 + 40},${y1} ${x2 - 40},${y2} ${x2},${y2}` });
    }),
  );
}
