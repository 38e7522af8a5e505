// The coach's session.
import { CoachApp } from "./coach.js";

/** @import { Widget } from "../core/types.d.ts" */

export default {
  /** @param {Widget} widget */
  render({ model, el }) {
    const app = new CoachApp(model, el);
    return () => app.close();
  },
};
