import { MODEL_REFERENCE_FORMS, parseModelReference, type ModelReference } from "./model-reference";

/** A way of answering: a LoRA adapter on the response model, under the name that people choose it by. */
export interface Domain {
  name: string;
  adapter: ModelReference;
}

/** What asks for no domain, where one would be used again. */
export const NO_DOMAIN = "none";
/** What asks for the domain that the message is about, or none. */
export const AUTO_DOMAIN = "auto";

/** `general` is how the model that chooses a domain says that it is none of them. */
const RESERVED = [NO_DOMAIN, AUTO_DOMAIN, "general"];

const MOST_DOMAINS = 16;
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const FORM = `NAME=ADAPTER with commas between them, where ADAPTER is ${MODEL_REFERENCE_FORMS}`;

/**
 * Reads `education=lora/tutor.gguf,business=hf:ORG/REPO`. Paths have no commas.
 *
 * @param folder where relative paths count from
 * @returns the domains in their order; or, as a text, what is allowed, and the entry that is not
 */
export function parseDomains(text: string, folder: string): Domain[] | string {
  const domains: Domain[] = [];
  for (const entry of entriesOf(text)) {
    const [name, reference] = splitEntry(entry);
    const refusal = (allowed: string): string => `${allowed}; the entry "${shown(entry)}" is not`;
    if (reference === null) return refusal(FORM);
    if (!NAME.test(name)) return refusal("names of 1 to 32 small letters, digits and hyphens that begin with a letter");
    if (RESERVED.includes(name))
      return refusal(`names other than ${RESERVED.join(", ")}, which ask for none or for any`);
    if (domains.some((other) => other.name === name)) return refusal("each name once");
    const adapter = parseModelReference(reference, folder);
    if (adapter === null) return refusal(FORM);
    domains.push({ name, adapter });
    if (domains.length > MOST_DOMAINS) return refusal(`up to ${MOST_DOMAINS} domains`);
  }
  return domains;
}

/** The same text with every path made absolute; as it is where it is not understood. */
export function absoluteDomains(text: string, absolute: (path: string) => string): string {
  return entriesOf(text)
    .map((entry) => {
      const [name, reference] = splitEntry(entry);
      return reference === null || reference.startsWith("hf:") ? entry : `${name}=${absolute(reference)}`;
    })
    .join(",");
}

function entriesOf(text: string): string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** The reference is null where there is none. */
function splitEntry(entry: string): [name: string, reference: string | null] {
  const at = entry.indexOf("=");
  if (at < 0) return [entry, null];
  const reference = entry.slice(at + 1).trim();
  return [entry.slice(0, at).trim(), reference === "" ? null : reference];
}

function shown(entry: string): string {
  return entry.length <= 200 ? entry : `${entry.slice(0, 200)}…`;
}
