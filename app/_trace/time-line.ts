/** Where a step's bar lies on the time line, in percent of its width. */
export interface Bar {
  left: number;
  width: number;
}

/**
 * Steps that run one after the other, as bars on one time line.
 *
 * @param durations in ms, in order; what is no duration counts as none
 */
export function layTimeLine(durations: readonly number[]): Bar[] {
  const lengths = durations.map((duration) => (Number.isFinite(duration) && duration > 0 ? duration : 0));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  let passed = 0;
  return lengths.map((length) => {
    const bar = whole === 0 ? { left: 0, width: 0 } : { left: (passed / whole) * 100, width: (length / whole) * 100 };
    passed += length;
    return bar;
  });
}

/** A figure as a percentage of the largest one; 0 where nothing is known. */
export function shareOf(figure: number | null, largest: number | null): number {
  return figure === null || largest === null || largest <= 0 ? 0 : Math.min(100, (figure / largest) * 100);
}
