// Korean letters for a machine that has none. They stand last in the list of fonts, so a browser fetches them only
// where no font before them has a letter that is shown.
import { h } from "./dom.js";

const FILES = [
  [
    "Coverage Kit Gothic",
    "400",
    "korean-400",
    "U+1100-11FF, U+3000-33FF, U+AC00-D7A3, U+FF00-FFEF",
  ],
  [
    "Coverage Kit Gothic",
    "700",
    "korean-700",
    "U+1100-11FF, U+3000-33FF, U+AC00-D7A3, U+FF00-FFEF",
  ],
  ["Coverage Kit Hanja", "400", "hanja-400", "U+4E00-9FFF, U+F900-FAFF"],
];
/** Raised when the files are made anew: until then a browser keeps what it has. */
const MADE = 1;

/** Tell the page where the letters are; both servers have them beside the page template. JupyterLab's style may have said so. */
export function bringLetters() {
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
  const known = [...document.fonts].some(({ family }) => family.includes(FILES.at(-1)[0]));
  document.head.append(h("style", { id: "coverage-kit-letters" }, known ? "" : faces.join("\n")));
  let came = 0;
  document.fonts.addEventListener("loadingdone", (event) => {
    if (!event.fontfaces.some((face) => face.family.includes("Coverage Kit"))) return;
    // Chromium keeps boxes where it laid text out before the letters came; a feature no font has makes it do so again.
    for (const root of document.querySelectorAll(".coverage-kit"))
      root.style.fontFeatureSettings = `"ck00" ${++came}`;
  });
}
