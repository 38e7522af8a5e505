// Short messages at the foot of the screen, one at a time.
import { button, h } from "./dom.js";
import { focusFirst } from "./focus.js";

const SHOWN_MS = 8000;

export class Toasts {
  /** @param home where the focus goes when a message that had it closes, and the control before it is gone */
  constructor(t, home) {
    this.t = t;
    this.home = home;
    this.node = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    this.node.addEventListener("focusin", ({ relatedTarget }) => {
      if (!this.node.contains(relatedTarget)) this.cameFrom = relatedTarget;
    });
  }

  /** Show a message; `actions` are [label, act]. A "done" message goes away after a while. */
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
