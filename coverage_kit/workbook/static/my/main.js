// A colleague's own page.
import { MyApp } from "./app.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new MyApp(model, el);
    return () => app.close();
  },
};
