// Accounts that were shown, or may be shown next: they show at once, and are asked for again meanwhile.

/** So many are kept; the ones seen longest ago go first. */
export const KEPT = 1500;
/** So many are asked for at once: few enough that whoever does something meanwhile does not wait. */
export const AT_ONCE = 8;

export class Pages {
  constructor(talk) {
    this.talk = talk;
    this.kept = new Map();
    this.coming = new Map();
  }

  /** The account as it was told last, also when that is just on its way; nothing where it was never asked for. */
  find(account) {
    return this.kept.get(account) ?? this.coming.get(account);
  }

  /** The account as it is now, whole; where nothing was written since, the program says only that. */
  async open(account) {
    const kept = this.kept.get(account);
    const answer = await this.talk.ask("open", { account, known: kept?.known });
    if (answer.kind !== "page") return answer;
    return {
      ...answer,
      page: this.keep(account, answer.same ? kept.page : answer.page, answer.known),
    };
  }

  /** Ask for accounts before anybody opens them, all at once. */
  ahead(accounts) {
    const wanted = accounts.filter((account) => account && !this.find(account));
    if (!wanted.length) return null;
    const asked = this.talk.ask("ahead", { accounts: wanted }, { long: true });
    for (const account of wanted) {
      const own = asked.then((answer) => {
        if (this.coming.get(account) !== own) return this.kept.get(account);
        this.coming.delete(account);
        const page = answer.pages?.find((each) => each.account.id === account);
        if (page) this.keep(account, page, answer.known);
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

  /** What is likely to be opened is not what goes first. */
  touch(account) {
    const kept = this.kept.get(account);
    if (kept) this.keep(account, kept.page, kept.known);
  }

  /** Something of the account was changed: what was kept is no longer so. */
  drop(account) {
    this.kept.delete(account);
    this.coming.delete(account);
  }
}
