import type { Chart } from "./read-chart";

const exact = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 12 });
const short = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4, notation: "compact" });
const percent = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** A value with 12 digits at most, so that 0.1 + 0.2 reads 0.3: `1,234.5`. */
export function formatValue(value: number): string {
  return exact.format(value).replace(/^-0$/, "0");
}

/** A value beside an axis, where there is little room: `1.5M`. */
export function formatTick(value: number): string {
  return Math.abs(value) >= 1e5 ? short.format(value) : formatValue(value);
}

/** A share of a sum, both 0 or more: `12.5 %`; `below 0.1 %` for what is there but too small to show. */
export function formatShare(value: number, sum: number): string {
  const written = percent.format((value / sum) * 100);
  return written === "0" && value > 0 ? "below 0.1 %" : `${written} %`;
}

/** A text that may take so many characters; a longer one ends in an ellipsis. Emoji are not cut apart. */
export function clip(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** A text in lines of about `width` characters, three at most, as canvas does not break lines by itself. */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) as string;
    if (line === "") lines[lines.length - 1] = clip(word, width);
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(clip(word, width));
  }
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), clip(lines.slice(2).join(" "), width)];
}

/** The name under which a chart is saved: its title in small letters, digits and hyphens. */
export function fileNameOf(title: string, ending = "png"): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const name = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `${name.slice(0, 60) || "chart"}.${ending}`;
}

/**
 * What the colours of a chart stand for: its series where there are several, or its slices with their shares.
 *
 * @param most characters of a name; what stands behind it is always whole
 */
export function legendEntries({ type, labels, series }: Chart, most = Infinity): string[] {
  if (type !== "pie") return series.length > 1 ? series.map(({ name }) => clip(name, most)) : [];
  const values = series[0]?.values ?? [];
  const sum = values.reduce((total, value) => total + value, 0);
  return labels.map((label, index) => {
    const value = values[index] ?? 0;
    return `${clip(label, most)}: ${formatValue(value)} (${formatShare(value, sum)})`;
  });
}
