export { readBuiltInFacts, type BuiltInAbout, type BuiltInFacts } from "./facts";
export { builtInDomains, builtInFile, builtInId, isBuiltInFile } from "./files";
