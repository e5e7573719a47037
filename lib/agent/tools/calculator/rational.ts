/** An exact number: a fraction of two integers in lowest terms, its denominator above 0. */
export class Rational {
  static readonly ZERO = new Rational(0n, 1n);
  static readonly ONE = new Rational(1n, 1n);

  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  /** Throws a RangeError when `denominator` is 0. */
  static of(numerator: bigint, denominator = 1n): Rational {
    if (denominator === 0n) throw new RangeError("division by zero");
    const divisor = greatestDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
    return new Rational(numerator / divisor, denominator / divisor);
  }

  plus(other: Rational): Rational {
    return Rational.of(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  minus(other: Rational): Rational {
    return this.plus(other.negated());
  }

  times(other: Rational): Rational {
    return Rational.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  /** Throws a RangeError when `other` is 0. */
  over(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  negated(): Rational {
    return Rational.of(-this.numerator, this.denominator);
  }

  get isZero(): boolean {
    return this.numerator === 0n;
  }

  get isOne(): boolean {
    return this.numerator === this.denominator;
  }

  get isNegative(): boolean {
    return this.numerator < 0n;
  }

  equals(other: Rational): boolean {
    return this.numerator === other.numerator && this.denominator === other.denominator;
  }

  /** The nearest double, also of integers too long for one. */
  toNumber(): number {
    const direct = Number(this.numerator) / Number(this.denominator);
    if (Number.isFinite(direct)) return direct;
    const spare = BigInt(Math.max(this.numerator.toString(2).length, this.denominator.toString(2).length) - 900);
    return Number(this.numerator >> spare) / Number(this.denominator >> spare);
  }

  toString(): string {
    return this.denominator === 1n ? String(this.numerator) : `${this.numerator}/${this.denominator}`;
  }
}

/** Never 0: of two zeros it is 1. */
export function greatestDivisor(first: bigint, second: bigint): bigint {
  let [a, b] = [first < 0n ? -first : first, second < 0n ? -second : second];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}
