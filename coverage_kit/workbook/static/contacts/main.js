// The page of contacts.
import { ContactsApp } from "./app.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new ContactsApp(model, el);
    return () => app.close();
  },
};
