// Prefetch: while the user rests, pages of the listed accounts are requested in small parts.
import { KEPT, AT_ONCE } from "./pages.js";

/** @import { RepApp } from "../rep/workbook.js" */

/** Rest before the next request. */
const REST_MS = 120;
/** How often the list is gone through for what is still missing. */
const ROUNDS = 3;
/** Any of these stops prefetching. */
const ACTS = ["keydown", "input", "change", "pointerdown", "scroll"];

function idle() {
  return new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve));
}

export class Prefetch {
  /** @param {RepApp} app */
  constructor(app) {
    this.app = app;
    this.turn = 0;
    this.timer = 0;
    this.isInSight = false;
    this.wait = this.wait.bind(this);
    for (const act of ACTS)
      app.root.addEventListener(act, this.wait, { capture: true, passive: true });
    document.addEventListener("visibilitychange", this.wait);
    this.sight = new IntersectionObserver((entries) => {
      this.isInSight = entries.at(-1)?.isIntersecting ?? false;
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

  /** Continue after a moment of rest. */
  wait() {
    this.stop();
    this.app.root.dataset.ahead = "soon";
    this.timer = setTimeout(() => this.run(), REST_MS);
  }

  async run() {
    const { connection, nav, pages, root } = this.app;
    if (!nav) return;
    const mine = this.turn;
    // What somebody changed while it came is missing again; an account that no longer exists stays missing.
    for (let round = 0, missing = true; missing && round < ROUNDS; round += 1) {
      missing = false;
      for (const part of this.parts()) {
        missing = true;
        await idle();
        if (mine !== this.turn || document.hidden || !this.isInSight) return;
        if (connection.isBusy) {
          this.wait();
          return;
        }
        await pages.ahead(part);
        if (mine !== this.turn) return;
      }
    }
    root.dataset.ahead = "done";
  }

  /** The missing pages, one request each: the likeliest next ones, then the list in its order. */
  *parts() {
    const { nav, pages, week } = this.app;
    if (!nav || week !== null) return;
    /** @type {string[]} */
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
