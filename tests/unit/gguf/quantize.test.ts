import { describe, expect, test } from "vitest";
import { fromBfloat16, fromHalf, toBfloat16, toHalf } from "../../../lib/gguf/half";
import { QUANTIZABLE_TYPES, dequantize, isQuantizable, quantize } from "../../../lib/gguf/quantize";
import type { QuantizableType } from "../../../lib/gguf/quantize";
import { NORMAL_DRAWS, SeededRandom } from "../../../lib/gguf/random";
import { SYNTHETIC_TYPES, randomTensor } from "../../../lib/gguf/random-blocks";
import { TENSOR_TYPES } from "../../../lib/gguf/types";

/** Largest error of a value, as a share of the largest magnitude in its block of 32. */
const ERROR_BOUNDS: Record<QuantizableType, number> = {
  F32: 0,
  F16: 0.0005,
  BF16: 0.004,
  Q4_0: 1 / 8 + 0.001, // one side has 8 levels, the other 7: its end is cut off by up to a whole level
  Q4_1: 1 / 15 + 0.001, // half a level of a range of at most twice the magnitude
  Q5_0: 1 / 16 + 0.001,
  Q5_1: 1 / 31 + 0.001,
  Q8_0: 0.5 / 127 + 0.0005,
};

describe.each(QUANTIZABLE_TYPES)("%s", (type) => {
  test("comes back within half a level", () => {
    const random = new SeededRandom(type);
    const values = Float32Array.from({ length: 4096 }, () => NORMAL_DRAWS[random.next() & 0xffff] as number);
    const { blockSize, blockBytes } = TENSOR_TYPES[type];
    const bytes = Buffer.alloc((values.length / blockSize) * blockBytes);
    expect(quantize(type, values, bytes)).toBe(bytes.length);
    const back = dequantize(type, bytes);
    expect(back.length).toBe(values.length);
    for (let start = 0; start < values.length; start += 32) {
      const block = values.subarray(start, start + 32);
      const largest = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      block.forEach((value, index) => {
        const error = Math.abs((back[start + index] as number) - value);
        expect(error).toBeLessThanOrEqual(ERROR_BOUNDS[type] * largest);
      });
    }
  });

  test("keeps a block of zeros, and one large value among zeros", () => {
    const values = new Float32Array(64);
    values[40] = -3;
    const { blockSize, blockBytes } = TENSOR_TYPES[type];
    const bytes = Buffer.alloc((64 / blockSize) * blockBytes);
    quantize(type, values, bytes);
    const back = dequantize(type, bytes);
    expect([...back.subarray(0, 32)].every((value) => value === 0)).toBe(true);
    expect(back[40]).toBeCloseTo(-3, 2);
  });
});

test("a half row is refused", () => {
  expect(() => quantize("Q4_0", new Float32Array(31), Buffer.alloc(64))).toThrow(RangeError);
});

describe("16-bit floats", () => {
  test("every half comes back as itself", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
  });

  test("every bfloat16 comes back as itself", () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = fromBfloat16(bits);
      if (!Number.isNaN(value)) expect(toBfloat16(value)).toBe(bits);
    }
  });

  test("what lies between two halves goes to the nearer, and the even one of equals", () => {
    expect(toHalf(1 + 0.4 / 1024)).toBe(toHalf(1));
    expect(toHalf(1 + 0.5 / 1024)).toBe(toHalf(1));
    expect(toHalf(1 + 1.5 / 1024)).toBe(toHalf(1 + 2 / 1024));
    expect(toHalf(65520)).toBe(0x7c00);
    expect(toHalf(2 ** -25)).toBe(0);
    expect(toHalf(2 ** -25 * 1.01)).toBe(1);
    expect(toBfloat16(NaN) & 0x7f).not.toBe(0);
  });
});

describe.each(SYNTHETIC_TYPES.filter(isQuantizable))("random blocks of %s", (type) => {
  test("have the mean and the deviation asked for", () => {
    const count = 65536;
    const bytes = Buffer.concat(
      [...randomTensor(type, count, 0.02, new SeededRandom("x"))].map((part) => Buffer.from(part)),
    );
    const { blockSize, blockBytes } = TENSOR_TYPES[type];
    expect(bytes.length).toBe((count / blockSize) * blockBytes);
    const values = dequantize(type, bytes);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    expect(Math.abs(mean)).toBeLessThan(0.0015);
    expect(deviation).toBeGreaterThan(0.018);
    expect(deviation).toBeLessThan(0.022);
  });
});
