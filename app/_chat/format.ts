import type { ModelEntry } from "@/lib/wire";

/** Bytes for people, in powers of 1000 as disks and the Hub count: `62 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Milliseconds for people: `0.4 s`, `12 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** What a model is doing now, how large it is, and whether it stays: `ready · 62 MB · pinned`. */
export function formatModelState(model: ModelEntry): string {
  return `${describeState(model)}${model.memwell.pinned ? " · pinned" : ""}`;
}

function describeState(model: ModelEntry): string {
  const { state, file_bytes, resident_bytes, error } = model.memwell;
  const file = file_bytes === null ? "" : ` · ${formatBytes(file_bytes)} file`;
  if (state === "ready") return `ready${resident_bytes === null ? "" : ` · ${formatBytes(resident_bytes)}`}`;
  if (state === "starting") return `loading${file}`;
  if (error !== null) return "cannot be loaded";
  return `not loaded${file}`;
}

/** A moment for people, in ms since 1970: `14:05`, of another day `3 May, 14:05`; in the browser's language. */
export function formatTimeOfDay(moment: number, now: number = Date.now()): string {
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const isToday = new Date(moment).toDateString() === new Date(now).toDateString();
  const date: Intl.DateTimeFormatOptions = isToday ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(undefined, { ...date, ...time }).format(moment);
}

/** The whole of a moment for people, in ms since 1970, in the browser's language: `Sunday, 3 May 2026 at 14:05:09`. */
export function formatDateAndTime(moment: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" }).format(moment);
}
