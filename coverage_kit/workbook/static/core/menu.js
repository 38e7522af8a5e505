// A menu below a button, used by mouse or keyboard.
import { button, h } from "./dom.js";
import { rememberFocus } from "./focus.js";

/** @import { Action } from "./types.d.ts" */

/**
 * Close the menu that is open: what it offers is no longer on the screen.
 * @param {HTMLElement} root
 */
export function closeMenu(root) {
  root.querySelector(".menu")?.remove();
}

/**
 * After the screen was drawn again: close the menu where its button is no longer there.
 * @param {HTMLElement} root
 */
export function settleMenu(root) {
  const menu = root.querySelector(".menu");
  if (!(menu instanceof HTMLElement)) return;
  if (!root.querySelector(`[data-key="${CSS.escape(menu.dataset.of ?? "")}"]`)) closeMenu(root);
}

/**
 * Open a menu below `anchor`. It stays while the screen is drawn again; the focus goes back to the anchor's successor.
 * @param {HTMLElement} root
 * @param {HTMLElement} anchor
 * @param {Action[]} items
 */
export function openMenu(root, anchor, items) {
  closeMenu(root);
  anchor.focus();
  const restore = rememberFocus(root, () => anchor);
  const leave = () => {
    menu.remove();
    restore();
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
  const menu = h("div", { class: "menu", role: "menu", "data-of": anchor.dataset.key }, choices);
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
    // A browser may send this while it removes the menu, and refuses to have it removed twice: so a moment later.
    if (!(relatedTarget instanceof Node) || !menu.contains(relatedTarget))
      queueMicrotask(() => menu.remove());
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
