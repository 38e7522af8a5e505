// The name of a slot's holder: type it, or pick one of that account's contacts.
import { h, onEnter, onLeave, plain } from "../core/dom.js";

/** @import { Translate } from "../core/types.d.ts" */
/** @import { ContactView } from "../messages.d.ts" */

/**
 * What the field calls back: to save a person or a new name, for the contacts, the title of a role and the role of the
 * position, with text that is typed (null: none), to ask whether only Enter sends it, and to ask which of several people
 * of that name is meant.
 * @typedef {{
 *   save: (value: string | null, name: string) => void,
 *   people: () => ContactView[],
 *   roleTitle: (key: string) => string,
 *   role: () => string,
 *   typed: (text: string | null) => void,
 *   asked: () => boolean,
 *   ask: (name: string, same: ContactView[]) => void,
 * }} NameEvents
 */

export class NameField {
  /**
   * @param {Translate} t
   * @param {string} label
   * @param {string} key
   * @param {NameEvents} events
   */
  constructor(t, label, key, events) {
    this.t = t;
    this.events = events;
    /** @type {ContactView[]} */
    this.shown = [];
    this.at = -1;
    this.saved = "";
    this.input = h("input", {
      type: "text",
      class: "name-input",
      role: "combobox",
      "aria-label": label,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": `${key}-list`,
      autocomplete: "off",
      spellcheck: "false",
      maxlength: 200,
      placeholder: t("who_sits_here"),
      "data-key": key,
    });
    this.list = h("ul", {
      class: "popup",
      role: "listbox",
      id: `${key}-list`,
      "aria-label": t("contacts_here"),
      hidden: true,
    });
    this.node = h("span", { class: "combo" }, this.input, this.list);
    this.input.addEventListener("focus", () => {
      if (this.input.value === this.saved) this.input.select();
    });
    this.input.addEventListener("click", () => this.show());
    this.input.addEventListener("input", () => {
      events.typed(this.input.value === this.saved ? null : this.input.value);
      this.show();
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.hide());
    onLeave(this.input, () => {
      if (!events.asked()) this.commit();
    });
    onEnter(this.input, () => {
      if (this.at >= 0) this.pick(this.shown[this.at]);
      else this.commit();
      this.hide();
    });
  }

  /**
   * @param {string | null} name
   * @param {string | undefined} draft
   */
  set(name, draft) {
    this.saved = name ?? "";
    if (draft !== undefined && draft !== null) this.input.value = draft;
    else this.input.value = this.saved;
  }

  /**
   * Contacts whose title suits the position come first, the likeliest at the top; then the others as they stand.
   * @param {ContactView} person
   */
  place(person) {
    const at = person.suits.indexOf(this.events.role());
    return at < 0 ? Infinity : at;
  }

  matches() {
    const typed = this.input.value === this.saved ? "" : plain(this.input.value);
    return this.events
      .people()
      .filter(
        (person) =>
          !person.end_kind &&
          (!typed ||
            plain(`${person.name} ${person.title ?? ""} ${person.department ?? ""}`).includes(
              typed,
            )),
      )
      .sort((a, b) => {
        const [first, second] = [this.place(a), this.place(b)];
        return first === second ? 0 : first - second;
      })
      .slice(0, 40);
  }

  show() {
    this.shown = this.matches();
    this.at = -1;
    const { t } = this;
    const rows = this.shown.map((person, i) =>
      h(
        "li",
        {
          role: "option",
          id: `${this.list.id}-${i}`,
          "aria-selected": "false",
          onmousedown: (/** @type {MouseEvent} */ event) => {
            event.preventDefault();
            this.pick(person);
          },
        },
        h("span", { class: "who" }, person.name || t("erased")),
        h(
          "span",
          { class: "quiet" },
          [person.title, person.department].filter(Boolean).join(" · "),
        ),
        this.tag(person),
        person.roles.length
          ? h("span", { class: "chip" }, person.roles.map(this.events.roleTitle).join(", "))
          : null,
      ),
    );
    this.list.replaceChildren(...rows);
    const open = rows.length > 0;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.input.removeAttribute("aria-activedescendant");
    if (open) {
      const box = this.input.getBoundingClientRect();
      const room = window.innerHeight - box.bottom;
      this.list.classList.toggle("above", room < 220 && box.top > room);
    }
  }

  /**
   * What the title says about the person and this position.
   * @param {ContactView} person
   */
  tag(person) {
    const { t } = this;
    if (person.suits.includes(this.events.role()))
      return h("span", { class: "chip suits" }, t("title_suits"));
    const isAway = ["former", "future", "gatekeeper"].includes(person.title_state);
    return isAway ? h("span", { class: "chip" }, t(`title_${person.title_state}`)) : null;
  }

  hide() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && (!this.list.hidden || this.input.value !== this.saved)) {
      event.preventDefault();
      this.input.value = this.saved;
      this.events.typed(null);
      this.hide();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (this.list.hidden) this.show();
    if (!this.shown.length) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    this.at = (this.at + step + this.shown.length) % this.shown.length;
    [...this.list.children].forEach((row, i) =>
      row.setAttribute("aria-selected", String(i === this.at)),
    );
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  /** @param {ContactView} person */
  pick(person) {
    this.input.value = person.name ?? "";
    this.hide();
    this.send(person.person, person.name ?? "");
  }

  commit() {
    const typed = this.input.value.trim();
    if (typed === this.saved) {
      this.events.typed(null);
      return;
    }
    const same = this.events
      .people()
      .filter((person) => !person.end_kind && plain(person.name ?? "") === plain(typed));
    if (same.length > 1) this.events.ask(typed, same);
    else this.send(!typed ? null : same.length === 1 ? same[0].person : typed, typed);
  }

  /**
   * @param {string | null} value
   * @param {string} name
   */
  send(value, name) {
    this.saved = name;
    this.events.save(value, name);
  }
}
