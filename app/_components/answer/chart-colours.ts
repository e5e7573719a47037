/**
 * Colours of series and slices. Each has a contrast of at least 4.5:1 to the ground of its theme, so that a line of it is
 * seen and a word in it could be read; neighbours differ in brightness too, not only in hue.
 */
export const SERIES_COLOURS = {
  light: ["#c2410c", "#1d4ed8", "#15803d", "#86198f", "#0e7490", "#9f1239", "#854d0e", "#475569"],
  dark: ["#fb923c", "#93c5fd", "#4ade80", "#f0abfc", "#22d3ee", "#fda4af", "#facc15", "#cbd5e1"],
} as const;

/** What a drawing takes from the page around it; colours as CSS writes them. */
export interface ChartTheme {
  isDark: boolean;
  ink: string;
  line: string;
  ground: string;
  fontFamily: string;
}

/** The colour of one of `count` neighbours in a row, or in a ring: there the last one touches the first. */
export function seriesColour(index: number, count: number, isDark: boolean): string {
  const colours = isDark ? SERIES_COLOURS.dark : SERIES_COLOURS.light;
  const closesRing = index > 0 && index === count - 1 && index % colours.length === 0;
  return colours[closesRing ? colours.length / 2 : index % colours.length] as string;
}

/**
 * Whether a ground is dark.
 *
 * @param colour as `getComputedStyle` gives it, `rgb(24, 24, 27)`; what is not of that form counts as light
 */
export function isDarkGround(colour: string): boolean {
  const [, ...parts] = /^rgba?\((\d+)[, ]+(\d+)[, ]+(\d+)/.exec(colour) ?? [];
  const [red = 255, green = 255, blue = 255] = parts.map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
