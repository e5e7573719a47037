/** Whose memory a series is about. `budget` is what Memwell's models and all beside them may hold together. */
export type SeriesOwner = "server" | "spare" | "model" | "container" | "host" | "gpu" | "budget";

/**
 * | figure      | of                             | bytes                                                             |
 * |-------------|--------------------------------|-------------------------------------------------------------------|
 * | `resident`  | a process                      | pages in memory                                                   |
 * | `anonymous` | a process, the container       | of those, what can only be freed                                  |
 * | `file`      | a process, container, the host | pages of files, which the kernel can drop and read again          |
 * | `used`      | container, host, a GPU         | what cannot be dropped: the figure that decisions go by           |
 * | `limit`     | container, host, a GPU, budget | what there is; of the budget, the share of it that may be held    |
 */
export type SeriesFigure = "resident" | "anonymous" | "file" | "used" | "limit";

/** What one number over time is of. */
export interface SeriesName {
  of: SeriesOwner;
  /** The model's id, or the GPU's index; null where there is only one. */
  name: string | null;
  figure: SeriesFigure;
}

export interface SampledFigure extends SeriesName {
  bytes: number;
  /** The most since the sample before, where the kernel keeps count; else `bytes`. */
  peak: number;
}

/** What was held at one moment. */
export interface MemorySample {
  /** In ms since the epoch. */
  time: number;
  figures: SampledFigure[];
}

/** The most that a series had, and when. */
export interface SeriesPeak extends SeriesName {
  bytes: number;
  /** In ms since the epoch. */
  time: number;
}
