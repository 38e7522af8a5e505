// The role lists: who must be known.
import { RolesApp } from "./app.js";

export default {
  render({ model, el }) {
    const app = new RolesApp(model, el);
    return () => app.close();
  },
};
