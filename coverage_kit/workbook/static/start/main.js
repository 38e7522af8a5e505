// The start page.
import { StartApp } from "./app.js";

export default {
  render({ model, el }) {
    const app = new StartApp(model, el);
    return () => app.close();
  },
};
