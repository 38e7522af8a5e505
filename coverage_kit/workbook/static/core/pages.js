// Pages of accounts that were shown or may be shown next. They show at once while the current page is requested.

/** Number of pages kept; the least recently used goes first. */
export const KEPT = 1500;
/** Number of pages in one request: few enough that an edit does not wait for long. */
export const AT_ONCE = 8;

export class Pages {
  constructor(connection) {
    this.connection = connection;
    this.kept = new Map();
    this.coming = new Map();
  }

  /** The page received last, or a promise of the one on its way; undefined if it was never requested. */
  find(account) {
    return this.kept.get(account) ?? this.coming.get(account);
  }

  /** The whole page as it is now. If nothing changed, the kernel sends only that fact. */
  async open(account) {
    const kept = this.kept.get(account);
    const response = await this.connection.ask("open", { account, known: kept?.known });
    if (response.kind !== "page") return response;
    return {
      ...response,
      page: this.keep(account, response.same ? kept.page : response.page, response.known),
    };
  }

  /** Request pages before they are opened. */
  ahead(accounts) {
    const wanted = accounts.filter((account) => account && !this.find(account));
    if (!wanted.length) return null;
    const asked = this.connection.ask("ahead", { accounts: wanted }, { long: true });
    for (const account of wanted) {
      const own = asked.then((response) => {
        if (this.coming.get(account) !== own) return this.kept.get(account);
        this.coming.delete(account);
        const page = response.pages?.find((each) => each.account.id === account);
        if (page) this.keep(account, page, response.known);
        return this.kept.get(account);
      });
      this.coming.set(account, own);
    }
    return asked;
  }

  keep(account, page, known) {
    this.drop(account);
    this.kept.set(account, { page, known });
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    return page;
  }

  /** Mark a page as recently used. */
  touch(account) {
    const kept = this.kept.get(account);
    if (kept) this.keep(account, kept.page, kept.known);
  }

  /** Forget a page that has changed. */
  drop(account) {
    this.kept.delete(account);
    this.coming.delete(account);
  }
}
