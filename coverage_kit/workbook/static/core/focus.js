// Keeps the focus where a person works while windows close and parts of the screen are drawn again.
import { quietly } from "./dom.js";

function canFocus(node) {
  return Boolean(node?.isConnected && !node.disabled && !node.hidden && node.checkVisibility());
}

/**
 * Remember the field that has the focus. The returned function gives the focus back, unless another field has it by
 * then: to the same field, to its successor (the element with the same `data-key`), or to `fallback()`.
 */
export function rememberFocus(root, fallback = () => null) {
  const field = /** @type {HTMLInputElement} */ (
    root.contains(document.activeElement) ? document.activeElement : null
  );
  const key = field?.dataset.key;
  const selection = field?.type === "text" && [field.selectionStart, field.selectionEnd];
  return () => {
    const now = document.activeElement;
    if (now !== root && root.contains(now) && canFocus(now)) return;
    const successor = () => key && root.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const target = [() => field, successor, fallback].map((find) => find()).find(canFocus);
    if (!target) return;
    target.focus();
    const isSameField = target === field || (key && target.dataset.key === key);
    if (selection && isSameField && target.type === "text") target.setSelectionRange(...selection);
  };
}

/** Focus the first of some nodes that can have the focus. */
export function focusFirst(...nodes) {
  nodes.find(canFocus)?.focus();
}

/** Draw a part of the screen again without losing the focus. */
export function redraw(root, draw, fallback) {
  if (!root.contains(document.activeElement)) {
    quietly(draw);
    return;
  }
  const restore = rememberFocus(root, fallback);
  quietly(draw);
  restore();
}
