// Five minutes between calls: the next five people, one question each.
import { h, button, findIn, phoneLink } from "../core/dom.js";
import { detailsOf } from "../core/drafts.js";
import { balanceLine, heardLine } from "../core/said.js";
import { openDeparture } from "./forms.js";
import { nameWithTitle } from "../core/person_name.js";

/** @import { ValueOf } from "../core/types.d.ts" */
/** @import { CardView } from "../messages.d.ts" */
/** @import { RepApp } from "./workbook.js" */

export class Cards {
  /** @param {RepApp} app */
  constructor(app) {
    this.app = app;
    this.list = h(
      "ul",
      { class: "cards", "aria-busy": "true" },
      h("li", { class: "empty", role: "status" }, app.t("loading")),
    );
    /** @type {Map<string, HTMLElement>} The cards on the screen, keyed by their content. */
    this.shown = new Map();
    this.wasAnswered = false;
    this.node = h(
      "section",
      { class: "cards-view", "aria-label": app.t("next_five") },
      h("p", { class: "quiet lead" }, app.t("cards_lead")),
      this.list,
    );
    this.load();
  }

  async load() {
    const response = await this.app.connection.ask("cards");
    if (response.kind === "cards") this.show(response.cards);
    else
      this.list.replaceChildren(
        h("li", { class: "empty", role: "alert" }, this.app.errorText(response)),
      );
  }

  /** @param {CardView[]} cards */
  show(cards) {
    this.list.removeAttribute("aria-busy");
    const before = this.shown;
    this.shown = new Map();
    for (const card of cards) {
      const key = JSON.stringify(card);
      this.shown.set(key, this.unchanged(before.get(key), card) ?? this.card(card));
    }
    this.lay(
      cards.length
        ? [...this.shown.values()]
        : [h("li", { class: "empty" }, this.app.t("no_cards"))],
    );
    this.list.dataset.ready = "true";
    if (this.wasAnswered && document.activeElement === document.body)
      findIn(this.list, ".answers button:enabled")?.focus({ preventScroll: true });
    this.wasAnswered = false;
  }

  /**
   * An unchanged card stays, with the text being typed on it; one whose edit got a response is drawn again.
   * @param {HTMLElement | undefined} node
   * @param {CardView} card
   */
  unchanged(node, { account, person }) {
    const sent = () =>
      this.app.connection.outbox.some(
        ({ message }) => message.account === account && detailsOf(message.value).person === person,
      );
    return node && (node.dataset.state !== "saving" || sent()) ? node : null;
  }

  /**
   * Put the cards in their order without touching those that stay, so that the focus stays.
   * @param {HTMLElement[]} nodes
   */
  lay(nodes) {
    for (const node of [...this.list.children])
      if (!nodes.some((each) => each === node)) node.remove();
    nodes.forEach((node, i) => {
      if (this.list.children[i] !== node)
        this.list.insertBefore(node, this.list.children[i] ?? null);
    });
  }

  /** @param {CardView} card */
  card(card) {
    const { app } = this;
    const { t } = app;
    const last = card.verified_on
      ? t("last_confirmed", { on: card.verified_on, n: card.age_days })
      : t("state_never");
    const mail = card.mail
      ? h("p", { class: "tried" }, h("span", { class: "tag" }, t(card.mail, { on: card.mail_on })))
      : null;
    const tried = card.tries
      ? h(
          "p",
          { class: "tried" },
          h("span", { class: "tag" }, t("tried_times", { on: card.tried_on, n: card.tries })),
        )
      : null;
    const name = nameWithTitle(card.name ?? t("erased"), card.title);
    /**
     * @template {"verified" | "tried"} F
     * @param {F} field
     * @param {ValueOf<F>} value
     */
    const act = (field, value) => {
      app.save("", field, value, card.name ?? "", card.account);
      node.dataset.state = "saving";
      this.wasAnswered = true;
      node.querySelectorAll("button").forEach((each) => {
        each.disabled = true;
      });
    };
    const speaker = { account: card.account, person: card.person, name };
    const heard = heardLine(app, () => speaker, {
      label: t("just_heard_from", { name }),
      place: card.person,
    });
    const node = h(
      "li",
      { class: "card", "data-person": card.person },
      h(
        "div",
        { class: "top" },
        h("h3", {}, name),
        h(
          "p",
          { class: "quiet" },
          card.account_name,
          card.department ? ` · ${card.department}` : "",
        ),
      ),
      h(
        "p",
        { class: "roles" },
        card.roles.map((role) => h("span", { class: "chip" }, app.roleTitle(role, card.account))),
      ),
      h("p", { class: "question" }, t("still_in_slot", { name: app.addressed(card) })),
      h("p", { class: "quiet" }, last),
      mail,
      tried,
      card.phone
        ? phoneLink(
            card.phone,
            { class: "call", "aria-label": t("call_name", { name }) },
            h("span", { "aria-hidden": "true" }, "☎ "),
          )
        : h("p", { class: "quiet" }, t("no_phone")),
      card.need ? h("p", { class: "quiet" }, t("needs", { need: card.need })) : null,
      balanceLine(app, card),
      heard.node,
      h(
        "div",
        { class: "answers" },
        button(
          t("still_here"),
          () => {
            heard.flush();
            const { person, roles } = card;
            act("verified", { person, on: app.day, how: "call", roles });
          },
          { class: "primary" },
        ),
        button(t("has_changed"), () => {
          heard.flush();
          openDeparture(app, card, { account: card.account });
        }),
        button(t("not_reached"), () => {
          heard.flush();
          act("tried", { person: card.person });
        }),
      ),
    );
    return node;
  }
}
