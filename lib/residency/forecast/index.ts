/** What a model will cost before it is loaded, and what it did cost the last time. */
export { PROCESS_BASE_BYTES, VOCABULARY_BYTES_PER_TOKEN } from "./forecast-footprint";
export { adapterFootprint, forecastFootprint } from "./forecast-footprint";
export { fingerprintModelFile, footprintKey } from "./footprint-key";
export { MeasurementStore, MAX_ENTRIES, MEASURED_MARGIN } from "./measurement-store";
export { KV_TYPES } from "./kv-cache";
export type { Footprint, ForecastInput } from "./types";
