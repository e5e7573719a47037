import type { AlertEntry, CountersSnapshot, MetricsSummary, SummaryQuery } from "../../analytics";
import type { RecentPage, RecentQuery } from "../../store";

/** Figures that are told beside those of memory. Bytes; null where nobody knows. */
export interface AnalyticsGauges {
  conversations: number;
  likes: number;
  dislikes: number;
  visitorsOfDay: number;
  databaseBytes: number;
  freeDiskBytes: number | null;
  /** Times each model had to leave memory for another one, since the process began. */
  evictions: [model: string, times: number][];
  alerts: AlertEntry[];
}

/** Figures of the runs that have ended, of this and of earlier processes; without a database yet there are none. */
export interface RuntimeAnalytics {
  summary(query: SummaryQuery): Promise<MetricsSummary>;
  /** The newest runs first. @throws MemwellError `request_too_large` for a long search */
  recent(query: RecentQuery): Promise<RecentPage>;
  /** Those that last, then those that are over, each the newest first. */
  alerts(): AlertEntry[];
  /** What was counted since the process began. */
  counters(): CountersSnapshot;
  gauges(): Promise<AnalyticsGauges>;
}
