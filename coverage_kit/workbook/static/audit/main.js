// The contact audit.
import { AuditApp } from "./app.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new AuditApp(model, el);
    return () => app.close();
  },
};
