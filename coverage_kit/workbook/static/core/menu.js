// A menu below a button, used by mouse or keyboard.
import { button, h } from "./dom.js";

/** @import { Action } from "./types.d.ts" */

/**
 * Open a menu below `anchor`.
 * @param {HTMLElement} root
 * @param {HTMLElement} anchor
 * @param {Action[]} items
 */
export function openMenu(root, anchor, items) {
  root.querySelector(".menu")?.remove();
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    menu.remove();
  };
  const leave = () => {
    close();
    anchor.focus();
  };
  const choices = items.map(([label, act]) =>
    button(
      label,
      () => {
        leave();
        act();
      },
      { role: "menuitem", tabIndex: -1 },
    ),
  );
  const menu = h("div", { class: "menu", role: "menu" }, choices);
  menu.addEventListener("keydown", (event) => {
    const at = choices.findIndex((each) => each === document.activeElement);
    /** @type {Record<string, number | undefined>} */
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const to = places[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
    if (to === undefined) return;
    event.preventDefault();
    choices[(to + choices.length) % choices.length].focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node) || !menu.contains(relatedTarget)) close();
  });
  root.append(menu);
  place(menu, anchor.getBoundingClientRect(), root.getBoundingClientRect());
  choices[0].focus();
}

/**
 * @param {HTMLElement} menu
 * @param {DOMRect} box
 * @param {DOMRect} frame
 */
function place(menu, box, frame) {
  menu.style.top = `${Math.min(box.bottom - frame.top + 2, frame.height - menu.offsetHeight - 8)}px`;
  menu.style.left = `${Math.max(8, box.right - frame.left - menu.offsetWidth)}px`;
}
