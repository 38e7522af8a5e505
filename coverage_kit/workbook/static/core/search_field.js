// A field to search with.
import { html, useLayoutEffect, useRef } from "../vendor/preact.js";
import { withText } from "./dom.js";

/**
 * With `isFirst` it has the focus when the dialog around it opens.
 * @param {{
 *   label: string, name: string, text: string, change: (text: string) => void,
 *   isFirst?: boolean, press?: (event: KeyboardEvent) => void,
 * }} props
 */
export function SearchField({ label, name, text, change, isFirst = false, press = () => {} }) {
  const field = useRef();
  useLayoutEffect(() => {
    // After the dialog around it has opened.
    if (isFirst) queueMicrotask(() => field.current?.focus());
  }, []);
  return html`
    <input
      ref=${field}
      type="search"
      class="search"
      placeholder=${label}
      aria-label=${label}
      autocomplete="off"
      data-key=${name}
      value=${text}
      onInput=${withText(change)}
      onKeyDown=${press}
    />
  `;
}
