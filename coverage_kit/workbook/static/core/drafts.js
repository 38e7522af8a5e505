// Drafts: text that was typed and not saved yet. This browser keeps them over a reload and offers them again.

/** @import { LocalStore } from "./local_store.js" */
/** @import { Draft, EditDetails, Outgoing, Place } from "./types.d.ts" */

export class Drafts {
  /**
   * @param {(account: string, role: string) => number | undefined} versionOf the version of a slot on the screen
   * @param {(account: string) => { rep: string, name?: string } | null} ownerOf the rep whose account it is, and the
   * account's name
   */
  constructor(versionOf, ownerOf) {
    this.versionOf = versionOf;
    this.ownerOf = ownerOf;
    /** @type {Record<string, Draft>} */
    this.entries = {};
    /** @type {LocalStore<Draft> | null} */
    this.store = null;
  }

  /** @param {LocalStore<Draft>} store */
  load(store) {
    this.store = store;
    this.entries = store.read();
  }

  /** Where the drafts are. */
  places() {
    return Object.keys(this.entries).map((key) => /** @type {Place} */ (key.split("|")));
  }

  /**
   * @param {string | null} account
   * @param {string} role
   * @param {string} field
   * @returns {Draft | undefined}
   */
  get(account, role, field) {
    return this.entries[`${account}|${role}|${field}`];
  }

  /**
   * The texts of one slot or person, by field.
   * @param {string | null} account
   * @param {string | null | undefined} role
   * @returns {Record<string, string | undefined>}
   */
  at(account, role) {
    const start = `${account}|${role}|`;
    const own = Object.entries(this.entries).filter(([key]) => key.startsWith(start));
    return Object.fromEntries(own.map(([key, { text }]) => [key.slice(start.length), text]));
  }

  /**
   * `base` is the version seen when the text was begun; `asked` means that it met another change and only Enter
   * sends it.
   * @param {string} account
   * @param {string} role
   * @param {string} field
   * @param {string | null} text
   * @param {{ base?: number, asked?: boolean }} about
   */
  keep(account, role, field, text, { base, asked = false } = {}) {
    const key = `${account}|${role}|${field}`;
    if (text === null) {
      if (key in this.entries) this.store?.remove(key);
      delete this.entries[key];
      return;
    }
    const seen = base ?? this.entries[key]?.base ?? this.versionOf(account, role);
    this.entries[key] = { ...this.ownerOf(account), text, base: seen, asked };
    this.store?.set(key, this.entries[key]);
  }

  /**
   * Keep the text of an edit that was not saved, where nothing newer has been typed.
   * @param {Outgoing} message
   */
  keepUnsaved({ account, role, field, text, value, base }, asked = false) {
    const { person, reason, title, moved_to } = detailsOf(value);
    /** @type {Record<string, Record<string, string | null | undefined>>} */
    const texts = {
      holder: { holder: text },
      grounds: { grounds: text },
      not_applicable: { reason },
      proposed: { reason },
      ended: { new_title: title, moved_to },
    };
    for (const [name, each] of Object.entries(texts[field ?? ""] ?? {})) {
      /** @type {Place} */
      const where = [account ?? "", role || (person ?? ""), name];
      if (each && !this.get(...where)) this.keep(...where, each, { base, asked });
    }
  }

  /**
   * Remove from a person's card what was saved, also if an earlier page had sent it.
   * @param {Outgoing} message
   */
  cardSaved({ account, value }) {
    const saved = /** @type {Record<string, unknown>} */ (detailsOf(value));
    const person = detailsOf(value).person ?? "";
    const { about, ...typed } = JSON.parse(this.at(account ?? "", person).details ?? "{}");
    const left = Object.entries(typed).filter(([key, text]) => text.trim() !== saved[key]);
    const rest = left.length ? JSON.stringify({ about, ...Object.fromEntries(left) }) : null;
    this.keep(account ?? "", person, "details", rest);
  }

  /**
   * An edit raised the slot's version: drafts begun on the version before go on from the new one.
   * @param {string} account
   * @param {string} role
   * @param {number} from
   * @param {number} to
   */
  advance(account, role, from, to) {
    for (const field of Object.keys(this.at(account, role))) {
      const draft = this.get(account, role, field);
      if (draft?.base !== from) continue;
      this.keep(account, role, field, draft.text, { base: to, asked: draft.asked });
    }
  }

  /**
   * @param {string | null} account
   * @param {string} role
   * @param {string} field
   */
  isAsked(account, role, field) {
    return Boolean(this.get(account, role, field)?.asked);
  }

  /**
   * A conflict was decided: forget the text it was about. Text typed since then stays, on the version decided on.
   * @param {Outgoing} message
   * @param {number} [base]
   */
  forget({ account, role, field, value, text }, base) {
    /** @type {Place} */
    const where = [account ?? "", role ?? "", field ?? ""];
    const draft = this.get(...where);
    if (draft && draft.text.trim() !== text)
      this.keep(...where, draft.text, { base: base ?? draft.base });
    else this.keep(...where, null);
    const { person } = detailsOf(value);
    if (field === "detail" && person) this.keep(where[0], person, "details", null);
  }
}

/**
 * The details that an edit carries; none if its value is a single one.
 * @param {Outgoing["value"]} value
 * @returns {EditDetails}
 */
export function detailsOf(value) {
  return typeof value === "object" && value ? value : {};
}
