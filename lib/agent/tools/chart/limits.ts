/** What one chart may hold: beyond it nobody can read it, and the text about it costs the model too many tokens. */
export const CHART_LIMITS = {
  points: 200,
  slices: 24,
  series: 8,
  /** Characters. */
  title: 120,
  axisLabel: 80,
  label: 60,
  context: 600,
  /** Beyond it two neighbouring numbers look the same in a drawing. */
  magnitude: 1e15,
} as const;
