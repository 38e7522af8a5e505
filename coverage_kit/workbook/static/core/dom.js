// Elements. Text is set as text, never as markup: users typed every name in this workbook.

/** @import { Child, Option, Props, Translate } from "./types.d.ts" */

const PROPERTIES = new Set([
  "value",
  "checked",
  "disabled",
  "hidden",
  "tabIndex",
  "htmlFor",
  "textContent",
  "indeterminate",
]);

/**
 * An element with properties, listeners (`onclick`) and children (nodes or text; empty ones are left out).
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} props
 * @param {Child[]} kids
 */
export function h(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = String(value);
    else if (typeof value === "function")
      node.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else if (PROPERTIES.has(key)) Object.assign(node, { [key]: value });
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...filled(kids));
  return node;
}

/**
 * The nodes and texts among some children.
 * @param {readonly Child[]} kids
 * @returns {(Node | string)[]}
 */
export function filled(kids) {
  return kids.flatMap((kid) => {
    if (kid instanceof Node) return [kid];
    if (typeof kid === "object" && kid) return filled(kid);
    return kid === null || kid === undefined || kid === false || kid === "" ? [] : [String(kid)];
  });
}

/**
 * A button of the usual kind.
 * @param {Child} label
 * @param {(event: MouseEvent) => void} onclick
 * @param {Props} props
 */
export function button(label, onclick, props = {}) {
  return h("button", { type: "button", ...props, onclick }, label);
}

/**
 * A choice from a list; with a label for it, the empty choice comes first.
 * @param {string} label
 * @param {Option[]} options
 * @param {string | null | undefined} value
 * @param {(value: string) => void} onchange
 * @param {string} [empty]
 */
export function choice(label, options, value, onchange, empty) {
  const node = h(
    "select",
    { "aria-label": label },
    empty === undefined ? null : h("option", { value: "" }, empty),
    options.map(([key, text]) => h("option", { value: key }, text)),
  );
  node.addEventListener("change", () => onchange(node.value));
  node.value = value ?? "";
  return node;
}

/**
 * A field with its label.
 * @param {string} label
 * @param {Child} node
 */
export function labelled(label, node) {
  return h("div", { class: "field" }, h("span", { class: "label" }, label), node);
}

/**
 * A day as text (YYYY-MM-DD) with a calendar button; the native field alone would show mm/dd/yyyy.
 * @param {string} label
 * @param {string | null} value
 * @param {Translate} t
 */
export function dayField(label, value, t) {
  const text = h("input", {
    type: "text",
    inputmode: "numeric",
    placeholder: "YYYY-MM-DD",
    maxlength: 10,
    value: value ?? "",
    "aria-label": label,
    autocomplete: "off",
  });
  const native = h("input", { type: "date", tabIndex: -1, "aria-hidden": "true", class: "native" });
  native.addEventListener("change", () => {
    text.value = native.value;
    text.dispatchEvent(new Event("input"));
  });
  const open = button(
    "▦",
    () => {
      native.value = text.value;
      native.showPicker?.();
    },
    { class: "pick", "aria-label": t("pick_day") },
  );
  return {
    node: h("span", { class: "day" }, text, open, native),
    text,
    get value() {
      return text.value.trim();
    },
    /** Whether a whole day is typed. */
    get isDay() {
      return /^\d{4}-\d{2}-\d{2}$/.test(text.value.trim());
    },
    /** Mark the text as wrong, and go back to it. */
    refuse() {
      text.setAttribute("aria-invalid", "true");
      text.focus();
    },
  };
}

/**
 * A table with a line of heads; its caption is for screen readers.
 * @param {string} kind
 * @param {string | null} caption
 * @param {string[]} heads
 * @param {Child} rows
 */
export function table(kind, caption, heads, rows) {
  return h(
    "table",
    { class: kind },
    caption && h("caption", { class: "sr" }, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((head) => h("th", { scope: "col" }, head)),
      ),
    ),
    h("tbody", {}, rows),
  );
}

/**
 * Let the browser save a file.
 * @param {string} name
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const href = URL.createObjectURL(content);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}

/**
 * The address that calls a number as somebody typed it: only what a phone dials, an extension after a pause.
 * @param {string} phone
 */
export const callOf = (phone) =>
  `tel:${phone.replace(/내선|ext(ension)?|x(?=[\s.:]*\d)/gi, ",").replace(/[^\d+*#,;]/g, "")}`;

/**
 * A link that calls a number.
 * @param {string} phone
 * @param {Props} props
 * @param {Child[]} kids
 */
export function phoneLink(phone, props = {}, ...kids) {
  return h("a", { href: callOf(phone), ...props }, ...kids, phone);
}

/**
 * The first element below another one that a selector finds.
 * @param {Element} root
 * @param {string} selector
 */
export function findIn(root, selector) {
  return /** @type {HTMLElement | null} */ (root.querySelector(selector));
}

/**
 * Call back on Enter, but not while a syllable is being composed.
 * @param {HTMLElement} node
 * @param {() => void} callback
 */
export function onEnter(node, callback) {
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    callback();
  });
}

/**
 * A listener that hands on the text of its field.
 * @param {(text: string) => void} act
 */
export function withText(act) {
  return (/** @type {{ target: { value: string } }} */ { target }) => act(target.value);
}

/**
 * A listener that hands on whether its box is ticked.
 * @param {(isOn: boolean) => void} act
 */
export function withTick(act) {
  return (/** @type {{ target: { checked: boolean } }} */ { target }) => act(target.checked);
}

let isQuiet = false;

/**
 * Act without counting a lost focus as leaving the field: half-typed text is not sent.
 * @param {() => void} act
 */
export function quietly(act) {
  isQuiet = true;
  try {
    act();
  } finally {
    isQuiet = false;
  }
}

/**
 * Call back when a field is left for another one, which is passed on, but not when the window loses focus or JupyterLab
 * opens a dialog.
 * @param {HTMLElement} node
 * @param {(to: Element | null) => void} callback
 */
export function onLeave(node, callback) {
  node.addEventListener("blur", ({ relatedTarget }) => {
    const to = relatedTarget instanceof Element ? relatedTarget : null;
    if (!isQuiet && document.activeElement !== node && !to?.closest(".jp-Dialog")) callback(to);
  });
}

/**
 * Numbers as texts, with separators between thousands.
 * @param {Record<string, number>} numbers
 */
export function counted(numbers) {
  return Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, n.toLocaleString()]));
}

/**
 * Normalise text for searching: case, width, blanks and punctuation do not count.
 * @param {string} text
 */
export function plain(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s().,·-]+/g, "");
}
