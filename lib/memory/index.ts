export { readCpuLimit, type CpuLimit, type ReadText } from "./cpu";
export { parseProcessStatus, readProcessMemory, type ProcessMemory } from "./process";
