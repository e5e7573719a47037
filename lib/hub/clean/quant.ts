import { quantOf } from "../quants";

/**
 * The files of one quant. Those whose name or folder tells just this quant, as a download picks them; when there are
 * none, those that have it as a whole word: `Q4_K_M` is one of `UD-Q4_K_M`, `Q4_K` is none of `Q4_K_M`.
 */
export function filesOfQuant<File extends { name: string }>(files: readonly File[], quant: string): File[] {
  const exact = files.filter(({ name }) => quantOf(name) === quant.toUpperCase());
  if (exact.length > 0) return exact;
  const word = quant.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const asWord = new RegExp(`(?:^|[-./ ])${word}(?:$|[-./ ])`, "i");
  return files.filter(({ name }) => asWord.test(name));
}
