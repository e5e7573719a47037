/**
 * The squares of a square matrix's singular values, largest first: the eigenvalues of its Gram matrix by Jacobi's rotations
 * (Golub and Van Loan, Matrix Computations, 8.5).
 *
 * @param matrix `size` rows of `size` values each
 */
export function squaredSingularValues(matrix: Float64Array, size: number): number[] {
  const gram = gramOf(matrix, size);
  for (let sweep = 0; sweep < 12; sweep++) {
    if (offDiagonal(gram, size) <= 1e-22 * diagonalSquares(gram, size)) break;
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(gram, size, p, q);
  }
  const values = Array.from({ length: size }, (_, index) => Math.max(0, gram[index * size + index] ?? 0));
  return values.sort((left, right) => right - left);
}

/** The fewest singular values that together hold this share of the whole; 0 for a matrix of zeros. */
export function rankHolding(share: number, squares: readonly number[]): number {
  const whole = squares.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (const [index, value] of squares.entries()) {
    if (sum >= share * whole) return index;
    sum += value;
  }
  return squares.length;
}

function gramOf(matrix: Float64Array, size: number): Float64Array {
  const gram = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = row; column < size; column++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (matrix[k * size + row] ?? 0) * (matrix[k * size + column] ?? 0);
      gram[row * size + column] = gram[column * size + row] = sum;
    }
  return gram;
}

function rotate(gram: Float64Array, size: number, p: number, q: number): void {
  const at = (row: number, column: number): number => gram[row * size + column] ?? 0;
  const off = at(p, q);
  if (off === 0) return;
  const theta = (at(q, q) - at(p, p)) / (2 * off);
  const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) {
    const [left, right] = [at(k, p), at(k, q)];
    gram[k * size + p] = cosine * left - sine * right;
    gram[k * size + q] = sine * left + cosine * right;
  }
  for (let k = 0; k < size; k++) {
    const [upper, lower] = [at(p, k), at(q, k)];
    gram[p * size + k] = cosine * upper - sine * lower;
    gram[q * size + k] = sine * upper + cosine * lower;
  }
}

function offDiagonal(gram: Float64Array, size: number): number {
  let sum = 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++) sum += 2 * (gram[row * size + column] ?? 0) ** 2;
  return sum;
}

function diagonalSquares(gram: Float64Array, size: number): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += (gram[row * size + row] ?? 0) ** 2;
  return sum;
}
