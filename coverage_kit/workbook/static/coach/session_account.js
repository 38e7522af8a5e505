// One account of a session: its slots with a next move, and the claim beside what is known.
import { openReader } from "../core/dialogs.js";
import { button, h } from "../core/dom.js";
import { PathsPart } from "../core/paths.js";
import { SaidPart } from "../core/said.js";
import { FocusStar, showHalfway } from "../rep/account.js";
import { openVerification } from "../rep/forms.js";
import { SlotGrid } from "../rep/grid.js";
import { buildPicture } from "../rep/picture.js";

/** @import { WholePage } from "../core/types.d.ts" */
/** @import { CoachApp } from "./coach.js" */

/**
 * The slots of the account, those with a next move or all; groups that one call covers come first.
 * @param {CoachApp} app
 */
export function accountView(app) {
  const { at, page, t } = app;
  if (!at || !page) return null;
  const shown = at.all ? page.slots : page.slots.filter((slot) => at.gaps.has(slot.role));
  const grid = new SlotGrid(app, { ...page, slots: shown });
  const measured = h("span", { class: "calibration" });
  const calls = h("ul", { class: "calls" });
  const star = new FocusStar(app);
  const halfway = h("p", { class: "halfway", role: "status" });
  const paths = new PathsPart(app);
  /**
   * @param {WholePage} now
   * @param {Set<string> | null} roles
   */
  const update = (now, roles = null) => {
    grid.update(now, roles);
    const rungs = now.slots.flatMap((slot) => slot.rung ?? []);
    measured.textContent = t("claim_beside", {
      claim: at.claimed,
      measured: rungs.filter((rung) => rung >= 2).length,
      all: rungs.length,
    });
    calls.replaceChildren(...callsFor(app, now));
    star.show(now.account);
    showHalfway(app, halfway, rungs);
    paths.load(now.account.id);
  };
  update(page);
  app.pane = { grid, node: grid.node, update };
  return h(
    "section",
    { class: "session-account" },
    h(
      "header",
      { class: "pane-head" },
      h(
        "div",
        { class: "title" },
        h("h2", { "data-key": "account-name", tabIndex: -1 }, page.account.name),
        h("p", {}, measured, " ", star.node, " ", star.mark),
      ),
      button(t("tab_picture"), () => showPicture(app), { "data-key": "picture" }),
    ),
    halfway,
    paths.node,
    calls,
    shown.length ? grid.node : h("p", { class: "empty" }, t("nothing_open")),
    saidHere(app),
    at.gaps.size < page.slots.length
      ? button(
          t(at.all ? "only_open" : "show_all_slots", { n: page.slots.length - at.gaps.size }),
          () => {
            at.all = !at.all;
            app.render();
          },
          { class: "link", "data-key": "all-slots" },
        )
      : null,
  );
}

/**
 * What was said and given at this account; a shared screen does not even ask for it. What is half chosen stays.
 * @param {CoachApp} app
 */
function saidHere(app) {
  const { at, page } = app;
  if (app.discreet || !at || !page) return null;
  if (at.said) at.said.load();
  at.said ??= new SaidPart(app, { account: page.account.id });
  return at.said.node;
}

/**
 * Show the relationship picture in a dialog.
 * @param {CoachApp} app
 */
function showPicture(app) {
  const { page, t } = app;
  if (!page) return;
  const title = t("picture_of", { account: page.account.name });
  openReader(app, title, buildPicture(app, page), "widest");
}

/**
 * The people whom one call checks in several roles.
 * @param {CoachApp} app
 * @param {WholePage} page
 */
function callsFor(app, page) {
  const { t } = app;
  const due = page.slots.flatMap((slot) =>
    slot.holder && app.choices.due.includes(slot.state) ? { ...slot, holder: slot.holder } : [],
  );
  // An older browser shows no groups.
  const people = Map.groupBy?.(due, ({ holder }) => holder.person);
  return [...(people?.values() ?? [])]
    .filter((slots) => slots.length > 1)
    .map((slots) =>
      h(
        "li",
        {},
        h(
          "span",
          {},
          t("one_call", {
            name: app.addressed(slots[0].holder),
            roles: slots.map((slot) => app.roleTitle(slot.role)).join(", "),
          }),
        ),
        button(t("confirm"), () => openVerification(app, slots[0])),
      ),
    );
}
