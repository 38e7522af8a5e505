// The connection to the kernel: requests, and edits that count as saved only when the response says so.

import { personalLink } from "./link.js";

/** @import { Problem, Progress } from "../messages.d.ts" */
/** @import { LocalStore } from "./local_store.js" */
/** @import { Body, EditBody, Incoming, Kind, Model, Outgoing, Reply, Saved, Screen, Status } from "./types.d.ts" */

/**
 * What the connection calls back. `base` gives the version seen of a slot; `clock` resolves to whether the computer's
 * date is right; `progress` comes without a request.
 * @template {Screen} S
 * @typedef {{
 *   response: (message: Outgoing, response: Saved<S>) => void,
 *   state: (state: Status) => void,
 *   base: (account: string, role: string) => number | undefined,
 *   clock: (response: Problem) => Promise<boolean>,
 *   progress: (progress: Progress) => void,
 * }} Events
 */
/**
 * An edit in the outbox: when it was sent last (0: not yet) and first.
 * @template {Screen} S
 * @typedef {{
 *   message: Outgoing, sent: number, first?: number, confirmed?: { clock: string },
 *   resolve?: (response: Saved<S>) => void,
 * }} Item
 */
/** @typedef {{ kind: string, seq: number, edit_id?: string | null }} Message */
/**
 * What awaits a response: a request, or an edit of the outbox.
 * @template {Screen} S
 * @typedef {{
 *   item?: undefined, message: Message, resolve: (response: Incoming) => void, sent: number, again: number,
 *   question: boolean,
 * } | { item: Item<S>, sent: number }} Wait
 */

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

/** @template {Screen} S */
export class Connection {
  /**
   * @param {Model} model
   * @param {Events<S>} events
   */
  constructor(model, events) {
    this.model = model;
    this.events = events;
    this.seq = 0;
    /** @type {Map<number, Wait<S>>} */
    this.waiting = new Map();
    /** @type {Item<S>[]} */
    this.outbox = [];
    /**
     * Sent with every message: the rep whose accounts are meant.
     * @type {{ rep?: string }}
     */
    this.extra = {};
    /** Goes with the first message, which binds the kernel to that person. */
    this.link = personalLink();
    /** @type {Problem["text"] | null} */
    this.trouble = null;
    /** @type {Promise<boolean> | null} */
    this.clockQuestion = null;
    /** The kernel has ended, and this page cannot reach another. */
    this.gone = false;
    this.savedAt = "";
    this.reported = "";
    /** @type {LocalStore<Outgoing> | null} */
    this.store = null;
    this.receive = this.receive.bind(this);
    model.on("msg:custom", this.receive);
    this.timer = setInterval(() => this.watch(), 500);
  }

  close() {
    clearInterval(this.timer);
    this.model.off("msg:custom", this.receive);
  }

  /**
   * Send again the edits that an earlier page got no response to.
   * @param {LocalStore<Outgoing>} store
   */
  resume(store) {
    this.store = store;
    for (const message of Object.values(store.read()))
      this.outbox.push({ message: { ...this.extra, ...message }, sent: 0 });
    this.next();
  }

  /**
   * Send a request; resolves with the response. A `long` request is never reported as late.
   * @template {Kind<S>} K
   * @param {K} kind
   * @param {Body<S, K>} [body]
   * @param {{ long?: boolean, bytes?: ArrayBuffer[] }} options
   * @returns {Promise<Reply<S, K>>}
   */
  ask(kind, body, { long = false, bytes = [] } = {}) {
    const message = { kind, seq: ++this.seq, ...this.extra, ...body };
    /** @type {Promise<Incoming>} */
    const response = new Promise((resolve) => {
      const sent = performance.now();
      this.waiting.set(message.seq, { resolve, message, sent, again: sent, question: !long });
      this.post(message, bytes);
    });
    // The kernel's model of a request decides what comes back; the table in types.d.ts says the same.
    return /** @type {Promise<Reply<S, K>>} */ (response);
  }

