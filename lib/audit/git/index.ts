export type { GitHistory, GitHygiene, LargeObject, MissingLines } from "./contract";
export { gitHygiene, type GitOptions } from "./hygiene";
