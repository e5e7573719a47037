export { EvictionCounts } from "./alerts/evictions";
export { ALERT_NAMES, judge, type AlertLimits, type AlertName, type Finding, type Readings } from "./alerts/rules";
export { AlertWatch, type AlertParts } from "./alerts/watch";
export { tellWebhook, type WebhookBody, type WebhookOptions } from "./alerts/webhook";
export { alertEntry, type AlertEntry } from "./alerts/words";
export { RunCounters, type Count, type CountersSnapshot, type Histogram } from "./counters";
export { csvOf, jsonOf, type ExportSource } from "./export/text";
export { writeTrackio, type TrackioSource } from "./export/trackio";
export { trackioProject } from "./export/trackio-name";
export { sampleOf, type SystemSample } from "./export/trackio-values";
export { writeDatabase, writeText } from "./export/write-file";
export { meterGeneration, meterTurn, type MeteredRequest } from "./measure-request";
export { measureRun } from "./measure-run";
export { TurnMeter, type TurnFigures } from "./measure-turn";
export { queueMsOf, tokensPerSecond } from "./rates";
export { spreadOf, type Spread } from "./spread";
export { DayCache } from "./day-cache";
export {
  summarize,
  SUMMARY_GROUPS,
  type FigureReader,
  type MetricsSummary,
  type SummaryGroup,
  type SummaryQuery,
} from "./summarize";
export type { ModelTotals, Summary } from "./summary";
