// A menu below a button, used by mouse or keyboard.
import { button, h } from "./dom.js";

/** Open a menu below `anchor`; `items` are [label, act]. */
export function openMenu(root, anchor, items) {
  root.querySelector(".menu")?.remove();
  let open = true;
  const close = (focus) => {
    if (!open) return;
    open = false;
    menu.remove();
    if (focus) anchor.focus();
  };
  const choices = items.map(([label, act]) =>
    button(
      label,
      () => {
        close(true);
        act();
      },
      { role: "menuitem", tabIndex: -1 },
    ),
  );
  const menu = h("div", { class: "menu", role: "menu" }, choices);
  menu.addEventListener("keydown", (event) => {
    const at = choices.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    }
    if (to === undefined) return;
    event.preventDefault();
    choices[(to + choices.length) % choices.length].focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(event.relatedTarget)) close(false);
  });
  root.append(menu);
  place(menu, anchor.getBoundingClientRect(), root.getBoundingClientRect());
  choices[0].focus();
}

function place(menu, box, frame) {
  menu.style.top = `${Math.min(box.bottom - frame.top + 2, frame.height - menu.offsetHeight - 8)}px`;
  menu.style.left = `${Math.max(8, box.right - frame.left - menu.offsetWidth)}px`;
}
