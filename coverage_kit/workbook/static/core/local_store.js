// What this browser keeps between visits. A private window keeps nothing, and the screens work without it.

/**
 * Read one remembered setting.
 * @param {string} name
 */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/**
 * Remember one setting.
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A private window: the setting holds until the page closes.
  }
}

/**
 * A small record under one name; it is removed when it becomes empty.
 * @template T
 */
export class LocalStore {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** @returns {Record<string, T>} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "{}") ?? {};
    } catch {
      return {};
    }
  }

  /** @param {Record<string, T>} record */
  write(record) {
    try {
      if (Object.keys(record).length) localStorage.setItem(this.name, JSON.stringify(record));
      else localStorage.removeItem(this.name);
    } catch {
      // A private window: the text is still on the screen.
    }
  }

  /**
   * Read before writing: another page of this browser may keep keys of its own.
   * @param {string} key
   * @param {T} value
   */
  set(key, value) {
    this.write({ ...this.read(), [key]: value });
  }

  /** @param {string} key */
  remove(key) {
    const { [key]: _, ...rest } = this.read();
    this.write(rest);
  }
}
