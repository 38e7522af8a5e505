// The lines of ties in the relationship picture: their routes between the people's places, and how they are drawn.

/** @import { TieView } from "../messages.d.ts" */

const SVG = "http://www.w3.org/2000/svg";
const [SPOT, LANE, ROUND] = [14, 6, 7];

/** @typedef {[x: number, y: number]} Point */
/**
 * The place of a person in the picture, and the top of its row.
 * @typedef {{
 *   employment: string | undefined, left: number, right: number, top: number, bottom: number, x: number, y: number,
 *   row: number,
 * }} Box
 */
/** @typedef {"top" | "bottom" | "left" | "right"} Side */
/**
 * What can lie on another line: it is moved along `axis` (0 across, 1 down), in the order of `towards`.
 * @typedef {{ at: Point, axis: 0 | 1, towards: number }} Movable
 */
/** @typedef {Movable & { box: Box, side: Side }} End */
/** @typedef {Movable & { row: number }} Run */

/**
 * An element of a drawing with its attributes.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
export function svg(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** @param {string} kind */
export function sample(kind) {
  const box = svg("svg", { class: "tie-sample", viewBox: "0 0 34 12", "aria-hidden": "true" });
  box.append(
    ...line(kind, [
      [1, 6],
      [32, 6],
    ]),
  );
  return box;
}

/**
 * One line along corners: solid or dashed with a head at its end, or dotted with a cross half-way.
 * @param {string} kind
 * @param {Point[]} corners
 */
function line(kind, corners) {
  const parts = [svg("path", { class: `tie ${kind}`, d: rounded(corners) })];
  if (kind === "at_odds") {
    /** @type {[Point, Point][]} */
    const legs = corners.slice(1).map((to, i) => [corners[i], to]);
    const [from, to] = legs.sort(([a, b], [c, d]) => far(c, d) - far(a, b))[0];
    const [x, y] = between(from, to, 0.5);
    return [
      ...parts,
      svg("path", {
        class: "tie-cross",
        d: `M${x - 4},${y - 4} L${x + 4},${y + 4} M${x - 4},${y + 4} L${x + 4},${y - 4}`,
      }),
    ];
  }
  const [before, [x, y]] = corners.slice(-2);
  const turn = Math.atan2(y - before[1], x - before[0]);
  /** @param {number} by */
  const wing = (by) => [x - 8 * Math.cos(turn + by), y - 8 * Math.sin(turn + by)];
  return [
    ...parts,
    svg("path", { class: `tie-head ${kind}`, d: `M${wing(0.42)} L${x},${y} L${wing(-0.42)}` }),
  ];
}

/**
 * @param {Point} from
 * @param {Point} to
 */
function far([x, y], [u, v]) {
  return Math.hypot(u - x, v - y);
}
/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} share
 */
function between([x, y], [u, v], share) {
  return [x + (u - x) * share, y + (v - y) * share];
}

/** @param {Point[]} corners */
function rounded(corners) {
  const bends = corners.slice(1, -1).map((corner, i) => {
    /** @param {Point} to */
    const cut = (to) =>
      between(corner, to, Math.min(ROUND, far(corner, to) / 2) / (far(corner, to) || 1));
    return `L${cut(corners[i])} Q${corner} ${cut(corners[i + 2])}`;
  });
  return `M${corners[0]} ${bends.join(" ")} L${corners.at(-1)}`;
}

/**
 * Draw the lines between the people's places. A line leaves a place above or below, runs in the gap between two rows,
 * and ends at its own spot; neighbours in a row are joined straight. Lines lie behind the text.
 * @param {SVGElement} lines
 * @param {HTMLElement[]} places
 * @param {TieView[]} ties
 */
