export { markOnHub, reposNamedBy } from "./candidates";
export type { AskedRepo, HubCheck, OnHub } from "./contract";
