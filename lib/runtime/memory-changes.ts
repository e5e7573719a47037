import { forVisitors } from "../errors";
import type { NewMemoryEvent } from "../memory";
import type { ResidencyChange } from "../residency";

/**
 * What became of a model, as the time line tells it.
 *
 * @param nameOf the id of the model that the scheduler knows by this key
 * @param time now, in ms since the epoch
 */
export function memoryEventOf(change: ResidencyChange, nameOf: (key: string) => string, time: number): NewMemoryEvent {
  const model = nameOf(change.key);
  switch (change.type) {
    case "loaded": {
      const { bytes: heldBytes, reservationBytes: forecastBytes, loadMs } = change;
      return { time, event: "loaded", model, heldBytes, forecastBytes, loadMs, replaced: change.replaced.map(nameOf) };
    }
    case "load-failed": {
      const { error, loadMs, reservationBytes: forecastBytes } = change;
      return {
        time,
        event: "load_failed",
        model,
        forecastBytes,
        loadMs,
        code: error.code,
        message: forVisitors(error.toRecord()).message,
      };
    }
    case "died": {
      const { code = null, message = null } = change.error === null ? {} : forVisitors(change.error);
      return { time, event: "crashed", model, heldBytes: change.bytes, code, message };
    }
    case "leaving": {
      const { bytes: heldBytes, idleMs } = change;
      if (change.reason !== "evicted")
        return { time, event: "unloaded", model, heldBytes, idleMs, reason: change.reason };
      const { neededBytes, budgetBytes, otherBytes, modelsBytes } = change;
      const why = { for: nameOf(change.for), neededBytes, budgetBytes, otherBytes, modelsBytes };
      return { time, event: "evicted", model, heldBytes, idleMs, ...why };
    }
  }
}
