// Short messages at the foot of the screen, one at a time.
import { button, h } from "./dom.js";

const SHOWN_MS = 8000;

export class Toasts {
  constructor(t) {
    this.t = t;
    this.node = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  }

  /** Show a message; `actions` are [label, act]. A "done" message goes away after a while. */
  show(text, kind = "done", actions = []) {
    const acts = actions.map(([label, act]) =>
      button(
        label,
        () => {
          node.remove();
          act();
        },
        { class: "link" },
      ),
    );
    const close = button("×", () => node.remove(), {
      class: "link",
      "aria-label": this.t("close"),
    });
    const node = h("div", { class: `toast ${kind}` }, h("span", {}, text), acts, close);
    this.node.replaceChildren(node);
    if (kind === "done") setTimeout(() => node.remove(), SHOWN_MS);
  }
}
