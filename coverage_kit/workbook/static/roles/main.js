// The role lists: who must be known.
import { RolesApp } from "./app.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new RolesApp(model, el);
    return () => app.close();
  },
};
