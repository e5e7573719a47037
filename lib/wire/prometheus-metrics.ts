import { histogramSamples, type HistogramFigures, type Metric } from "./prometheus";

/** Memwell's metrics by their names without `memwell_`, in base units. */
export function gauge(name: string, help: string, samples: Metric["samples"]): Metric {
  return { name: `memwell_${name}`, help, type: "gauge", samples };
}

export function counter(name: string, help: string, samples: Metric["samples"]): Metric {
  return { name: `memwell_${name}`, help, type: "counter", samples };
}

export function histogram(name: string, help: string, histograms: readonly HistogramFigures[]): Metric {
  return { name: `memwell_${name}`, help, type: "histogram", samples: histogramSamples(histograms) };
}
