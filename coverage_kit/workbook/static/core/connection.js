// The connection to the kernel: requests, and edits that count as saved only when the response says so.

import { personalLink } from "./link.js";

const LATE_MS = 4000;
const AGAIN_MS = 6000;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** An id for an edit, made in the page so that sending it again writes nothing twice. */
export function newEditId() {
  return (
    "ed_" +
    Array.from(crypto.getRandomValues(new Uint8Array(13)), (byte) => LETTERS[byte & 31]).join("")
  );
}

export class Connection {
  /**
   * @param model the widget's model
   * @param events its functions `response(message, response)`, `state(state)`, `base(account, role)` and
   * `clock(response)`, which resolves to whether the computer's date is right
   */
  constructor(model, events) {
    this.model = model;
    this.events = events;
    this.seq = 0;
    this.waiting = new Map();
    this.outbox = [];
    /** Sent with every message: the rep whose accounts are meant. */
    this.extra = {};
    /** Goes with the first message, which binds the kernel to that person. */
    this.link = personalLink();
    this.trouble = null;
    /** The kernel has ended, and this page cannot reach another. */
    this.gone = false;
    this.savedAt = "";
    this.store = null;
    this.receive = this.receive.bind(this);
    model.on("msg:custom", this.receive);
    this.timer = setInterval(() => this.watch(), 500);
  }

  close() {
    clearInterval(this.timer);
    this.model.off("msg:custom", this.receive);
  }

  /** Send again the edits that an earlier page got no response to. */
  resume(store) {
    this.store = store;
    for (const message of Object.values(store.read()))
      this.outbox.push({ message: { ...this.extra, ...message }, sent: 0 });
    this.next();
  }

  /** Send a request; resolves with the response. A `long` request is never reported as late. */
  ask(kind, body = {}, { long = false, bytes = [] } = {}) {
    const message = { kind, seq: ++this.seq, ...this.extra, ...body };
    return new Promise((resolve) => {
      const sent = performance.now();
      this.waiting.set(message.seq, { resolve, message, sent, again: sent, question: !long });
      this.post(message, bytes);
    });
  }

  /** Send an edit; resolves with the response. It stays in the outbox, also over a reload, until then. */
  edit(body) {
    const message = { kind: "edit", edit_id: newEditId(), ...this.extra, ...body };
    // The version seen now, however long the edit waits behind others.
    if (message.kind === "edit") message.base ??= this.events.base(message.account, message.role);
    return new Promise((resolve) => {
      this.outbox.push({ message, sent: 0, resolve });
      this.store?.set(message.edit_id, message);
      this.next();
    });
  }

  /** Whether a response is awaited. */
  get isBusy() {
    return this.waiting.size > 0;
  }

  /** The edits of one field that await a response, oldest first. */
  underWay(account, role, field) {
    return this.outbox
      .map(({ message }) => message)
      .filter(
        (message) =>
          message.account === account && message.role === role && message.field === field,
      );
  }

  pendingFor(account, role) {
    return this.outbox.some(({ message }) => message.account === account && message.role === role);
  }

  /** Send one edit per slot at a time, so that each is based on the version that the one before made. */
  next() {
    const busy = new Set();
    for (const item of this.outbox) {
      const slot = `${item.message.account}:${item.message.role ?? ""}`;
      if (!busy.has(slot) && !item.sent) this.send(item);
      busy.add(slot);
    }
    this.reportState();
  }

  send(item) {
    const { message } = item;
    item.first ??= performance.now();
    item.sent = performance.now();
    item.seq = ++this.seq;
    this.waiting.set(item.seq, { item, sent: item.sent });
    this.post({ ...message, ...item.confirmed, seq: item.seq });
  }

  /** JupyterLab throws when the kernel was restarted: the new kernel does not know this page. */
  post(message, bytes = []) {
    const first = this.link ? { link: this.link } : {};
    this.link = null;
    try {
      this.model.send({ ...message, ...first }, undefined, bytes);
    } catch {
      this.gone = true;
    }
  }

  receive(response) {
    const wait = this.waiting.get(response.seq);
    if (!wait) return;
    this.waiting.delete(response.seq);
    if (response.code === "store.clock") {
      this.askClock(wait, response);
      return;
    }
    if (wait.resolve) {
      wait.resolve(response);
      this.reportState();
      return;
    }
    const { item } = wait;
    if (!this.outbox.includes(item)) return;
    if (response.kind === "unavailable") {
      this.trouble = response.text;
      this.reportState();
      return;
    }
    if (this.trouble) this.release();
    this.trouble = null;
    this.outbox.splice(this.outbox.indexOf(item), 1);
    this.store?.remove(item.message.edit_id);
    if (response.kind === "saved") this.savedAt = response.at;
    this.events.response(item.message, response);
    item.resolve?.(response);
    this.next();
  }

  /** The computer's date may be wrong. One question for all that wait; until it is decided, nothing is sent again. */
  async askClock(wait, response) {
    const { item } = wait;
    if (item) Object.assign(item, { sent: Infinity, first: undefined });
    this.clockQuestion ??= this.events.clock(response).finally(() => (this.clockQuestion = null));
    const confirmed = { clock: "confirmed" };
    if (await this.clockQuestion) {
      if (item) this.send(Object.assign(item, { confirmed }));
      else this.askAnew({ ...wait, message: { ...wait.message, ...confirmed } });
    } else if (item) this.trouble = response.text;
    else wait.resolve(response);
    this.reportState();
  }

  askAnew(wait) {
    const message = { ...wait.message, seq: ++this.seq };
    const sent = performance.now();
    this.waiting.set(message.seq, { ...wait, message, sent, again: sent });
    this.post(message);
  }

  /** Edits that were held back because of the clock can be sent again. */
  release() {
    for (const item of this.outbox) if (item.sent === Infinity) item.sent = 0;
  }

  /** Waiting edits of a slot are based on the version that an earlier edit of this page made. */
  rebase(account, role, from, to) {
    for (const { message, sent } of this.outbox) {
      if (sent || message.account !== account || message.role !== role || message.base !== from)
        continue;
      message.base = to;
      this.store?.set(message.edit_id, message);
    }
  }

  again() {
    for (const item of this.outbox) item.sent = 0;
    this.askAgain(0);
    this.next();
  }

  /** Send acts again that got no response for so long; each has an edit id and is written once. */
  askAgain(ms) {
    const now = performance.now();
    for (const wait of this.waiting.values()) {
      if (!wait.message?.edit_id || now - wait.again < ms) continue;
      wait.again = now;
      this.post(wait.message);
    }
  }

  watch() {
    const now = performance.now();
    if (this.outbox.some((item) => item.sent && now - item.sent > AGAIN_MS)) this.again();
    else this.askAgain(AGAIN_MS);
    this.reportState();
  }

  /** Report the state when it changed. */
  reportState() {
    const now = performance.now();
    const late =
      this.outbox.some((item) => item.first && now - item.first > LATE_MS) ||
      [...this.waiting.values()].some((wait) => wait.question && now - wait.sent > LATE_MS);
    const state = {
      pending: this.outbox.length,
      late: late || this.gone || this.trouble !== null,
      gone: this.gone,
      trouble: this.trouble,
      savedAt: this.savedAt,
    };
    const print = JSON.stringify(state);
    if (print === this.reported) return;
    this.reported = print;
    this.events.state(state);
  }
}
