import type { ApplyEvent } from "../../audit";
import type { ApplyProgress } from "./contract";

const NOTHING = { apparent_size: 0, size_on_disk: 0 };

/** How far an apply is, event by event. */
export class ApplyCounter {
  progress: ApplyProgress = { nb_done: 0, nb_steps: 0, what: null, expected: NOTHING, achieved: NOTHING };

  count(event: ApplyEvent): ApplyProgress {
    const change = changeBy(event);
    if (event.type === "step-ended") change.nb_done = this.progress.nb_done + 1;
    return (this.progress = { ...this.progress, ...change });
  }
}

function changeBy(event: ApplyEvent): Partial<ApplyProgress> {
  switch (event.type) {
    case "apply-started":
      return { nb_steps: event.nb_steps, expected: event.expected };
    case "step-started":
      return { what: event.step.what };
    case "path-moved":
      return { achieved: event.achieved };
    case "step-ended":
      return { achieved: event.achieved, what: null };
    case "apply-ended":
      return { achieved: event.result.achieved };
  }
}
