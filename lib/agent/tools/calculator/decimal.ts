import type { Rational } from "./rational";

const DIGITS = 12;
/** Integers and fractions longer than this are told as decimals only. */
const LONGEST_EXACT = 40;
/** What 64 digits leave of a zero, as in sin(pi). */
const NOISE = 1e-40;

export interface Decimal {
  text: string;
  /** Whether digits were left out. */
  isRounded: boolean;
}

/** A number written by mathjs, of any length and exponent, with 12 digits at most. */
export function decimalOf(written: string): Decimal {
  const [, sign = "", whole = "", part = "", exponent = "0"] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(written) ?? [];
  const significant = (whole + part).replace(/^0+/, "").replace(/0+$/, "");
  const value = Number(written);
  if (significant === "" || (Math.abs(value) < NOISE && significant.length > DIGITS + 8))
    return { text: "0", isRounded: false };
  const tail = significant.slice(DIGITS);
  const isRounded = tail !== "" && !/^(?:0{20}|9{20})/.test(tail);
  if (Number.isFinite(value) && value !== 0) return { text: plainDecimal(value), isRounded };
  const power = Number(exponent) + (whole.replace(/^0+/, "").length || whole.length) - 1;
  const mantissa = Number(`${sign}${significant[0]}.${significant.slice(1, 17)}`).toPrecision(DIGITS);
  return { text: `${trimZeros(mantissa)} * 10^${power}`, isRounded };
}

/** A fraction as a decimal of 12 digits at most; an integer of up to 40 digits stays whole. */
export function decimalOfRational(rational: Rational): Decimal {
  if (rational.denominator === 1n) {
    const whole = String(rational.numerator);
    return whole.length <= LONGEST_EXACT ? { text: whole, isRounded: false } : decimalOf(whole);
  }
  // 60 digits more than the point needs: decimalOf then sees whether any of them was left out.
  const shift = 10n ** 60n;
  const scaled = (rational.numerator * shift) / rational.denominator;
  return decimalOf(`${scaled}e-60`.replace(/^(-?)(\d+)e-60$/, pointed));
}

function pointed(_: string, sign: string, digits: string): string {
  const padded = digits.padStart(61, "0");
  return `${sign}${padded.slice(0, -60)}.${padded.slice(-60)}`;
}

/** The fraction as it is, null when it is too long to be read. */
export function exactText(rational: Rational): string | null {
  const text = String(rational);
  return text.length <= LONGEST_EXACT ? text : null;
}

/** 12 digits, written out between 10^-9 and 10^21: `0.875`, `1.5 * 10^-12`. */
export function plainDecimal(value: number): string {
  const rounded = Number(value.toPrecision(DIGITS));
  if (rounded === 0) return "0";
  const size = Math.abs(rounded);
  if (size >= 1e15 || size < 1e-9) {
    const [mantissa = "", power = ""] = value.toExponential(DIGITS - 1).split("e");
    return `${trimZeros(mantissa)} * 10^${Number(power)}`;
  }
  return size < 1e-6 ? trimZeros(rounded.toFixed(20)) : String(rounded);
}

function trimZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
