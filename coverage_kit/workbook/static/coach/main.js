// The coach's session.
import { CoachApp } from "./coach.js";

export default {
  render({ model, el }) {
    const app = new CoachApp(model, el);
    return () => app.close();
  },
};
