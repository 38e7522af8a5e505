// The rep's workbook.
import { RepApp } from "./workbook.js";

export default {
  render({ model, el }) {
    const app = new RepApp(model, el);
    return () => app.close();
  },
};