export function layTies(lines, places, ties) {
  const frame = lines.getBoundingClientRect();
  lines.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  const boxes = [...places].map((place) => placeBox(place, frame));
  const drawn = ties.flatMap((tie) => {
    /** @param {string} employment */
    const of = (employment) => boxes.filter((box) => box.employment === employment);
    const pair = nearest(of(tie.source), of(tie.target));
    return pair ? [{ tie, ...route(...pair, boxes) }] : [];
  });
  spread(
    drawn.flatMap(({ ends }) => ends),
    ({ box, side }) => `${boxes.indexOf(box)} ${side}`,
    SPOT,
  );
  spread(
    drawn.flatMap(({ run }) => run ?? []),
    ({ row }) => row,
    LANE,
  );
  lines.replaceChildren(
    ...drawn.map(({ tie, ends: [from, to], run }) => {
      const group = svg("g", {
        "data-tie": tie.id,
        "data-source": tie.source,
        "data-target": tie.target,
      });
      /** @type {Point[]} */
      const bends = run
        ? [
            [from.at[0], run.at[1]],
            [to.at[0], run.at[1]],
          ]
        : [];
      group.append(...line(tie.kind, [from.at, ...bends, to.at]));
      return group;
    }),
  );
}

/**
 * @param {HTMLElement} place
 * @param {DOMRect} frame
 */
function placeBox(place, frame) {
  const box = place.getBoundingClientRect();
  const row = (place.closest("tr") ?? place).getBoundingClientRect();
  const [left, right, top, bottom] = [
    box.left - frame.left,
    box.right - frame.left,
    box.top - frame.top,
    box.bottom - frame.top,
  ];
  return {
    employment: place.dataset.employment,
    left,
    right,
    top,
    bottom,
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    row: row.top - frame.top,
  };
}

/**
 * The closest two places of two people.
 * @param {Box[]} some
 * @param {Box[]} others
 */
function nearest(some, others) {
  /** @type {[Box, Box][]} */
  const pairs = [];
  for (const one of some) for (const other of others) pairs.push([one, other]);
  return pairs.sort(
    ([a, b], [c, d]) => far([a.x, a.y], [b.x, b.y]) - far([c.x, c.y], [d.x, d.y]),
  )[0];
}

/**
 * The ends of a line, and the gap between rows that it runs in, if it needs one.
 * @param {Box} from
 * @param {Box} to
 * @param {Box[]} boxes
 */
function route(from, to, boxes) {
  /**
   * @param {number} row
   * @returns {Run}
   */
  const gap = (row) => ({ row, at: [0, row], axis: 1, towards: Math.abs(from.x - to.x) });
  const upward = to.bottom <= from.top;
  if (upward || from.bottom <= to.top) {
    const ends = [
      leaves(from, upward ? "top" : "bottom", to.x),
      leaves(to, upward ? "bottom" : "top", from.x),
    ];
    return { ends, run: Math.abs(from.x - to.x) < 4 ? null : gap(upward ? from.row : to.row) };
  }
  const [low, high] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
  const apart = boxes.some((box) => box.x > low && box.x < high && box.row === from.row);
  if (apart)
    return { ends: [leaves(from, "top", to.x), leaves(to, "top", from.x)], run: gap(from.row) };
  const right = to.x > from.x;
  const ends = [
    leaves(from, right ? "right" : "left", to.y),
    leaves(to, right ? "left" : "right", from.y),
  ];
  for (const each of ends)
    each.at[1] = (Math.max(from.top, to.top) + Math.min(from.bottom, to.bottom)) / 2;
  return { ends, run: null };
}

/**
 * The end of a line at one side of a place.
 * @param {Box} box
 * @param {Side} side
 * @param {number} towards
 * @returns {End}
 */
function leaves(box, side, towards) {
  const isAcross = side === "top" || side === "bottom";
  return {
    box,
    side,
    towards,
    at: isAcross ? [box.x, box[side]] : [box[side], box.y],
    axis: isAcross ? 0 : 1,
  };
}

/**
 * Move lines that would overlap a few pixels apart, in the order of their other ends.
 * @template {Movable} T
 * @param {T[]} all
 * @param {(each: T) => string | number} key
 * @param {number} step
 */
function spread(all, key, step) {
  for (const alike of new Set(all.map(key))) {
    const own = all.filter((each) => key(each) === alike).sort((p, q) => p.towards - q.towards);
    own.forEach((each, i) => {
      each.at[each.axis] += (i - (own.length - 1) / 2) * step;
    });
  }
}
