import type { NewLedgerRecord } from "./ledger-record";

/** A finished step, as its three records tell it. */
export interface FinishedStep {
  start: NewLedgerRecord;
  peak: NewLedgerRecord;
  end: NewLedgerRecord;
}

/**
 * One line of a log, without a line break, such as
 * `memory load     demo-response  pid 4242  98 MB -> 131 MB, peak 140 MB, forecast 132 MB, container 1.2 GB, 640 ms`.
 *
 * What is not known is left out. A step that did not succeed says so with the word `failed` or `aborted` before its time.
 */
export function describeStep({ start, peak, end }: FinishedStep): string {
  const { outcome } = end;
  const unhappy = outcome === "failed" || outcome === "aborted" ? `${outcome} after ` : "";
  const facts = [
    heldText(start.processBytes, end),
    said("peak", peak.processBytes),
    said("forecast", end.forecastBytes),
    said("container", end.cgroupBytes),
    said("GPU", end.gpuBytes),
    end.durationMs === null ? null : unhappy + durationText(end.durationMs),
    end.tokens === null ? null : `${end.tokens} ${end.tokens === 1 ? "token" : "tokens"}`,
    end.run === null ? null : `run ${oneLine(end.run).slice(0, 8)}`,
  ].filter((fact) => fact !== null);
  const who = `${oneLine(end.model ?? "-")}  ${end.pid === null ? "" : `pid ${end.pid}  `}`;
  return `memory ${end.step.padEnd(7)}  ${who}${facts.join(", ")}`;
}

function heldText(before: number | null, end: NewLedgerRecord): string | null {
  if (before === null && end.processBytes === null) return null;
  const after = end.processBytes === null ? "gone" : bytesText(end.processBytes);
  return before === null ? after : `${bytesText(before)} -> ${after}`;
}

function said(name: string, bytes: number | null): string | null {
  return bytes === null ? null : `${name} ${bytesText(bytes)}`;
}

/** In powers of 1000, as the command line and the page show them. */
function bytesText(bytes: number): string {
  if (bytes >= 999.5e6) return `${(bytes / 1e9).toFixed(bytes < 9.95e9 ? 2 : 1)} GB`;
  return `${(bytes / 1e6).toFixed(bytes < 9.95e6 ? 1 : 0)} MB`;
}

function durationText(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A name that somebody else chose must not write lines of its own into the log. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, "?").slice(0, 120);
}
