import { isInside } from "../folder";
import { holderWords } from "../open-files";
import type { CacheView, PlanItem } from "./contract";

/** For each file of a plan that another process has open, who that is: it will stay unless it is closed before. */
export function warningsOfOpen({ open }: CacheView, items: readonly PlanItem[]): string[] {
  return [...(open ?? [])].flatMap(([path, holder]) => {
    const isTaken = items.some(({ paths }) => paths.some((going) => isInside(going, path)));
    return isTaken ? [`${path} is in use by ${holderWords(holder)}, and stays as long as it is`] : [];
  });
}
