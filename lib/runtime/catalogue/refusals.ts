import { formatBytes } from "../../config";
import { MemwellError } from "../../errors";
import { describeWayOut } from "../../residency";
import type { FitReport } from "../fit";

/** Told before anything is downloaded. */
export function doesNotFit(name: string, report: FitReport): MemwellError {
  const { forecast, budgetBytes, otherBytes, waysOut } = report;
  const roomBytes = Math.max(0, budgetBytes - otherBytes);
  const helps = waysOut.length === 0 ? "" : `, or ${waysOut.map(describeWayOut).join(", or ")}`;
  return new MemwellError(
    "memory_exceeded",
    `${name} needs ${formatBytes(forecast.total)} of memory, and models may hold ${formatBytes(roomBytes)} here. Choose a ` +
      `smaller model${helps}.`,
    { neededBytes: forecast.total, roomBytes, budgetBytes, otherBytes, waysOut },
  );
}

export function locked(settings: string[]): MemwellError {
  const names = [...new Set(settings)];
  return new MemwellError(
    "conflict",
    `${names.join(" and ")} ${names.length === 1 ? "says" : "say"} which model answers, and the settings win. Unset ` +
      `${names.length === 1 ? "it" : "them"} and start again to choose here.`,
    { settings: names },
  );
}

export function notTwice(name: string): MemwellError {
  return new MemwellError("conflict", `${name} is being made ready already. Wait for its end, or cancel it first.`, {
    name,
  });
}
