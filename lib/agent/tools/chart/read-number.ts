const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** A finite number, also one that was written as text; null for everything else. Minus zero is zero. */
export function readNumber(written: unknown): number | null {
  const number = typeof written === "string" ? numberInText(written) : written;
  if (typeof number !== "number" || !Number.isFinite(number)) return null;
  return number === 0 ? 0 : number;
}

function numberInText(written: string): number | null {
  if (written.length > 40) return null;
  const trimmed = written.trim().replace(/^[\u2212\u2013]/, "-");
  return NUMBER.test(trimmed) ? Number(trimmed) : null;
}
