/** Bytes for people, in powers of 1000. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;
}

/** A file's time may be one that no calendar has. `time`: seconds since 1970. */
export function dayText(time: number): string {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? "at an unknown time" : date.toISOString().slice(0, 10);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0.99 && share < 1 ? 2 : 0)} %`;
}
