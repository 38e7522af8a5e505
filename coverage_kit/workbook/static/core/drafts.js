// Drafts: text that was typed and not saved yet. This browser keeps them over a reload and offers them again.

export class Drafts {
  /**
   * @param versionOf gives the version of a slot that is on the screen: `(account, role) => number`
   * @param ownerOf gives the rep whose account it is, and the account's name: `(account) => ({ rep, name })`
   */
  constructor(versionOf, ownerOf) {
    this.versionOf = versionOf;
    this.ownerOf = ownerOf;
    this.entries = {};
    this.store = null;
  }

  load(store) {
    this.store = store;
    this.entries = store.read();
  }

  /** Where the drafts are: [account, role, field] each. */
  places() {
    return Object.keys(this.entries).map((key) => key.split("|"));
  }

  get(account, role, field) {
    return this.entries[`${account}|${role}|${field}`];
  }

  /** The texts of one slot or person, by field. */
  at(account, role) {
    const start = `${account}|${role}|`;
    const own = Object.entries(this.entries).filter(([key]) => key.startsWith(start));
    return Object.fromEntries(own.map(([key, { text }]) => [key.slice(start.length), text]));
  }

  /** `base` is the version seen when the text was begun; `asked` means that it met another change and only Enter sends it. */
  keep(account, role, field, text, { base = undefined, asked = false } = {}) {
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

  /** Keep the text of an edit that was not saved, where nothing newer has been typed. */
  keepUnsaved({ account, role, field, text, value, base }, asked = false) {
    const texts = {
      holder: { holder: text },
      grounds: { grounds: text },
      not_applicable: { reason: value?.reason },
      proposed: { reason: value?.reason },
      ended: { new_title: value?.title, moved_to: value?.moved_to },
    }[field];
    for (const [name, each] of Object.entries(texts ?? {})) {
      const where = [account, role || value.person, name];
      if (each && !this.get(...where)) this.keep(...where, each, { base, asked });
    }
  }

  /** Remove from a person's card what was saved, also if an earlier page had sent it. */
  cardSaved({ account, value }) {
    const { about, ...typed } = JSON.parse(this.at(account, value.person).details ?? "{}");
    const left = Object.entries(typed).filter(([key, text]) => text.trim() !== value[key]);
    const rest = left.length ? JSON.stringify({ about, ...Object.fromEntries(left) }) : null;
    this.keep(account, value.person, "details", rest);
  }

  /** An edit raised the slot's version: drafts begun on the version before go on from the new one. */
  advance(account, role, from, to) {
    for (const [field, text] of Object.entries(this.at(account, role))) {
      const { base, asked } = this.get(account, role, field);
      if (base === from) this.keep(account, role, field, text, { base: to, asked });
    }
  }

  isAsked(account, role, field) {
    return Boolean(this.get(account, role, field)?.asked);
  }

  /** A conflict was decided: forget the text it was about. Text typed since then stays, on the version decided on. */
  forget({ account, role, field, value, text }, base) {
    const draft = this.get(account, role, field);
    if (draft && draft.text.trim() !== text)
      this.keep(account, role, field, draft.text, { base: base ?? draft.base });
    else this.keep(account, role, field, null);
    if (field === "detail") this.keep(account, value.person, "details", null);
  }
}
