// The page of duplicates.
import { DuplicatesApp } from "./app.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new DuplicatesApp(model, el);
    return () => app.close();
  },
};
