import type { StoredAlert } from "../../store";
import type { Finding } from "./rules";

/** An alert in `GET /api/alerts`, and in what a webhook is told: as it is stored, with the names of the API. */
export type AlertEntry = Omit<StoredAlert, "beganAt" | "endedAt"> & {
  /** In ms since the epoch. */
  began_at: number;
  /** Null while it lasts. */
  ended_at: number | null;
};

export function alertEntry({ beganAt, endedAt, ...alert }: StoredAlert): AlertEntry {
  return { ...alert, began_at: beganAt, ended_at: endedAt };
}

/** An alert as a sentence, with what to do about it. */
export function alertText({ name, subject, value, bound }: Finding): string {
  switch (name) {
    case "memory_budget":
      return `${percent(value)} of the memory budget is held, above ${percent(bound)}. Unload a model, or raise MEMWELL_MEMORY_BUDGET.`;
    case "disk_free":
      return `${gigabytes(value)} of disk are free, below ${gigabytes(bound)}. Free some: memwell cache prune.`;
    case "evictions":
      return `${subject ?? "A model"} had to leave memory ${value} times in an hour, above ${bound}. Choose smaller models, or pin it.`;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
