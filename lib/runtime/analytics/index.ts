export type { AnalyticsGauges, RuntimeAnalytics } from "./contract";
export { EXPORT_FORMATS, exportMetrics, type ExportFormat, type ExportRequest } from "./export-metrics";
export { RecordedAnalytics } from "./recorded-analytics";
