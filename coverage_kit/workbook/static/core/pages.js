// Pages of accounts that were shown or may be shown next. They show at once while the current page is requested.

/** @import { PageView } from "../messages.d.ts" */
/** @import { Connection } from "./connection.js" */
/** @import { AccountScreen } from "./types.d.ts" */

/** @typedef {{ page: PageView, known: string | undefined }} Kept */

/** Number of pages kept; the least recently used goes first. */
export const KEPT = 1500;
/** Number of pages in one request: few enough that an edit does not wait for long. */
export const AT_ONCE = 8;

export class Pages {
  /** @param {Connection<AccountScreen>} connection */
  constructor(connection) {
    this.connection = connection;
    /** @type {Map<string, Kept>} */
    this.kept = new Map();
    /** @type {Map<string, Promise<Kept | undefined>>} */
    this.coming = new Map();
  }

  /**
   * The page received last, or a promise of the one on its way; undefined if it was never requested.
   * @param {string} account
   */
  find(account) {
    return this.kept.get(account) ?? this.coming.get(account);
  }

  /**
   * The whole page as it is now. If nothing changed, the kernel sends only that fact.
   * @param {string} account
   */
  async open(account) {
    const kept = this.kept.get(account);
    const response = await this.connection.ask("open", { account, known: kept?.known });
    if (response.kind !== "page") return response;
    const page = response.same ? kept?.page : response.page;
    return page ? { ...response, page: this.keep(account, page, response.known) } : response;
  }

  /**
   * Request pages before they are opened.
   * @param {string[]} accounts
   */
  ahead(accounts) {
    const wanted = accounts.filter((account) => !this.find(account));
    if (!wanted.length) return null;
    const asked = this.connection.ask("ahead", { accounts: wanted }, { long: true });
    for (const account of wanted) {
      /** @type {Promise<Kept | undefined>} */
      const own = asked.then((response) => {
        if (this.coming.get(account) !== own) return this.kept.get(account);
        this.coming.delete(account);
        if (response.kind === "ahead") {
          const page = response.pages.find((each) => each.account.id === account);
          if (page) this.keep(account, page, response.known);
        }
        return this.kept.get(account);
      });
      this.coming.set(account, own);
    }
    return asked;
  }

  /**
   * @param {string} account
   * @param {PageView} page
   * @param {string} [known]
   */
  keep(account, page, known) {
    this.drop(account);
    this.kept.set(account, { page, known });
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT) this.kept.delete(oldest);
    return page;
  }

  /**
   * Mark a page as recently used.
   * @param {string} account
   */
  touch(account) {
    const kept = this.kept.get(account);
    if (kept) this.keep(account, kept.page, kept.known);
  }

  /**
   * Forget a page that has changed.
   * @param {string} account
   */
  drop(account) {
    this.kept.delete(account);
    this.coming.delete(account);
  }
}
