import { primitivePart, type Polynomial } from "./polynomial";
import { greatestDivisor } from "./rational";

/** Above it, the square in a discriminant is not looked for: `√(...)` stays as it is. */
const LARGEST_FACTORED = 10_000_000_000n;

interface QuadraticRoot {
  exact: string;
  real: number;
  imaginary: number;
}

/** Both roots of a quadratic whose discriminant is no square, by the quadratic formula, the lesser first. */
export function quadraticRoots(polynomial: Polynomial): QuadraticRoot[] {
  const [c = 0n, b = 0n, a = 1n] = primitivePart(polynomial).integers;
  const discriminant = b * b - 4n * a * c;
  const { outside, inside } = squareIn(discriminant < 0n ? -discriminant : discriminant);
  const divisor = greatestDivisor(greatestDivisor(b, outside), 2n * a);
  const parts = { middle: -b / divisor, outside: outside / divisor, inside, below: (2n * a) / divisor };
  const real = -Number(b) / (2 * Number(a));
  const distance = (Number(parts.outside) * Math.sqrt(Number(inside))) / Number(parts.below);
  const isComplex = discriminant < 0n;
  return (["-", "+"] as const).map((sign) => {
    const signed = sign === "-" ? -distance : distance;
    return {
      exact: write({ ...parts, sign, isComplex }),
      real: isComplex ? real : real + signed,
      imaginary: isComplex ? signed : 0,
    };
  });
}

/** `number` as outside^2 * inside, inside without a square. */
function squareIn(number: bigint): { outside: bigint; inside: bigint } {
  let outside = 1n;
  let inside = number;
  if (number > LARGEST_FACTORED) return { outside, inside };
  for (let factor = 2n; factor * factor <= inside; factor++) {
    while (inside % (factor * factor) === 0n) {
      inside /= factor * factor;
      outside *= factor;
    }
  }
  return { outside, inside };
}

interface Parts {
  middle: bigint;
  outside: bigint;
  inside: bigint;
  below: bigint;
  sign: "+" | "-";
  isComplex: boolean;
}

/** `(1 + √5)/2`, `-√2`, `2 - 3i`, `√3/2`. */
function write({ middle, outside, inside, below, sign, isComplex }: Parts): string {
  const number = outside === 1n && (inside !== 1n || isComplex) ? "" : String(outside);
  const surd = `${number}${inside === 1n ? "" : `√${inside}`}${isComplex ? "i" : ""}`;
  if (middle === 0n) return `${sign === "-" ? "-" : ""}${surd}${below === 1n ? "" : `/${below}`}`;
  const sum = `${middle} ${sign} ${surd}`;
  return below === 1n ? sum : `(${sum})/${below}`;
}
