import { nearRoots } from "./near-roots";
import { commonFactor, degreeOf, divide, primitivePart, valueAt, type Polynomial } from "./polynomial";
import { quadraticRoots } from "./quadratic";
import { Rational } from "./rational";

export interface Root {
  /** `3/2`, `(1 + √5)/2`, `-1 - 2i`; null when only the decimal is known. */
  exact: string | null;
  real: number;
  /** 0 for a real root. */
  imaginary: number;
  /** The root itself when it is a fraction. */
  rational: Rational | null;
  multiplicity: number;
}

/**
 * All roots of a polynomial of degree 1 or more, each once, the real ones first and in order: fractions are found
 * exactly, what is left is solved by the quadratic formula or, from degree 3, in decimals.
 */
export function rootsOf(polynomial: Polynomial): Root[] {
  // Without repeated roots, which decimals find badly.
  const simple = divide(polynomial, commonFactor(polynomial, derivative(polynomial))).quotient;
  const fractions = rationalRoots(simple);
  const rest = fractions.reduce((left, root) => divide(left, [root.negated(), Rational.ONE]).quotient, simple);
  const roots: Omit<Root, "multiplicity">[] = [
    ...fractions.map((root) => ({ exact: String(root), real: root.toNumber(), imaginary: 0, rational: root })),
    ...otherRoots(rest),
  ];
  return roots.map((root) => ({ ...root, multiplicity: multiplicityOf(root, polynomial) })).sort(inOrder);
}

function inOrder(first: Root, second: Root): number {
  const isReal = Number(second.imaginary === 0) - Number(first.imaginary === 0);
  return isReal || first.real - second.real || second.imaginary - first.imaginary;
}

/** A fraction that is a root has a denominator that divides the leading coefficient, so a near root names it. */
function rationalRoots(polynomial: Polynomial): Rational[] {
  const { integers } = primitivePart(polynomial);
  const leading = integers.at(-1) ?? 1n;
  const found = new Map<string, Rational>();
  for (const { real } of nearRoots(polynomial)) {
    const numerator = Math.round(real * Number(leading));
    if (!Number.isSafeInteger(numerator)) continue;
    const candidate = Rational.of(BigInt(numerator), leading);
    if (valueAt(polynomial, candidate).isZero) found.set(String(candidate), candidate);
  }
  return [...found.values()];
}

function otherRoots(polynomial: Polynomial): Omit<Root, "multiplicity">[] {
  if (degreeOf(polynomial) < 1) return [];
  if (degreeOf(polynomial) === 2) return quadraticRoots(polynomial).map((root) => ({ ...root, rational: null }));
  return nearRoots(polynomial).map((root) => ({ ...root, exact: null, rational: null }));
}

/** Only fractions are asked: the others have the multiplicity of the factor that they share. */
function multiplicityOf(root: Omit<Root, "multiplicity">, polynomial: Polynomial): number {
  if (root.rational === null) return 1;
  const factor = [root.rational.negated(), Rational.ONE];
  let left = polynomial;
  let count = 0;
  while (left.length > 1 && valueAt(left, root.rational).isZero) {
    left = divide(left, factor).quotient;
    count++;
  }
  return count;
}

function derivative(polynomial: Polynomial): Polynomial {
  return polynomial.slice(1).map((coefficient, index) => coefficient.times(Rational.of(BigInt(index + 1))));
}
