// The lists that a coach is changing. This browser keeps them over a reload until they are applied or discarded.
import { LocalStore } from "../core/local_store.js";

/** @import { Language } from "../core/types.d.ts" */
/** @import { ListForm, ListInForce } from "../messages.d.ts" */

/**
 * What this browser keeps of the drafts: changed and new lists by key, the versions of lists to remove, and text in
 * fields that has not become a value yet.
 * @typedef {{
 *   lists: Record<string, ListForm>, removed: Record<string, number>, typed: Record<string, string>,
 *   forms: Record<string, any>, why: string, unused: boolean,
 * }} KeptDrafts
 */

/**
 * A list without what only the kernel says of it.
 * @param {ListForm & { is_draft?: boolean }} list
 * @returns {ListForm}
 */
export function asDraft({ is_draft: _isDraft, ...list }) {
  return structuredClone(list);
}

/**
 * @param {ListForm} one
 * @param {ListForm | undefined} other
 */
function isSame(one, other) {
  return JSON.stringify({ ...one, version: 0 }) === JSON.stringify({ ...other, version: 0 });
}

/**
 * Lists as a page shows them: base lists, the default, offering lists; each by name, "Region 2" before "Region 10".
 * @param {ListForm[]} lists
 * @param {Language} lang
 */
export function inOrder(lists, lang) {
  /** @param {ListForm} list */
  const rank = ({ kind, default: isDefault }) => (kind === "offering" ? 2 : isDefault ? 1 : 0);
  /** @param {ListForm} list */
  const name = ({ title }) => title[lang] || title.ko || title.en;
  return [...lists].sort(
    (a, b) => rank(a) - rank(b) || name(a).localeCompare(name(b), lang, { numeric: true }),
  );
}

export class ListDrafts {
  /** @param {() => Language} lang The language of the screen, which may change. */
  constructor(lang) {
    this.lang = lang;
    this.store = new LocalStore("coverage-kit:role-lists");
    /** @type {Map<string, ListForm>} By key, the lists in force as the kernel sent them last. */
    this.inForce = new Map();
    /** @type {KeptDrafts} */
    this.kept = {
      lists: {},
      removed: {},
      typed: {},
      forms: {},
      why: "",
      unused: false,
      ...this.store.read(),
    };
  }

  save() {
    const filled = Object.entries(this.kept).filter(([, value]) =>
      typeof value === "object" ? Object.keys(value).length : value,
    );
    this.store.write(Object.fromEntries(filled));
  }

  /**
   * The kernel sent the lists in force. Drafts that say the same are done.
   * @param {ListInForce[]} lists
   */
  take(lists) {
    this.inForce = new Map(lists.map((list) => [list.key, asDraft(list)]));
    for (const [key, draft] of Object.entries(this.kept.lists))
      if (isSame(draft, this.inForce.get(key))) delete this.kept.lists[key];
    for (const key of Object.keys(this.kept.removed))
      if (!this.inForce.has(key)) delete this.kept.removed[key];
    if (!this.isAny) Object.assign(this.kept, { why: "", unused: false });
    this.save();
  }

  get isAny() {
    return this.changed.length > 0 || this.removed.length > 0;
  }

  get changed() {
    return Object.values(this.kept.lists);
  }

  get removed() {
    return Object.entries(this.kept.removed).map(([key, version]) => ({ key, version }));
  }

  /** What a request about the drafts sends. */
  get body() {
    return { lists: this.changed, removed: this.removed, unused: this.kept.unused };
  }

  /** All lists as they would be. */
  get all() {
    const keys = new Set([...this.inForce.keys(), ...Object.keys(this.kept.lists)]);
    const lists = [...keys].flatMap((key) => this.find(key) ?? []);
    return inOrder(lists, this.lang());
  }

  /** @param {string} key */
  find(key) {
    return this.kept.lists[key] ?? this.inForce.get(key);
  }

  /** @param {string} key */
  isNew(key) {
    return !this.inForce.has(key);
  }

  /** @param {string} key */
  isRemoved(key) {
    return key in this.kept.removed;
  }

  /** @param {string} key */
  isChanged(key) {
    return key in this.kept.lists || this.isRemoved(key);
  }

  /**
   * Somebody else changed the list after this draft was begun.
   * @param {string} key
   */
  isStale(key) {
    const version = this.kept.removed[key] ?? this.kept.lists[key]?.version;
    return version !== undefined && version !== (this.inForce.get(key)?.version ?? 0);
  }

  /**
   * Go on with the draft on the version that is in force now.
   * @param {string} key
   */
  rebase(key) {
    const version = this.inForce.get(key)?.version ?? 0;
    if (key in this.kept.removed) this.kept.removed[key] = version;
    if (key in this.kept.lists) this.kept.lists[key].version = version;
    this.save();
  }

  /**
   * Change a list; a draft that says what is in force is none.
   * @param {string} key
   * @param {(list: ListForm) => void} act
   */
  change(key, act) {
    const list = this.find(key);
    if (!list) return;
    const draft = structuredClone(list);
    act(draft);
    this.put(draft);
  }

  /** @param {ListForm} draft */
  put(draft) {
    if (!this.isStale(draft.key) && isSame(draft, this.inForce.get(draft.key)))
      delete this.kept.lists[draft.key];
    else this.kept.lists[draft.key] = draft;
    delete this.kept.removed[draft.key];
    this.save();
  }

  /** @param {string} key */
  remove(key) {
    delete this.kept.lists[key];
    const inForce = this.inForce.get(key);
    if (inForce) this.kept.removed[key] = inForce.version;
    this.save();
  }

  /**
   * Forget what was not applied: of one list, or all. Returns it.
   * @param {string | null} key
   */
  discard(key = null) {
    const before = structuredClone(this.kept);
    if (key === null)
      Object.assign(this.kept, { lists: {}, removed: {}, typed: {}, why: "", unused: false });
    else {
      delete this.kept.lists[key];
      delete this.kept.removed[key];
    }
    this.save();
    return before;
  }

  /** @param {KeptDrafts} kept */
  restore(kept) {
    this.kept = kept;
    this.save();
  }

  /** @param {{ why?: string, unused?: boolean }} some */
  set(some) {
    Object.assign(this.kept, some);
    this.save();
  }

  /**
   * @param {string} field
   * @param {string} text
   */
  type(field, text) {
    if (text) this.kept.typed[field] = text;
    else delete this.kept.typed[field];
    this.save();
  }

  /**
   * What a dialog holds that was not saved; null forgets it.
   * @param {string} name
   * @param {Record<string, any> | null} value
   */
  keepForm(name, value) {
    if (value) this.kept.forms[name] = value;
    else delete this.kept.forms[name];
    this.save();
  }

  /**
   * A key that no list has.
   * @param {string} wanted
   */
  freeKey(wanted) {
    let key = wanted.slice(0, 34);
    for (let n = 2; this.find(key); n++) key = `${wanted.slice(0, 34)}_${n}`;
    return key;
  }
}
