// Bringing a file in.
import { ImportApp } from "./app.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new ImportApp(model, el);
    return () => app.close();
  },
};
