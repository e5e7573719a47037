export { type MemoryGroup } from "./cgroup";
export { readCpuLimit, type CpuLimit } from "./cpu";
export { GpuReader, readGpus, readGpuStatus, type Gpu, type GpuProblem, type GpuStatus } from "./gpu";
export { nvidiaSmi, type ProgramEnd, type RunNvidiaSmi } from "./gpu-program";
export { parseGpuProcessRows, parseGpuRows, type GpuFigures, type GpuProcess } from "./gpu-rows";
export {
  MEMORY_EVENTS,
  type MemoryEvent,
  type MemoryEventKind,
  type MemoryEventQuery,
  type NewMemoryEvent,
  type UnloadReason,
} from "./event";
export { LatestGpus } from "./latest-gpus";
export { Ledger, type LedgerOptions } from "./ledger";
export { describeStep, type FinishedStep } from "./ledger-line";
export { machineClock, machineReaders, type LedgerClock, type LedgerReaders } from "./ledger-readers";
export {
  LEDGER_PHASES,
  LEDGER_STEPS,
  type LedgerPhase,
  type LedgerQuery,
  type LedgerRecord,
  type LedgerStep,
  type NewLedgerRecord,
} from "./ledger-record";
export { type OpenStep, type StepResult, type StepSubject } from "./ledger-step";
export { readMemoryLimit, type MemoryBound, type MemoryLimit, type MemoryLimitCandidate } from "./limit";
export { readOomKills } from "./oom";
export {
  parseProcessStatus,
  readProcessMemory,
  sumProcessMemory,
  type ProcessesMemory,
  type ProcessMemory,
} from "./process";
export {
  machineSampleReaders,
  SampleReader,
  type SampledProcess,
  type SampleLimits,
  type SampleReaders,
} from "./read-sample";
export type { MemorySample, SampledFigure, SeriesFigure, SeriesName, SeriesOwner, SeriesPeak } from "./sample";
export { SAMPLE_EVERY_MS, startSampler, systemSamplerClock, type SamplerClock } from "./sampler";
export { type ReadText } from "./text";
export { findMemoryGroup, readMemoryUse, type MemoryUse } from "./use";
