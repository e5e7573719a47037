import { formatBytes } from "./format";
import type { Wait } from "./progress";

type Fetching = Extract<Wait, { type: "fetching" }>;

/** A wait in plain words: "Position 2 in the queue, about 40 s: waiting for MODEL to finish", "Loading MODEL: 63 %". */
export function describeWait(wait: Wait, asked: string, now: number): string {
  const model = nameOf(wait, asked);
  if (wait.type === "loading") return describeLoading(wait, model);
  if (wait.type === "fetching") return describeFetching(wait, model);
  const remaining = wait.expectedAt === null ? 0 : wait.expectedAt - now;
  // What should be over by now is not counted down below zero.
  const time = remaining > 0 ? `, about ${formatWait(remaining)}` : "";
  return `Position ${wait.position} in the queue${time}: ${describeReason(wait.reason, wait.models)}`;
}

/** What a screen reader is told; null when it differs from the wait before only in its time or percentage. */
export function announceWait(wait: Wait, before: Wait | null, asked: string, now: number): string | null {
  const model = nameOf(wait, asked);
  // The agent's other model is something new to wait for.
  if (before !== null && before.role !== wait.role) return announceWait(wait, null, asked, now);
  if (wait.type === "loading") return before?.type === "loading" ? null : `${sentence(model)} is being loaded.`;
  if (wait.type === "fetching") return announceFetching(wait, before, model);
  // A model's size is known within a moment: not worth a word.
  if (wait.reason === "footprint") return null;
  const isSame = before?.type === "queued" && before.reason !== "footprint" && before.position === wait.position;
  return isSame ? null : `${describeWait(wait, asked, now)}.`;
}

/** The model that was asked for; of the agent, the one of its two that is waited for. */
function nameOf({ role }: Wait, asked: string): string {
  return role === undefined ? asked : `the ${role} model`;
}

function sentence(text: string): string {
  return text.replace(/^the /, "The ");
}

function describeLoading({ stage, percent }: Extract<Wait, { type: "loading" }>, model: string): string {
  switch (stage) {
    case "process":
      return `Starting ${model}`;
    case "model":
      return `Loading ${model}: ${percent} %`;
    case "adapter":
      return `Loading the adapter of ${model}: ${percent} %`;
    case "context":
      return `Preparing the memory of ${model}`;
  }
}

/** "Downloading MODEL: 1.2 GB of 4.9 GB, 45 MB a second, about 80 s". */
function describeFetching(wait: Fetching, model: string): string {
  switch (wait.stage) {
    case "resolving":
      return `Asking the Hugging Face Hub for ${model}`;
    case "chosen":
      return wait.message ?? `Downloading ${model}`;
    case "waiting":
      return `Waiting while another process downloads ${model}`;
    case "retrying":
      return `Downloading ${model}: trying again. ${wait.message ?? ""}`.trimEnd();
    case "unreachable":
      return `Taking what the cache has of ${model}. ${wait.message ?? ""}`.trimEnd();
    case "verifying":
      return `Checking the download of ${model}`;
    case "downloading": {
      const { received = 0, total = 0, bytes_per_second: rate = 0, remaining_ms: remaining } = wait;
      const speed = rate > 0 ? `, ${formatBytes(rate)} a second` : "";
      const time = remaining == null ? "" : `, about ${formatWait(remaining)}`;
      return `Downloading ${model}: ${formatBytes(received)} of ${formatBytes(total)}${speed}${time}`;
    }
  }
}

function announceFetching(wait: Fetching, before: Wait | null, model: string): string | null {
  if (wait.stage === "downloading")
    return before?.type === "fetching" && before.stage === "downloading"
      ? null
      : `${sentence(model)} is being downloaded.`;
  return wait.stage === "chosen" || wait.stage === "retrying" ? describeFetching(wait, model) : null;
}

function describeReason(reason: string, models: readonly string[]): string {
  const names = models.join(" and ");
  switch (reason) {
    case "busy":
      return `waiting for ${names} to finish`;
    case "stop":
      return names === "" ? "waiting for room in memory" : `waiting for ${names} to leave memory`;
    case "load":
      return `waiting while ${names} is loaded`;
    case "turn":
      return `waiting for earlier requests for ${names}`;
    default:
      return "looking at the model's size";
  }
}

/** As coarse as the estimate is: `8 s`, `40 s`, `3 min`. */
function formatWait(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 10) return `${seconds} s`;
  if (seconds <= 60) return `${Math.ceil(seconds / 5) * 5} s`;
  return `${Math.ceil(seconds / 60)} min`;
}
