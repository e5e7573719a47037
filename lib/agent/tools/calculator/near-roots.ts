import type { Polynomial } from "./polynomial";

export interface NearRoot {
  real: number;
  imaginary: number;
}

const STEPS = 500;

/**
 * The roots of a polynomial without repeated roots, as doubles, by the method of Durand and Kerner: every guess moves by
 * the value there over the product of its distances to the other guesses. Real roots have no imaginary part.
 */
export function nearRoots(polynomial: Polynomial): NearRoot[] {
  const leading = polynomial.at(-1);
  const degree = polynomial.length - 1;
  if (leading === undefined || degree < 1) return [];
  const monic = polynomial.map((coefficient) => coefficient.over(leading).toNumber());
  const radius = boundOf(monic);
  let guesses = Array.from({ length: degree }, (_, index) => {
    const angle = (2 * Math.PI * index) / degree + 0.4;
    return { real: radius * Math.cos(angle), imaginary: radius * Math.sin(angle) };
  });
  for (let step = 0; step < STEPS; step++) {
    let moved = 0;
    guesses = guesses.map((guess, index) => {
      const spread = guesses.reduce<NearRoot>(
        (product, other, at) => (at === index ? product : multiply(product, subtract(guess, other))),
        { real: 1, imaginary: 0 },
      );
      const change = quotient(valueAt(monic, guess), spread);
      moved = Math.max(moved, size(change) / (1 + size(guess)));
      return subtract(guess, change);
    });
    if (moved < 1e-16) break;
  }
  return guesses.map(settle);
}

/** No root is farther from 0 (Fujiwara's bound). */
function boundOf(monic: number[]): number {
  const degree = monic.length - 1;
  const parts = monic.slice(0, -1).map((coefficient, power) => Math.abs(coefficient) ** (1 / (degree - power)));
  return 2 * Math.max(...parts) || 1;
}

function settle({ real, imaginary }: NearRoot): NearRoot {
  const limit = 1e-10 * (1 + Math.abs(real) + Math.abs(imaginary));
  return {
    real: Math.abs(real) < limit ? 0 : real,
    imaginary: Math.abs(imaginary) < limit ? 0 : imaginary,
  };
}

function valueAt(monic: number[], x: NearRoot): NearRoot {
  return monic.reduceRight<NearRoot>(
    (sum, coefficient) => {
      const product = multiply(sum, x);
      return { real: product.real + coefficient, imaginary: product.imaginary };
    },
    { real: 0, imaginary: 0 },
  );
}

function multiply(first: NearRoot, second: NearRoot): NearRoot {
  return {
    real: first.real * second.real - first.imaginary * second.imaginary,
    imaginary: first.real * second.imaginary + first.imaginary * second.real,
  };
}

function subtract(first: NearRoot, second: NearRoot): NearRoot {
  return { real: first.real - second.real, imaginary: first.imaginary - second.imaginary };
}

/** Two guesses that met stay where they are for a step. */
function quotient(first: NearRoot, second: NearRoot): NearRoot {
  const square = second.real ** 2 + second.imaginary ** 2;
  if (square === 0) return { real: 0, imaginary: 0 };
  const product = multiply(first, { real: second.real, imaginary: -second.imaginary });
  return { real: product.real / square, imaginary: product.imaginary / square };
}

function size({ real, imaginary }: NearRoot): number {
  return Math.hypot(real, imaginary);
}
