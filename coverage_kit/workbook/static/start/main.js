// The start page.
import { StartApp } from "./app.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new StartApp(model, el);
    return () => app.close();
  },
};
