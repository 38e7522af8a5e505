// Reading ahead: while nobody does anything, the accounts of the list come into the page, in small parts.
import { KEPT, AT_ONCE } from "./pages.js";

/** So long must nothing have happened. */
const REST_MS = 120;
/** Whatever a person does comes first. */
const ACTS = ["keydown", "input", "change", "pointerdown", "scroll"];

function idle() {
  return new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve));
}

export class LookAhead {
  constructor(app) {
    this.app = app;
    this.turn = 0;
    this.wait = this.wait.bind(this);
    for (const act of ACTS)
      app.root.addEventListener(act, this.wait, { capture: true, passive: true });
    document.addEventListener("visibilitychange", this.wait);
    this.sight = new IntersectionObserver((entries) => {
      this.isInSight = entries.at(-1).isIntersecting;
      this.wait();
    });
    this.sight.observe(app.root);
  }

  close() {
    this.stop();
    this.sight.disconnect();
    document.removeEventListener("visibilitychange", this.wait);
  }

  stop() {
    clearTimeout(this.timer);
    this.turn += 1;
  }

  /** Go on once nothing has happened for a moment. */
  wait() {
    this.stop();
    this.app.root.dataset.ahead = "soon";
    this.timer = setTimeout(() => this.run(), REST_MS);
  }

  async run() {
    const { pages, root, talk } = this.app;
    const mine = this.turn;
    for (const part of this.parts()) {
      await idle();
      if (mine !== this.turn || document.hidden || !this.isInSight) return;
      if (talk.isBusy) {
        this.wait();
        return;
      }
      await pages.ahead(part);
      if (mine !== this.turn) return;
    }
    root.dataset.ahead = "done";
  }

  /** What is not at hand yet, a message each: what may well be opened next, then the list as it stands. */
  *parts() {
    const { nav, pages, week } = this.app;
    if (!nav || week !== null) return;
    let part = [];
    for (const account of nav.likely(KEPT)) {
      if (pages.find(account)) pages.touch(account);
      else part.push(account);
      if (part.length < AT_ONCE) continue;
      yield part;
      part = [];
    }
    if (part.length) yield part;
  }
}
