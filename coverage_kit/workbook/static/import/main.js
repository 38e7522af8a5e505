// Bringing a file in.
import { ImportApp } from "./app.js";

export default {
  render({ model, el }) {
    const app = new ImportApp(model, el);
    return () => app.close();
  },
};
