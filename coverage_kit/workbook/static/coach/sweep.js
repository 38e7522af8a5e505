// The quiet sweep: each rep checks the people who are due, one key each.
import { button, choice, findIn, h, phoneLink } from "../core/dom.js";
import { openDeparture } from "../rep/forms.js";
import { nameWithTitle } from "../core/person_name.js";

/** @import { CheckLine, SessionView, SweepLine } from "../messages.d.ts" */
/** @import { CoachApp } from "./coach.js" */

/**
 * Due verifications of each rep; a shared screen opens one rep's at a time.
 * @param {CoachApp} app
 * @param {SessionView} session
 */
export function sweep(app, session) {
  const { t } = app;
  const lists = session.reps.map((rep) => repSweep(app, rep, session.sweep?.[rep] ?? []));
  for (const one of lists)
    one.addEventListener("toggle", () => {
      if (app.discreet && one.open)
        for (const other of lists) if (other !== one) other.open = false;
    });
  const how = choice(
    t("how"),
    app.options(app.choices.verified_how, "how_"),
    app.sweepHow,
    (value) => {
      app.sweepHow = value;
    },
  );
  return [
    h("h2", {}, t("step_name_sweep")),
    h(
      "div",
      { class: "sweep-lead" },
      h("p", { class: "quiet" }, t("sweep_lead")),
      h("label", {}, h("span", { class: "quiet" }, t("how")), how),
    ),
    lists,
  ];
}

/**
 * @param {CoachApp} app
 * @param {string} rep
 * @param {SweepLine[]} lines
 */
function repSweep(app, rep, lines) {
  const { t } = app;
  const n = lines.filter((line) => line.state).length;
  const { sweepFolded: folded } = app;
  const open = app.discreet ? app.sweepShared === rep : !folded.has(rep);
  const node = h(
    "details",
    { class: "sweep", "data-rep": rep, open },
    h(
      "summary",
      { "data-key": `sweep-${rep}` },
      h("b", {}, app.repName(rep)),
      h(
        "span",
        { class: "quiet" },
        lines.length ? t("sweep_done", { n, all: lines.length }) : t("nothing_due"),
      ),
    ),
    lines.length
      ? h(
          "ul",
          {},
          lines.map((line) => sweepLine(app, rep, line)),
        )
      : null,
  );
  node.addEventListener("toggle", () => {
    if (app.discreet)
      app.sweepShared = node.open ? rep : app.sweepShared === rep ? null : app.sweepShared;
    else folded[node.open ? "delete" : "add"](rep);
  });
  return node;
}

/**
 * @param {CoachApp} app
 * @param {string} rep
 * @param {SweepLine} line
 */
function sweepLine(app, rep, line) {
  const { t } = app;
  const name = nameWithTitle(line.holder ?? t("erased"), line.title);
  const who = app.addressed({ name: line.holder, title: line.title });
  const about = { rep, account: line.account, person: line.person, version: line.version };
  const onward = () =>
    findIn(app.root, `.sweep[data-rep="${CSS.escape(rep)}"] li[data-open="true"]`)?.focus();
  /** @param {Pick<CheckLine, "state" | "how" | "on" | "title" | "moved_to">} body */
  const tell = async (body) => {
    const response = await app.tell("check", { ...about, ...body });
    const open = app.root.querySelector("dialog[open]");
    if (response.kind === "session" && open) open.addEventListener("close", onward);
    else if (response.kind === "session") onward();
    return response;
  };
  const changed = () =>
    openDeparture(
      app,
      { ...line, name: line.holder },
      { send: ({ kind, on, title, moved_to }) => tell({ state: kind, on, title, moved_to }) },
    );
  /** @type {[string, () => void][]} */
  const keys = [
    ["still_here", () => tell({ state: "still", how: app.sweepHow })],
    ["has_changed_more", changed],
    ["not_reached", () => tell({ state: "tried" })],
  ];
  const last = line.verified_on
    ? t("last_confirmed_on", { on: line.verified_on })
    : t("state_never");
  const answers = line.state
    ? [
        h("span", { class: "tag" }, t(`swept_${line.state}`)),
        button(t("undo"), () => app.undo.undo("", line.edit ?? ""), {
          class: "link",
          "aria-label": `${t("undo")}: ${name}`,
          "data-key": `sweep-back-${line.person}`,
        }),
      ]
    : keys.map(([label, act], i) =>
        button([h("kbd", { "aria-hidden": "true" }, String(i + 1)), ` ${t(label)}`], act),
      );
  const node = h(
    "li",
    {
      tabIndex: 0,
      "data-open": String(!line.state),
      "data-person": line.person,
      "data-key": `sweep-${rep}-${line.person}`,
      "aria-label": `${name}, ${line.account_name}`,
    },
    h(
      "div",
      { class: "sweep-who" },
      h("b", {}, name),
      h(
        "span",
        { class: "quiet" },
        [line.account_name, ...line.roles.map((title) => title[app.lang])].join(" · "),
      ),
    ),
    h(
      "div",
      { class: "sweep-last" },
      h("span", { class: "quiet" }, last),
      line.phone
        ? phoneLink(line.phone, { class: "tel", "aria-label": t("call_name", { name }) })
        : null,
    ),
    h(
      "div",
      { class: "answers-row", role: "group", "aria-label": t("still_in_slot", { name: who }) },
      answers,
    ),
  );
  node.addEventListener("keydown", (event) => {
    const key = keys[Number(event.key) - 1];
    if (event.target !== node || line.state || !key) return;
    event.preventDefault();
    key[1]();
  });
  return node;
}
