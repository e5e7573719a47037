const BYTE_UNITS: Record<string, number> = {
  "": 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
  KI: 1024,
  MI: 1024 ** 2,
  GI: 1024 ** 3,
  TI: 1024 ** 4,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
};

const DURATION_UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** "8GB" (powers of 1000), "512MiB" or "16Gi" (powers of 1024) or "123456" as bytes; null when it is no such text. */
export function parseBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(text.trim());
  const unit = BYTE_UNITS[(match?.[2] ?? "?").toUpperCase()];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}

/** "10m", "90s", "1.5h", "250ms" as milliseconds, `Infinity` for "off"; null when it is no such text. */
export function parseDuration(text: string): number | null {
  if (text.trim().toLowerCase() === "off") return Infinity;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)$/.exec(text.trim().toLowerCase());
  return match === null ? null : Number(match[1]) * (DURATION_UNITS[match[2] as string] as number);
}

/** Bytes for people, in powers of 1000, as disks and files are sold and listed: `1.50 GB`. */
export function formatBytes(count: number): string {
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(2)} GB`;
}
