export const PIN_FORMS = "repositories as ORG/REPO or ORG/REPO@REVISION, with commas between them";

/** Null when one of them is no name of a repository. */
export function parsePins(text: string): string[] | null {
  const pins = text
    .split(",")
    .map((pin) => pin.trim())
    .filter((pin) => pin !== "");
  return pins.every(isPin) ? pins : null;
}

function isPin(pin: string): boolean {
  const isPlain = pin.split(/[/@]/).every((part) => !["", ".", ".."].includes(part));
  return isPlain && /^(?:(?:model|dataset|space)s?\/)?(?:[\w.-]+\/)?[\w.-]+(?:@[\w./-]+)?$/.test(pin);
}
