import type { AlertEntry } from "@/lib/wire";

import { formatBytes } from "../_chat/format";
import { counted } from "./words";

type Told = Pick<AlertEntry, "name" | "subject" | "value" | "bound">;

const NAMES: Readonly<Record<string, string>> = {
  memory_budget: "The memory budget",
  disk_free: "Free disk",
  evictions: "Evictions",
};

/** What an alert is about, in a few words. Pure. */
export function alertName({ name, subject }: Told): string {
  const known = Object.hasOwn(NAMES, name) ? (NAMES[name] as string) : name.replaceAll("_", " ");
  return subject === null ? known : `${known} of ${subject}`;
}

/** The figure that passed its bound, and the bound: "93 % held, 90 % is the bound". Pure. */
export function alertFigures({ name, value, bound }: Told): string {
  switch (name) {
    case "memory_budget":
      return `${percent(value)} held, ${percent(bound)} is the bound`;
    case "disk_free":
      return `${formatBytes(value)}, ${formatBytes(bound)} is the bound`;
    case "evictions":
      return `${counted(value, "time")} in an hour, ${counted(bound, "time")} is the bound`;
    default:
      return `${value}, ${bound} is the bound`;
  }
}

/** Where something can be done about it. Pure. */
export function alertPlace({ name }: Told): { name: string; address: string } {
  if (name === "disk_free") return { name: "Make room", address: "/analytics/cache" };
  return { name: "Look at the memory", address: "/analytics/memory" };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
