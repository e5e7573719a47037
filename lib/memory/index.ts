export { type MemoryGroup } from "./cgroup";
export { readCpuLimit, type CpuLimit } from "./cpu";
export { GpuReader, readGpus, readGpuStatus, type Gpu, type GpuProblem, type GpuStatus } from "./gpu";
export { nvidiaSmi, type ProgramEnd, type RunNvidiaSmi } from "./gpu-program";
export { parseGpuProcessRows, parseGpuRows, type GpuFigures, type GpuProcess } from "./gpu-rows";
export { readMemoryLimit, type MemoryBound, type MemoryLimit, type MemoryLimitCandidate } from "./limit";
export { readOomKills } from "./oom";
export {
  parseProcessStatus,
  readProcessMemory,
  sumProcessMemory,
  type ProcessesMemory,
  type ProcessMemory,
} from "./process";
export { type ReadText } from "./text";
export { findMemoryGroup, readMemoryUse, type MemoryUse } from "./use";
