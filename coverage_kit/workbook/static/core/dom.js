// Elements. Text is set as text, never as markup: users typed every name in this workbook.

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

/** An element with properties, listeners (`onclick`) and children (nodes or text; empty ones are left out). */
export function h(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (PROPERTIES.has(key)) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(
    ...kids
      .flat(Infinity)
      .filter((kid) => kid !== null && kid !== undefined && kid !== false && kid !== ""),
  );
  return node;
}

/** A button of the usual kind. */
export function button(label, onclick, props = {}) {
  return h("button", { type: "button", ...props, onclick }, label);
}

/** A choice from a list. `options` are [value, label]; with a label for it, the empty choice comes first. */
export function choice(label, options, value, onchange, empty) {
  const all = empty === undefined ? options : [["", empty], ...options];
  const node = h("select", { "aria-label": label, onchange: () => onchange(node.value) });
  node.append(...all.map(([key, text]) => h("option", { value: key }, text)));
  node.value = value ?? "";
  return node;
}

/** A field with its label. */
export function labelled(label, node) {
  return h("div", { class: "field" }, h("span", { class: "label" }, label), node);
}

/** A day as text (YYYY-MM-DD) with a calendar button; the native field alone would show mm/dd/yyyy. */
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
  };
}

/** Call back on Enter, but not while a syllable is being composed. */
export function onEnter(node, callback) {
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    callback(event);
  });
}

let isQuiet = false;

/** Act without counting a lost focus as leaving the field: half-typed text is not sent. */
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
 */
export function onLeave(node, callback) {
  node.addEventListener("blur", ({ relatedTarget }) => {
    if (!isQuiet && document.activeElement !== node && !relatedTarget?.closest?.(".jp-Dialog"))
      callback(relatedTarget);
  });
}

/** Normalise text for searching: case, width, blanks and punctuation do not count. */
export function plain(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s().,·-]+/g, "");
}
