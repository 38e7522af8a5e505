// Ties between the people of an account: in words with a button to remove each, and as lines in the picture.
import { button, choice, h } from "../core/dom.js";
import { redraw } from "../core/focus.js";
import { sample } from "./tie_lines.js";
import { nameWithTitle } from "../core/person_name.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { PersonCardView, TieEntry, TieView } from "../messages.d.ts" */

/** The tie to a superior, of which a person has only one. */
const SUPERIOR = "reports_to";

/**
 * The ties to show; a shared screen hides people at odds.
 * @param {AccountApp} app
 */
export function shownTies(app) {
  return (app.page?.ties ?? []).filter((tie) => !(app.discreet && tie.kind === "at_odds"));
}

/**
 * @param {AccountApp} app
 * @param {string} employment
 */
function nameOf(app, employment) {
  return app.people.find((person) => person.employment === employment)?.name ?? app.t("erased");
}

/**
 * Each tie in a sentence, with a button that removes it; `changed` is called when that is saved.
 * @param {AccountApp} app
 * @param {TieView[]} ties
 * @param {() => void} changed
 */
export function tieList(app, ties, changed) {
  const { t } = app;
  return h(
    "ul",
    { class: "tie-list" },
    ties.map((tie) => {
      const said = t(`says_${tie.kind}`, {
        a: nameOf(app, tie.source),
        b: nameOf(app, tie.target),
      });
      const take = () =>
        app.save("", "untie", { tie: tie.id }, "", app.account, tie.version).then(changed);
      return h(
        "li",
        {},
        sample(tie.kind),
        h("span", {}, said),
        app.week === null
          ? button(t("take_out"), take, {
              class: "link",
              "aria-label": `${t("take_out")}: ${said}`,
              "data-key": `untie-${tie.id}`,
            })
          : null,
      );
    }),
  );
}

/**
 * The ties of one person on their card: a list, a form for another tie, and the history.
 * @param {AccountApp} app
 * @param {string} employment
 * @param {PersonCardView} card
 */
export function personTies(app, employment, card) {
  const { t } = app;
  const { person } = card;
  const node = h("div", { class: "person-ties" });
  const trail = h("div");
  const fill = () => {
    const own = shownTies(app).filter(
      (tie) => tie.source === employment || tie.target === employment,
    );
    node.replaceChildren(
      h("h3", {}, t("ties")),
      own.length ? tieList(app, own, fill) : h("p", { class: "quiet" }, t("none_yet")),
      others.length && app.week === null ? form : "",
      trail,
    );
  };
  const others = app.people.filter((each) => !each.end_kind && each.employment !== employment);
  let [kind, other] = [SUPERIOR, ""];
  const kinds = app.choices.tie.filter((each) => !(app.discreet && each === "at_odds"));
  const whom = choice(
    t("tie_to_whom"),
    others.map((each) => [each.person, nameWithTitle(each.name ?? t("erased"), each.title)]),
    "",
    (value) => {
      other = value;
      save.disabled = !value;
    },
    t("tie_to_whom"),
  );
  whom.dataset.key = "tie-to";
  const clear = () => {
    whom.value = other = "";
    save.disabled = true;
    whom.focus();
  };
  /** The version seen of the tie to this person's superior; other ties have no version to compare. */
  const base = () =>
    kind === SUPERIOR
      ? (app.page?.ties.find((tie) => tie.kind === kind && tie.source === employment)?.version ?? 0)
      : undefined;
  const save = button(
    t("save_details"),
    async () => {
      node.querySelector(".refused")?.remove();
      const response = await app.save("", "tie", { person, kind, other }, "", app.account, base());
      if (!node.isConnected) return;
      if (response.kind === "refused") {
        node.append(h("p", { class: "refused", role: "alert" }, app.errorText(response)));
        return;
      }
      if (response.kind === "saved") clear();
      // The conflict dialog holds the choice; when it closes, nothing is left to save here.
      if (response.kind === "conflict")
        [...app.root.querySelectorAll("dialog")].at(-1)?.addEventListener("close", clear);
    },
    { disabled: true, "aria-label": t("save_tie") },
  );
  const form = h(
    "div",
    { class: "tie-form" },
    choice(t("tie_kind"), app.options(kinds, "tie_"), kind, (value) => {
      kind = value;
    }),
    whom,
    save,
  );
  const again = async () => {
    if (!node.isConnected) {
      app.root.removeEventListener("page", again);
      return;
    }
    redraw(node, fill, () => whom);
    const response = await app.connection.ask("person", { account: app.account, person });
    const open = trail.querySelector("details")?.open;
    if (response.kind === "person")
      trail.replaceChildren(tieHistory(app, response.card.tie_history, open));
  };
  app.root.addEventListener("page", again);
  trail.replaceChildren(tieHistory(app, card.tie_history));
  fill();
  return node;
}

/**
 * The history of a person's ties.
 * @param {AccountApp} app
 * @param {TieEntry[]} entries
 */
function tieHistory(app, entries, open = false) {
  const { t } = app;
  const shown = entries.filter(({ tie }) => !(app.discreet && tie === "at_odds"));
  if (!shown.length) return "";
  /** @param {TieEntry} entry */
  const said = ({ tie, a, b, taken_out: out }) =>
    [t(`says_${tie}`, { a: a ?? t("erased"), b: b ?? t("erased") }), out ? t("taken_out") : ""]
      .filter(Boolean)
      .join(" – ");
  return h(
    "details",
    { class: "tie-trail", open },
    h("summary", {}, t("tie_history", { n: shown.length })),
    h(
      "ol",
      { class: "trail" },
      shown.map((entry) =>
        h(
          "li",
          {},
          h("span", { class: "when" }, entry.at),
          h("span", { class: "by" }, entry.actor, entry.undone ? ` · ${t("undone")}` : ""),
          h("ul", {}, h("li", {}, said(entry))),
        ),
      ),
    ),
  );
}

/**
 * The meaning of each line.
 * @param {AccountApp} app
 */
export function tieLegend(app) {
  const kinds = app.choices.tie.filter((kind) => !(app.discreet && kind === "at_odds"));
  return h(
    "ul",
    { class: "tie-legend", "aria-label": app.t("legend") },
    kinds.map((kind) => h("li", {}, sample(kind), app.t(`legend_${kind}`))),
    h(
      "li",
      {},
      h("span", { class: "sample-node", "aria-hidden": "true" }),
      app.t("legend_checked"),
    ),
  );
}
