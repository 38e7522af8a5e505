// Accounts that were shown, or are likely to be shown next: they show at once, and are asked for again meanwhile.

const KEPT = 300;

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
    return { ...answer, page: this.keep(account, answer.same ? kept.page : answer.page, answer.known) };
  }

  /** Ask for an account before anybody opens it. */
  ahead(account) {
    if (!account || this.find(account)) return this.coming.get(account);
    const asked = this.talk.ask("open", { account, ahead: true }).then((answer) => {
      if (this.coming.get(account) === asked && answer.kind === "page") this.keep(account, answer.page, answer.known);
      this.coming.delete(account);
      return this.kept.get(account);
    });
    this.coming.set(account, asked);
    return asked;
  }

  keep(account, page, known) {
    this.drop(account);
    this.kept.set(account, { page, known });
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    return page;
  }

  /** Something of the account was changed: what was kept is no longer so. */
  drop(account) {
    this.kept.delete(account);
    this.coming.delete(account);
  }
}
