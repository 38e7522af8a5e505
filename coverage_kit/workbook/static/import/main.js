// Bringing a file in.
import { ImportApp } from "./page.js";

export default {
  render({ model, el }) {
    const app = new ImportApp(model, el);
    return () => app.close();
  },
};
