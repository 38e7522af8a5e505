// The lists that a coach is changing. This browser keeps them over a reload until they are applied or discarded.
import { LocalStore } from "../core/local_store.js";

/** A list without what only the kernel says of it. */
export function asDraft({ is_draft: _isDraft, ...list }) {
  return structuredClone(list);
}

function isSame(one, other) {
  return JSON.stringify({ ...one, version: 0 }) === JSON.stringify({ ...other, version: 0 });
}

/** Lists in the order of their names; "Region 2" before "Region 10". */
function byTitle(a, b) {
  return (a.title.ko || a.title.en).localeCompare(b.title.ko || b.title.en, "ko", {
    numeric: true,
  });
}

export class ListDrafts {
  constructor() {
    this.store = new LocalStore("coverage-kit:role-lists");
    /** By key, the lists in force as the kernel sent them last. */
    this.inForce = new Map();
    /**
     * `lists` are changed and new lists by key, `removed` the versions of lists to remove; `typed` is text in fields
     * that has not become a value yet; `forms` is what the dialogs of offerings and pins hold.
     */
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

  /** The kernel sent the lists in force. Drafts that say the same are done. */
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

  /** All lists as they would be, base lists first. */
  get all() {
    const keys = new Set([...this.inForce.keys(), ...Object.keys(this.kept.lists)]);
    const rank = ({ kind, default: isDefault }) => (kind === "offering" ? 2 : isDefault ? 1 : 0);
    return [...keys]
      .map((key) => this.find(key))
      .sort((a, b) => rank(a) - rank(b) || byTitle(a, b));
  }

  find(key) {
    return this.kept.lists[key] ?? this.inForce.get(key);
  }

  isNew(key) {
    return !this.inForce.has(key);
  }

  isRemoved(key) {
    return key in this.kept.removed;
  }

  isChanged(key) {
    return key in this.kept.lists || this.isRemoved(key);
  }

  /** Somebody else changed the list after this draft was begun. */
  isStale(key) {
    const version = this.kept.removed[key] ?? this.kept.lists[key]?.version;
    return version !== undefined && version !== (this.inForce.get(key)?.version ?? 0);
  }

  /** Go on with the draft on the version that is in force now. */
  rebase(key) {
    const version = this.inForce.get(key)?.version ?? 0;
    if (key in this.kept.removed) this.kept.removed[key] = version;
    if (key in this.kept.lists) this.kept.lists[key].version = version;
    this.save();
  }

  /** Change a list; a draft that says what is in force is none. */
  change(key, act) {
    const draft = structuredClone(this.find(key));
    act(draft);
    this.put(draft);
  }

  put(draft) {
    if (!this.isStale(draft.key) && isSame(draft, this.inForce.get(draft.key)))
      delete this.kept.lists[draft.key];
    else this.kept.lists[draft.key] = draft;
    delete this.kept.removed[draft.key];
    this.save();
  }

  remove(key) {
    delete this.kept.lists[key];
    if (this.inForce.has(key)) this.kept.removed[key] = this.inForce.get(key).version;
    this.save();
  }

  /** Forget what was not applied: of one list, or all. Returns it. */
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

  restore(kept) {
    this.kept = kept;
    this.save();
  }

  set(name, value) {
    this.kept[name] = value;
    this.save();
  }

  type(field, text) {
    if (text) this.kept.typed[field] = text;
    else delete this.kept.typed[field];
    this.save();
  }

  /** What a dialog holds that was not saved; null forgets it. */
  keepForm(name, value) {
    if (value) this.kept.forms[name] = value;
    else delete this.kept.forms[name];
    this.save();
  }

  /** A key that no list has. */
  freeKey(wanted) {
    let key = wanted.slice(0, 34);
    for (let n = 2; this.find(key); n++) key = `${wanted.slice(0, 34)}_${n}`;
    return key;
  }
}
