// Short messages at the foot of the screen, one at a time.
import { button, h } from "./dom.js";
import { focusFirst } from "./focus.js";

/** @import { Action, Translate } from "./types.d.ts" */

const SHOWN_MS = 8000;

export class Toasts {
  /**
   * @param {Translate} t
   * @param {() => HTMLElement | null} home where the focus goes when a message that had it closes, and the control
   * before it is gone
   */
  constructor(t, home) {
    this.t = t;
    this.home = home;
    /** @type {HTMLElement | null} */
    this.cameFrom = null;
    this.node = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.node.addEventListener("focusin", ({ relatedTarget }) => {
      const from = relatedTarget instanceof HTMLElement ? relatedTarget : null;
      if (!this.node.contains(from)) this.cameFrom = from;
    });
  }

  /**
   * Show a message with what can be done about it. A "done" message goes away after a while.
   * @param {string} text
   * @param {"done" | "problem" | "kept"} kind
   * @param {Action[]} actions
   */
  show(text, kind = "done", actions = []) {
    const acts = actions.map(([label, act]) =>
      button(
        label,
        () => {
          leave();
          act();
        },
        { class: "link" },
      ),
    );
    const close = button("×", () => leave(), {
      class: "link",
      "aria-label": this.t("close"),
    });
    const node = h("div", { class: `toast ${kind}` }, h("span", {}, text), acts, close);
    const leave = () => {
      const hadFocus = node.contains(document.activeElement);
      node.remove();
      if (hadFocus) focusFirst(this.cameFrom, this.home());
    };
    this.node.replaceChildren(node);
    if (kind === "done") setTimeout(leave, SHOWN_MS);
  }
}
