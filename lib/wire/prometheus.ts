/** One metric with its samples, in base units (bytes, seconds). */
export interface Metric {
  /** With the unit at its end, and `_total` behind that for a counter. */
  name: string;
  help: string;
  type: "gauge" | "counter" | "histogram";
  /** One for each combination of labels; a value that is not known is left out. */
  samples: Sample[];
}

export interface Sample {
  /** What stands behind the metric's name, such as `_sum`: a histogram is several numbers. */
  suffix?: string;
  labels?: Record<string, string>;
  value: number | null;
}

/** How many values were not above each bound, all of them, and their sum. */
export interface HistogramFigures {
  labels: Record<string, string>;
  buckets: { bound: number; count: number }[];
  sum: number;
  count: number;
}

export function histogramSamples(histograms: readonly HistogramFigures[]): Sample[] {
  return histograms.flatMap(({ labels, buckets, sum, count }) => [
    ...buckets.map((bucket) => ({
      suffix: "_bucket",
      labels: { ...labels, le: numberText(bucket.bound) },
      value: bucket.count,
    })),
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: count },
    { suffix: "_sum", labels, value: sum },
    { suffix: "_count", labels, value: count },
  ]);
}

/** The content type of the text format. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). A metric without a known
 * value is left out altogether: absent is how Prometheus says "not known", and zero would be a lie.
 */
export function encodePrometheus(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(({ name, help, type, samples }) => {
      const lines = samples.flatMap(({ suffix = "", labels, value }) =>
        value === null ? [] : [`${name}${suffix}${labelText(labels ?? {})} ${numberText(value)}\n`],
      );
      return lines.length === 0 ? [] : [`# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`, ...lines];
    })
    .join("");
}

function labelText(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** As Go's ParseFloat reads it. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? String(value) : value > 0 ? "+Inf" : "-Inf";
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replace(/"/g, '\\"');
}
