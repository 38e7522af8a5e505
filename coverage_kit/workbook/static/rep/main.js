// The rep's workbook.
import { RepApp } from "./workbook.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new RepApp(model, el);
    return () => app.close();
  },
};
