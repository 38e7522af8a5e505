// The row of one required role: its holder, the last check, who of ours meets the holder, and how the holder stands.
// Long because every part of the row is drawn and saved beside the others.
import { h, button, choice, filled, onEnter, onLeave, phoneLink } from "../core/dom.js";
import { signOf, toneOf } from "../core/dispositions.js";
import { askWhere, askWho } from "./ask.js";
import { openMenu } from "../core/menu.js";
import { openSaid } from "../core/said.js";
import { NameField } from "./name_field.js";
import { openDeparture, openEmptySlot, openHistory, openVerification } from "./forms.js";
import { openPerson } from "./person.js";

/** @import { AccountApp } from "../core/account_app.js" */
/** @import { Action, Option, ValueOf } from "../core/types.d.ts" */
/** @import { Edit, PersonView, SlotView } from "../messages.d.ts" */

/** @type {("can_meet" | "can_deliver")[]} */
const FLAGS = ["can_meet", "can_deliver"];

/** The last rung that says nothing of how a person stands. */
const REPRESENTED = 3;

export class SlotRow {
  /**
   * @param {AccountApp} app
   * @param {SlotView} slot
   */
  constructor(app, slot) {
    this.app = app;
    this.slot = slot;
    this.role = slot.role;
    this.words = JSON.stringify(slot.words);
    const { t } = app;
    const title = app.roleTitle(slot.role);
    const key = `${app.id}-${slot.role}`;
    const facts = app.roleOf(slot.role);
    this.pips = h(
      "span",
      { class: "pips", "aria-hidden": "true" },
      [1, 2, 3, 4, 5].map(() => h("i")),
    );
    this.rung = h("span", { class: "quiet rung" });
    this.name = new NameField(t, t("name_of", { role: title }), `${key}-name`, {
      save: (value, name) => this.save("holder", value, name),
      typed: (text) => app.keepDraft(this.role, "holder", text),
      ask: (name, same) => askWho(app, name, same, (person) => this.saveHolder(person, name)),
      asked: () => app.drafts.isAsked(app.account, this.role, "holder"),
      people: () => app.people,
      roleTitle: (role) => app.roleTitle(role),
      role: () => this.role,
    });
    this.under = h("div", { class: "under" });
    this.check = button("", () => openVerification(app, this.slot), {
      class: "check",
      "data-key": `${key}-check`,
    });
    /** @type {Option[]} */
    const staff = app.data.staff.filter((each) => !each.gone).map((each) => [each.id, each.name]);
    this.ours = choice(
      t("ours_for", { role: title }),
      staff,
      "",
      (value) => this.save("representative", value || null),
      t("nobody_yet"),
    );
    this.ours.dataset.key = `${key}-ours`;
    this.can = FLAGS.map((field) => {
      const box = h("input", { type: "checkbox", "data-key": `${key}-${field}` });
      box.addEventListener("change", () => this.save(field, box.checked));
      const named = h("span", { class: "sr" }, ` ${title}`);
      return { field, box, node: h("label", { class: "tick" }, box, t(field), named) };
    });
    this.moods = app.choices.disposition.map((value) => {
      const node = button(
        [h("span", { "aria-hidden": "true" }, signOf(app, value)), ` ${t(value)}`],
        () => this.setDisposition(value),
        {
          class: `mood ${value}`,
          style: toneOf(app, value),
          "data-key": `${key}-${value}`,
        },
      );
      return { value, node };
    });
    this.group = h(
      "div",
      { class: "moods", role: "group", "aria-label": t("disposition_of", { role: title }) },
      this.moods.map(({ node }) => node),
    );
    this.grounds = h("input", {
      type: "text",
      class: "grounds",
      maxlength: 300,
      placeholder: t("grounds"),
      "aria-label": t("grounds_of", { role: title }),
      title: t("write_kindly"),
      "data-key": `${key}-grounds`,
      autocomplete: "off",
    });
    this.grounds.addEventListener("input", () =>
      app.keepDraft(
        this.role,
        "grounds",
        this.grounds.value === (this.chosen("grounds") ?? "") ? null : this.grounds.value,
      ),
    );
    const commit = () => {
      if (this.grounds.value.trim() !== (this.chosen("grounds") ?? ""))
        this.save("grounds", this.grounds.value.trim() || null, this.grounds.value.trim());
    };
    onLeave(this.grounds, () => {
      if (!app.drafts.isAsked(app.account, this.role, "grounds")) commit();
    });
    onEnter(this.grounds, commit);
    this.grounds.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        this.grounds.value = this.slot.grounds;
        app.keepDraft(this.role, "grounds", null);
      }
    });
    this.more = button("⋯", () => this.menu(), {
      class: "more",
      "aria-label": t("more_for", { role: title }),
      "aria-haspopup": "menu",
      "data-key": `${key}-more`,
    });
    this.cells = {
      name: h("td", { class: "c-name" }, this.name.node, this.under),
      check: h("td", { class: "c-check" }, this.check),
      ours: h(
        "td",
        { class: "c-ours" },
        this.ours,
        h(
          "div",
          { class: "ticks" },
          this.can.map(({ node }) => node),
        ),
      ),
      mood: h("td", { class: "c-mood" }, this.group, this.grounds),
    };
    this.node = h(
      "tr",
      { "data-role": slot.role },
      h(
        "th",
        { scope: "row" },
        h("span", { class: "role", title: facts?.value?.[app.lang] }, title),
        h("span", { class: "step" }, this.pips, this.rung),
      ),
      this.cells.name,
      this.cells.check,
      this.cells.ours,
      this.cells.mood,
      h("td", { class: "c-more" }, this.more),
    );
    this.update(slot);
  }

  /**
   * Whether this row can show this slot too.
   * @param {SlotView} slot
   */
  fits(slot) {
    return this.words === JSON.stringify(slot.words);
  }

  /**
   * @template {Edit["field"]} F
   * @param {F} field
   * @param {ValueOf<F>} value
   * @param {string} [text]
   */
  save(field, value, text) {
    this.app.save(this.role, field, value, text);
  }

  /**
   * Save a holder: one of the contacts, or a new person of that name (null).
   * @param {string | null} person
   * @param {string} name
   */
  saveHolder(person, name) {
    this.name.saved = name;
    if (person) this.save("holder", person, name);
    else {
      this.app.keepDraft(this.role, "holder", null);
      this.save("new_holder", name, name);
    }
  }

  /**
   * Save how the holder stands. Where the same person stands otherwise in another position here, ask first.
   * @param {string} value
   */
  setDisposition(value) {
    const { app, slot } = this;
    if (slot.disposition === value) {
      this.save("disposition", null);
      return;
    }
    const differs = app.slots.filter(
      (each) =>
        each.role !== slot.role &&
        each.holder?.person === slot.holder?.person &&
        each.disposition &&
        each.disposition !== value,
    );
    if (!slot.holder || !differs.length) this.save("disposition", value);
    else askWhere(app, { ...slot, holder: slot.holder }, value, differs);
  }

  /**
   * The value chosen last, also while it is being saved: the response to an earlier choice does not change it back.
   * @template {"representative" | "grounds" | "can_meet" | "can_deliver"} F
   * @param {F} field
   * @returns {SlotView[F]}
   */
  chosen(field) {
    const sent = this.app.connection.underWay(this.app.account, this.role, field).at(-1);
    return sent ? /** @type {SlotView[F]} */ (sent.value) : this.slot[field];
  }

  /**
   * Show the slot as it is now; text being typed stays.
   * @param {SlotView} slot
   */
  update(slot) {
    this.slot = slot;
    const { app } = this;
    const { t } = app;
    const held = this.held();
    const drafts = app.draftsOf(this.role);
    this.name.set(held ? (held.name ?? t("erased")) : "", drafts.holder);
    this.name.input.classList.toggle("unsaved", drafts.holder !== undefined);
    this.under.replaceChildren(...this.underName(slot, held), ...this.proposal(slot));
    // A shared screen stops at "represented": the rungs above it say how people stand.
    const rung = app.discreet ? Math.min(slot.rung ?? 0, REPRESENTED) : (slot.rung ?? 0);
    [...this.pips.children].forEach((pip, i) => {
      pip.className = i < rung ? "on" : "";
    });
    this.rung.textContent = slot.status === "open" ? t(`rung_${rung}`) : t(slot.status);
    this.check.replaceChildren(...this.checkText(slot, held));
    this.check.disabled = !held && slot.status !== "vacant";
    this.check.setAttribute(
      "aria-label",
      `${t("verification_of", { role: app.roleTitle(this.role) })}: ${this.check.textContent}`,
    );
    const representative = slot.representative ?? "";
    if (representative && ![...this.ours.options].some((option) => option.value === representative))
      this.ours.append(
        h(
          "option",
          { value: representative },
          t("no_longer_with_us", { name: app.staffName(representative) }),
        ),
      );
    this.ours.value = this.chosen("representative") ?? "";
    this.ours.hidden = !held;
    for (const { field, box, node } of this.can) {
      box.checked = Boolean(this.chosen(field));
      box.disabled = !held || !representative;
      node.hidden = !held || !representative;
    }
    for (const { value, node } of this.moods) {
      node.setAttribute("aria-pressed", String(slot.disposition === value));
    }
    this.group.hidden = !held;
    this.grounds.value = drafts.grounds ?? this.chosen("grounds") ?? "";
    this.grounds.classList.toggle("unsaved", drafts.grounds !== undefined);
    this.grounds.hidden =
      !held || (!slot.disposition && !slot.grounds && drafts.grounds === undefined);
    const isNext = slot.status === "open" && slot.rung !== null;
    const next =
      isNext && !(app.discreet && rung === REPRESENTED)
        ? ["name", "check", "ours", "mood"][slot.rung ?? 0]
        : null;
    for (const [cell, node] of Object.entries(this.cells))
      node.classList.toggle("next", cell === next);
    this.mark();
  }

  mark() {
    const drafts = Object.keys(this.app.draftsOf(this.role)).length > 0;
    this.node.dataset.state = this.app.connection.pendingFor(this.app.account, this.role)
      ? "saving"
      : drafts
        ? "unsaved"
        : "saved";
  }

  /** The holder, unless that person has left. */
  held() {
    const { holder } = this.slot;
    if (!holder?.end_kind) return holder;
    return holder.ended_on && holder.ended_on > this.app.day ? holder : null;
  }

  /**
   * @param {SlotView} slot
   * @param {PersonView | null} held
   */
  underName(slot, held) {
    const { app } = this;
    const { t } = app;
    if (slot.status === "vacant")
      return [h("span", { class: "tag" }, t("vacant_checked", { on: slot.verified_on ?? "–" }))];
    if (slot.status === "not_applicable")
      return [
        h("span", { class: "tag" }, t("not_applicable")),
        h("span", { class: "quiet" }, ` ${slot.reason}`),
      ];
    if (!slot.holder) return [];
    const { holder } = slot;
    if (!held)
      return [
        h(
          "span",
          { class: "tag" },
          t("has_gone", {
            name: holder.name ?? t("erased"),
            how: t(`end_${holder.end_kind}`),
            on: holder.ended_on ?? t("day_unknown"),
          }),
        ),
        h("span", { class: "quiet" }, ` ${t("successor")}`),
      ];
    /** @type {HTMLElement[]} */
    const kids = [];
    if (holder.title || holder.department)
      kids.push(
        h("span", { class: "quiet" }, [holder.department, holder.title].filter(Boolean).join(" ")),
      );
    if (holder.phone) kids.push(phoneLink(holder.phone, { class: "tel" }));
    kids.push(
      button(t("card"), () => openPerson(app, holder.person), {
        class: "link",
        "aria-label": t("card_of", { name: holder.name ?? "" }),
      }),
    );
    return kids;
  }

  /**
   * A proposal that waits for a yes: a coach or manager agrees or declines, others can withdraw it.
   * @param {SlotView} slot
   */
  proposal(slot) {
    if (!slot.proposed) return [];
    const { app } = this;
    const { t } = app;
    const role = app.roleTitle(this.role);
    /**
     * @param {string} key
     * @param {() => void} press
     */
    const act = (key, press) =>
      button(t(key), press, { class: "link", "aria-label": `${t(key)}: ${role}` });
    const name = app.staffName(slot.proposed_by);
    const agrees = app.data.may_agree;
    return filled([
      h("span", { class: "tag" }, t("proposed_here", { name, why: slot.proposed_why })),
      agrees && act("agree_to", () => this.save("not_applicable", {})),
      act(agrees ? "decline_it" : "withdraw_it", () => this.save("proposed", null)),
    ]);
  }

  /**
   * @param {SlotView} slot
   * @param {PersonView | null} held
   */
  checkText(slot, held) {
    const { t } = this.app;
    if (!held && slot.status !== "vacant") return [h("span", { class: "quiet" }, "–")];
    if (!slot.verified_on)
      return [
        h("span", { class: "age never" }, t("state_never")),
        h("span", { class: "ask" }, t("confirm")),
      ];
    const how = slot.verified_how ? t(`how_${slot.verified_how}`) : "";
    const isDue = this.app.choices.due.includes(slot.state);
    return [
      h("span", { class: "on" }, slot.verified_on, how && h("span", { class: "quiet" }, how)),
      h(
        "span",
        { class: `age ${slot.state}` },
        isDue && `${t(`state_${slot.state}`)} · `,
        t("days_ago", { n: slot.age_days }),
      ),
    ];
  }

  menu() {
    const { app } = this;
    const { t } = app;
    const { commitTo } = app;
    const held = this.held();
    const isOpen = this.slot.status === "open";
    /** @type {Action[]} */
    const items = [];
    /**
     * @param {string} key
     * @param {() => void} act
     */
    const offer = (key, act) => items.push([t(key), act]);
    if (commitTo) offer("menu_commit", () => commitTo(this.role));
    if (held) offer("menu_gone", () => openDeparture(app, held, { role: this.role }));
    if (held && !app.discreet && app.week === null) offer("menu_said", () => openSaid(app, held));
    if (held) offer("menu_card", () => openPerson(app, held.person));
    if (!isOpen) offer("menu_reopen", () => this.save("open", null));
    if (isOpen) offer("menu_vacant", () => openEmptySlot(app, this.role, "vacant"));
    if (isOpen) offer("menu_not_applicable", () => openEmptySlot(app, this.role, "not_applicable"));
    offer("menu_history", () => openHistory(app, this.role));
    openMenu(app.root, this.more, items);
  }
}
