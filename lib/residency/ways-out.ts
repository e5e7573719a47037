import { MemwellError } from "../errors";
import type { ResidencyOptions } from "./contract";
import type { Refusal } from "./plan";

/** What somebody can do about a model that does not fit. Sizes in bytes. */
export type WayOut =
  | { type: "smaller_context" }
  | { type: "quantized_kv" }
  | { type: "smaller_quant" }
  /** Unloading and unpinning these makes it fit. */
  | { type: "unload_pinned"; models: string[] }
  /** Each of these would hold it beside everything else that stays; the smallest first. */
  | { type: "bigger_machine"; machines: Machine[] };

export interface Machine {
  name: string;
  memoryBytes: number;
}

const GB = 1e9;

/** Spaces hardware (https://huggingface.co/docs/hub/spaces-gpus), by memory. */
export const MACHINES: readonly Machine[] = [
  { name: "cpu-basic", memoryBytes: 16 * GB },
  { name: "t4-medium", memoryBytes: 30 * GB },
  { name: "cpu-upgrade", memoryBytes: 32 * GB },
  { name: "a10g-large", memoryBytes: 46 * GB },
];

/** The ways out of a refusal: those without cost to others first. */
export function waysOutOf(figures: Omit<Refusal, "waysOut">): WayOut[] {
  const waysOut: WayOut[] = [{ type: "smaller_context" }, { type: "quantized_kv" }, { type: "smaller_quant" }];
  const unload = pinnedToUnload(figures);
  if (unload !== null) waysOut.push({ type: "unload_pinned", models: unload });
  const total = figures.budgetBytes + figures.missingBytes;
  const threshold = figures.limitBytes > 0 ? figures.budgetBytes / figures.limitBytes : 0;
  const machines = MACHINES.filter(({ memoryBytes }) => memoryBytes * threshold >= total);
  if (machines.length > 0) waysOut.push({ type: "bigger_machine", machines: [...machines] });
  return waysOut;
}

/** The fewest pinned models, largest first, without which it fits; null when that does not help. */
function pinnedToUnload({ pinned, missingBytes }: Omit<Refusal, "waysOut">): string[] | null {
  let missing = missingBytes;
  const models: string[] = [];
  for (const { key, bytes } of pinned.toSorted((left, right) => right.bytes - left.bytes)) {
    models.push(key);
    missing -= bytes;
    if (missing <= 0) return models;
  }
  return null;
}

/**
 * The refusal as the error that its waiters get; its fields are the figures and the ways out.
 *
 * @param options as those of the residency.
 */
export function memoryExceeded(
  key: string,
  refusal: Refusal,
  { nameOf = String, isOpen = () => true }: Pick<ResidencyOptions, "nameOf" | "isOpen"> = {},
): MemwellError {
  const { neededBytes, budgetBytes, limitBytes, otherBytes, pinned } = refusal;
  const pinnedBytes = pinned.reduce((sum, { bytes }) => sum + bytes, 0);
  const waysOut = refusal.waysOut
    .filter(isOpen)
    .map((wayOut) => (wayOut.type === "unload_pinned" ? { ...wayOut, models: wayOut.models.map(nameOf) } : wayOut));
  const held = pinned.length === 0 ? "" : `, and pinned models hold ${gigabytes(pinnedBytes)}`;
  return new MemwellError(
    "memory_exceeded",
    `The model "${nameOf(key)}" needs ${gigabytes(neededBytes)} of memory and cannot fit: the budget is ` +
      `${gigabytes(budgetBytes)} of ${gigabytes(limitBytes)}, the rest of the container holds ${gigabytes(otherBytes)}` +
      `${held}. What would help: ${waysOut.map(describeWayOut).join("; ")}.`,
    {
      ...refusal,
      model: nameOf(key),
      pinned: pinned.map(({ key: other, bytes }) => ({ model: nameOf(other), bytes })),
      waysOut,
    },
  );
}

/** A way out in words, to stand in a list. */
export function describeWayOut(wayOut: WayOut): string {
  switch (wayOut.type) {
    case "smaller_context":
      return "a smaller context (MEMWELL_CONTEXT_SIZE)";
    case "quantized_kv":
      return "a quantized KV cache (MEMWELL_KV_TYPE=Q8_0)";
    case "smaller_quant":
      return "a smaller quantization of the model";
    case "unload_pinned":
      return `unpin and unload ${wayOut.models.join(", ")}`;
    case "bigger_machine":
      return `a bigger machine (${wayOut.machines.map(({ name, memoryBytes }) => `${name}, ${gigabytes(memoryBytes)}`).join("; ")})`;
  }
}

function gigabytes(bytes: number): string {
  return bytes >= GB ? `${(bytes / GB).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}
