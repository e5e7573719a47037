import { MemwellError } from "../../errors";
import type { PromptLibrary } from "./contract";
import { plain } from "./plain";
import { tutor } from "./tutor";

/** The agents there are; the first is the default. */
export const LIBRARIES: readonly PromptLibrary[] = [tutor, plain];

export const DEFAULT_LIBRARY = tutor.name;

/** @throws MemwellError `invalid_setting` for a name that no library has; the message lists those there are. */
export function libraryNamed(name: string): PromptLibrary {
  const found = LIBRARIES.find((library) => library.name === name);
  if (found !== undefined) return found;
  const names = LIBRARIES.map((library) => library.name);
  throw new MemwellError(
    "invalid_setting",
    `There is no agent named "${name.slice(0, 80)}". Choose one of: ${names.join(", ")}.`,
    {
      name,
      names,
    },
  );
}