  /**
   * Send an edit; resolves with the response. It stays in the outbox, also over a reload, until then.
   * @param {EditBody<S>} body
   * @returns {Promise<Saved<S>>}
   */
  edit(body) {
    /** @type {Outgoing} */
    const message = { kind: "edit", edit_id: newEditId(), ...this.extra, ...body };
    // The version seen now, however long the edit waits behind others.
    if (message.kind === "edit")
      message.base ??= this.events.base(message.account ?? "", message.role ?? "");
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

  /**
   * The edits of one field that await a response, oldest first.
   * @param {string | null} account
   * @param {string} role
   * @param {string} field
   */
  underWay(account, role, field) {
    return this.outbox
      .map(({ message }) => message)
      .filter(
        (message) =>
          message.account === account && message.role === role && message.field === field,
      );
  }

  /**
   * @param {string | null} account
   * @param {string} role
   */
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

  /** @param {Item<S>} item */
  send(item) {
    item.first ??= performance.now();
    item.sent = performance.now();
    const seq = ++this.seq;
    this.waiting.set(seq, { item, sent: item.sent });
    this.post({ ...item.message, ...item.confirmed, seq });
  }

  /**
   * JupyterLab throws when the kernel was restarted: the new kernel does not know this page.
   * @param {Message} message
   * @param {ArrayBuffer[]} bytes
   */
  post(message, bytes = []) {
    const first = this.link ? { link: this.link } : {};
    this.link = null;
    try {
      this.model.send({ ...message, ...first }, undefined, bytes);
    } catch {
      this.gone = true;
    }
  }

  /** @param {Incoming} response */
  receive(response) {
    const seq = response.seq ?? 0;
    const wait = this.waiting.get(seq);
    if (!wait) {
      if (response.kind === "progress") this.events.progress(response);
      return;
    }
    this.waiting.delete(seq);
    if ("code" in response && response.code === "store.clock") {
      this.askClock(wait, response);
      return;
    }
    if (wait.item) this.editReceived(wait.item, /** @type {Saved<S>} */ (response));
    else {
      wait.resolve(response);
      this.reportState();
    }
  }

  /**
   * @param {Item<S>} item
   * @param {Saved<S>} response
   */
  editReceived(item, response) {
    if (!this.outbox.includes(item)) return;
    if (isUnavailable(response)) {
      this.trouble = response.text;
      this.reportState();
      return;
    }
    if (this.trouble) this.release();
    this.trouble = null;
    this.outbox.splice(this.outbox.indexOf(item), 1);
    this.store?.remove(item.message.edit_id);
    if ("at" in response) this.savedAt = String(response.at);
    this.events.response(item.message, response);
    item.resolve?.(response);
    this.next();
  }

  /**
   * The computer's date may be wrong. One question for all that wait; until it is decided, nothing is sent again.
   * @param {Wait<S>} wait
   * @param {Problem} response
   */
  async askClock(wait, response) {
    if (wait.item) Object.assign(wait.item, { sent: Infinity, first: undefined });
    this.clockQuestion ??= this.events.clock(response).finally(() => (this.clockQuestion = null));
    const isRight = await this.clockQuestion;
    if (wait.item) {
      if (isRight) this.send(Object.assign(wait.item, { confirmed: { clock: "confirmed" } }));
      else this.trouble = response.text;
    } else if (isRight) {
      const message = { ...wait.message, clock: "confirmed", seq: ++this.seq };
      const sent = performance.now();
      this.waiting.set(message.seq, { ...wait, message, sent, again: sent });
      this.post(message);
    } else wait.resolve(response);
    this.reportState();
  }

  /** Edits that were held back because of the clock can be sent again. */
  release() {
    for (const item of this.outbox) if (item.sent === Infinity) item.sent = 0;
  }

  /**
   * Waiting edits of a slot are based on the version that an earlier edit of this page made.
   * @param {string} account
   * @param {string} role
   * @param {number} from
   * @param {number} to
   */
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

  /**
   * Send acts again that got no response for so long; each has an edit id and is written once.
   * @param {number} ms
   */
  askAgain(ms) {
    const now = performance.now();
    for (const wait of this.waiting.values()) {
      if (wait.item || !wait.message.edit_id || now - wait.again < ms) continue;
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
      [...this.waiting.values()].some(
        (wait) => !wait.item && wait.question && now - wait.sent > LATE_MS,
      );
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

/**
 * @param {{ kind: string }} response
 * @returns {response is Problem}
 */
function isUnavailable(response) {
  return response.kind === "unavailable";
}
