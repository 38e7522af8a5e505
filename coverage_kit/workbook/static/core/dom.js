// Elements. Text goes in as text, never as markup: every name in this workbook was typed by somebody.

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

/** How somebody stands, by shape too: colour is never the only sign. */
export const SIGNS = { favorable: "▲", neutral: "●", negative: "▼" };

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

/** A choice out of a list: `options` are [value, label]; the empty one stands first where there is a label for it. */
export function choice(label, options, value, onchange, empty) {
  const all = empty === undefined ? options : [["", empty], ...options];
  const node = h("select", { "aria-label": label, onchange: () => onchange(node.value) });
  node.append(...all.map(([key, text]) => h("option", { value: key }, text)));
  node.value = value ?? "";
  return node;
}

/** A day as text (YYYY-MM-DD) with a calendar beside it; the native field alone would show mm/dd/yyyy. */
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

/** A modal window with a title; Escape closes it, and the focus goes back where it was. */
export function openDialog(root, title, body, { actions = [], kind = "" } = {}) {
  const before = document.activeElement;
  const head = h("h2", { id: `ck-title-${Date.now()}` }, title);
  const node = h(
    "dialog",
    { class: `dialog ${kind}`, "aria-labelledby": head.id },
    head,
    h("div", { class: "body" }, body),
    h("div", { class: "actions" }, actions),
  );
  node.addEventListener("close", () => {
    node.remove();
    if (before?.isConnected) before.focus();
  });
  node.addEventListener("click", (event) => {
    if (event.target === node) node.close();
  });
  root.append(node);
  quietly(() => node.showModal());
  return node;
}

/** Calls back once a key-down means "done", and not while a syllable is still being composed. */
export function onEnter(node, callback) {
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    callback(event);
  });
}

let isQuiet = false;

/** What is done here takes the focus from a field that nobody has left: what is half typed in it is not sent. */
export function quietly(act) {
  isQuiet = true;
  try {
    act();
  } finally {
    isQuiet = false;
  }
}

/** Calls back once a field is left for another place: not where only the window was left, or JupyterLab put a dialog before it. */
export function onLeave(node, callback) {
  node.addEventListener("blur", ({ relatedTarget }) => {
    if (!isQuiet && document.activeElement !== node && !relatedTarget?.closest?.(".jp-Dialog"))
      callback();
  });
}

/** What two ways of writing the same share, for searching: case, width, blanks and signs do not count. */
export function plain(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s().,·-]+/g, "");
}

/**
 * Close a window once what it sent is saved; what was refused is said in it, and what was typed stays. `fields` names the
 * input that a refusal is about by its code: it is said beside that one; `isDone` says whether nothing else is left to save.
 */
export async function closeWhenSaved(
  dialog,
  answered,
  errorText,
  fields = {},
  isDone = () => true,
) {
  const answer = await answered;
  if (!dialog.isConnected) return;
  if (answer.kind === "saved" && !isDone()) return;
  if (answer.kind !== "refused") {
    dialog.close();
    return;
  }
  dialog.querySelector(".refused")?.remove();
  const said = h(
    "p",
    { class: "refused", role: "alert", id: `${dialog.getAttribute("aria-labelledby")}-refused` },
    errorText(answer),
  );
  const field = fields[answer.code];
  if (!field) {
    dialog.querySelector(".body").append(said);
    return;
  }
  field.closest(".field").after(said);
  const marks = { "aria-invalid": "true", "aria-describedby": said.id };
  for (const [name, value] of Object.entries(marks)) field.setAttribute(name, value);
  field.addEventListener(
    "input",
    () => {
      for (const name of Object.keys(marks)) field.removeAttribute(name);
    },
    { once: true },
  );
  field.focus();
}
