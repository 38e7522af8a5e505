// Keeps the focus where a person works while windows close and parts of the screen are drawn again.
import { quietly } from "./dom.js";

/**
 * @param {Element | null | undefined} node
 * @returns {node is HTMLElement}
 */
function canFocus(node) {
  if (!(node instanceof HTMLElement) || !node.isConnected || node.hidden) return false;
  return !("disabled" in node && node.disabled) && node.checkVisibility();
}

/**
 * Remember the field that has the focus. The returned function gives the focus back, unless another field has it by
 * then: to the same field, to its successor (the element with the same `data-key`), or to `fallback()`.
 * @param {HTMLElement} root
 * @param {() => Element | null} fallback
 */
export function rememberFocus(root, fallback = () => null) {
  const { activeElement } = document;
  const field =
    activeElement instanceof HTMLElement && root.contains(activeElement) ? activeElement : null;
  const key = field?.dataset.key;
  const selection = isTextField(field) ? [field.selectionStart, field.selectionEnd] : null;
  return () => {
    const now = document.activeElement;
    if (now !== root && root.contains(now) && canFocus(now)) return;
    const successor = () => (key ? root.querySelector(`[data-key="${CSS.escape(key)}"]`) : null);
    const target = [() => field, successor, fallback].map((find) => find()).find(canFocus);
    if (!target) return;
    target.focus();
    const isSameField = target === field || (key && target.dataset.key === key);
    if (selection && isSameField && isTextField(target))
      target.setSelectionRange(selection[0], selection[1]);
  };
}

/**
 * @param {Element | null} node
 * @returns {node is HTMLInputElement}
 */
function isTextField(node) {
  return node instanceof HTMLInputElement && node.type === "text";
}

/**
 * Focus the first of some nodes that can have the focus.
 * @param {(Element | null | undefined)[]} nodes
 */
export function focusFirst(...nodes) {
  nodes.find(canFocus)?.focus();
}

/**
 * Draw a part of the screen again without losing the focus.
 * @param {HTMLElement} root
 * @param {() => void} draw
 * @param {() => Element | null} [fallback]
 */
export function redraw(root, draw, fallback) {
  if (!root.contains(document.activeElement)) {
    quietly(draw);
    return;
  }
  const restore = rememberFocus(root, fallback);
  quietly(draw);
  restore();
}
