// The rep's workbook.
import { App } from "../core/app.js";

export default {
  render({ model, el }) {
    const app = new App(model, el);
    return () => app.close();
  },
};
