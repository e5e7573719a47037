/** Conversions between 32-bit floats and the 16-bit ones of tensors: IEEE binary16 and bfloat16, round to nearest even. */
const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** A number as the 16 bits of an IEEE half; beyond 65,504 it becomes infinity. */
export function toHalf(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | (mantissa === 0 ? 0x7c00 : 0x7e00);
  const target = exponent - 112;
  if (target >= 31) return sign | 0x7c00;
  if (target <= 0) {
    if (target < -10) return sign;
    return sign | roundShift(mantissa | 0x800000, 14 - target);
  }
  // A mantissa that rounds up to the next power of two carries into the exponent, which is what is wanted.
  return sign | ((target << 10) + roundShift(mantissa, 13));
}

function roundShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** The number behind the 16 bits of an IEEE half. */
export function fromHalf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** A number as the 16 bits of a bfloat16: the upper half of a 32-bit float, rounded. */
export function toBfloat16(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] as number;
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 64;
  return ((bits + (0x7fff + ((bits >>> 16) & 1))) >>> 16) & 0xffff;
}

/** The number behind the 16 bits of a bfloat16. */
export function fromBfloat16(bits: number): number {
  bitsView[0] = (bits << 16) >>> 0;
  return floatView[0] as number;
}
