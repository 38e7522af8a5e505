// Korean fonts for computers without one. They are last in the font list, so a browser loads them only for letters
// that no earlier font has.
import { h } from "./dom.js";

const KOREAN = "U+1100-11FF, U+3000-33FF, U+AC00-D7A3, U+FF00-FFEF";
const HANJA = "Coverage Kit Hanja";
const FILES = [
  ["Coverage Kit Gothic", "400", "korean-400", KOREAN],
  ["Coverage Kit Gothic", "700", "korean-700", KOREAN],
  [HANJA, "400", "hanja-400", "U+4E00-9FFF, U+F900-FAFF"],
];
/** Raise it when the files change; browsers cache them until then. */
const MADE = 1;

/** Add the font faces to the page, unless JupyterLab's own style has them. Both servers serve the files. */
export function bringFonts() {
  if (document.getElementById("coverage-kit-letters")) return;
  const config = document.getElementById("jupyter-config-data");
  const base = config ? (JSON.parse(config.textContent).baseUrl ?? "/") : "/";
  const faces = FILES.map(([family, weight, file, range]) => {
    const address = new URL(
      `${base}voila/templates/coverage-kit/static/${file}.woff2?v=${MADE}`,
      location.origin,
    );
    return `@font-face { font-family: "${family}"; font-weight: ${weight}; font-display: swap; src: url("${address}"); unicode-range: ${range}; }`;
  });
  const known = [...document.fonts].some(({ family }) => family.includes(HANJA));
  document.head.append(h("style", { id: "coverage-kit-letters" }, known ? "" : faces.join("\n")));
  document.fonts.addEventListener("loadingdone", (event) => {
    if (event.fontfaces.some(isOurs)) layOutAgain();
  });
  layOutAgain();
}

/** @param {FontFace} face */
function isOurs(face) {
  return face.family.includes("Coverage Kit");
}

/**
 * Chromium keeps boxes in text laid out before the font arrived, also in parts that are shown later; an unknown font
 * feature, which base.css gives to all our text, makes it lay out again.
 */
function layOutAgain() {
  const came = [...document.fonts].filter((face) => isOurs(face) && face.status === "loaded");
  document.documentElement.style.setProperty("--ck-letters", `"ck00" ${came.length}`);
}
