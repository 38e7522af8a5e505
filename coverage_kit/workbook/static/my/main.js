// A colleague's own page.
import { MyApp } from "./app.js";

export default {
  render({ model, el }) {
    const app = new MyApp(model, el);
    return () => app.close();
  },
};
