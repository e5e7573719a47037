export type * from "./contract";
export { RuntimeStorage } from "./runtime-storage";
