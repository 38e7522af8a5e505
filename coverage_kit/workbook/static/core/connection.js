// The conversation with the kernel: questions, and edits that count as saved only once the answer says so.

const LATE_MS = 4000;
const AGAIN_MS = 6000;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** An id for an edit, made here so that sending it again writes nothing twice. */
export function newEditId() {
  return (
    "ed_" +
    Array.from(crypto.getRandomValues(new Uint8Array(13)), (byte) => LETTERS[byte & 31]).join("")
  );
}

/** What this browser keeps until it is saved: one small record under one name, gone when it is empty. */
export class Shelf {
  constructor(name) {
    this.name = name;
  }
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) ?? {};
    } catch {
      return {};
    }
  }
  write(record) {
    try {
      if (Object.keys(record).length) localStorage.setItem(this.name, JSON.stringify(record));
      else localStorage.removeItem(this.name);
    } catch {
      /* a private window keeps nothing; the text is still on the screen */
    }
  }
  set(key, value) {
    this.write({ ...this.read(), [key]: value });
  }
  remove(key) {
    const { [key]: _, ...rest } = this.read();
    this.write(rest);
  }
}

export class Talk {
  /**
   * @param model the widget's model
   * @param events { answer(message, answer), state(state), base(account, role) }
   */
  constructor(model, events) {
    this.model = model;
    this.events = events;
    this.seq = 0;
    this.waiting = new Map();
    this.outbox = [];
    /** Goes along with everything that is sent: whose accounts are meant. */
    this.extra = {};
    this.trouble = null;
    /** The program has ended, and this page can reach no other. */
    this.gone = false;
    this.savedAt = "";
    this.shelf = null;
    this.receive = this.receive.bind(this);
    model.on("msg:custom", this.receive);
    this.timer = setInterval(() => this.watch(), 500);
  }

  close() {
    clearInterval(this.timer);
    this.model.off("msg:custom", this.receive);
  }

  /** Take up what an earlier page could not get an answer for, and send it again. */
  resume(shelf) {
    this.shelf = shelf;
    for (const message of Object.values(shelf.read()))
      this.outbox.push({ message: { ...this.extra, ...message }, sent: 0 });
    this.next();
  }

  /** Ask something; the promise is kept when the answer comes. Of long work nobody says that the answer is late. */
  ask(kind, body = {}, { long = false, bytes = [] } = {}) {
    const seq = ++this.seq;
    return new Promise((resolve) => {
      this.waiting.set(seq, { resolve, sent: performance.now(), question: !long });
      this.post({ kind, seq, ...this.extra, ...body }, bytes);
    });
  }

  /** Send an edit; it stays here, also over a reload, until it is answered; the promise is kept by that answer. */
  edit(body) {
    const message = { kind: "edit", edit_id: newEditId(), ...this.extra, ...body };
    // What was seen when it was chosen, however long it then waits behind others.
    if (message.kind === "edit") message.base ??= this.events.base(message.account, message.role);
    return new Promise((resolve) => {
      this.outbox.push({ message, sent: 0, resolve });
      this.shelf?.set(message.edit_id, message);
      this.next();
    });
  }

  /** Whether an answer is being waited for. */
  get isBusy() {
    return this.waiting.size > 0;
  }

  /** What is on its way to one field, the earliest first. */
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

  /** Send what may be sent: one edit of a slot at a time, so that each knows the version the one before made. */
  next() {
    const busy = new Set();
    for (const item of this.outbox) {
      const slot = `${item.message.account}:${item.message.role ?? ""}`;
      if (!busy.has(slot) && !item.sent) this.send(item);
      busy.add(slot);
    }
    this.tell();
  }

  send(item) {
    const { message } = item;
    item.first ??= performance.now();
    item.sent = performance.now();
    item.seq = ++this.seq;
    this.waiting.set(item.seq, { item, sent: item.sent });
    this.post({ ...message, seq: item.seq });
  }

  /** JupyterLab lets nothing be sent once the program was started anew: it knows the page no more. */
  post(message, bytes = []) {
    try {
      this.model.send(message, undefined, bytes);
    } catch {
      this.gone = true;
    }
  }

  receive(answer) {
    const wait = this.waiting.get(answer.seq);
    if (!wait) return;
    this.waiting.delete(answer.seq);
    if (wait.resolve) {
      wait.resolve(answer);
      this.tell();
      return;
    }
    const { item } = wait;
    if (!this.outbox.includes(item)) return;
    if (answer.kind === "unavailable") {
      this.trouble = answer.text;
      this.tell();
      return;
    }
    this.trouble = null;
    this.outbox.splice(this.outbox.indexOf(item), 1);
    this.shelf?.remove(item.message.edit_id);
    if (answer.kind === "saved") this.savedAt = answer.at;
    this.events.answer(item.message, answer);
    item.resolve?.(answer);
    this.next();
  }

  /** Edits of a slot that still wait were made on what an edit before them left. */
  rebase(account, role, from, to) {
    for (const { message, sent } of this.outbox) {
      if (sent || message.account !== account || message.role !== role || message.base !== from)
        continue;
      message.base = to;
      this.shelf?.set(message.edit_id, message);
    }
  }

  again() {
    for (const item of this.outbox) item.sent = 0;
    this.next();
  }

  watch() {
    const now = performance.now();
    if (this.outbox.some((item) => item.sent && now - item.sent > AGAIN_MS)) this.again();
    this.tell();
  }

  tell() {
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
    if (print === this.told) return;
    this.told = print;
    this.events.state(state);
  }
}
