import type { PracticeData, TurnMessage } from "@/lib/wire";

/** The practice question of an answer, whose words stand at `start` to `end` of the text; null when there is none. */
export function questionIn(parts: readonly TurnMessage["parts"][number][], text: string): PracticeData | null {
  // It may come from an imported conversation.
  const question = parts.find(({ type }) => type === "data-practice") as { data?: Partial<PracticeData> } | undefined;
  const { start = NaN, end = NaN } = question?.data ?? {};
  const isPlace = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start && end <= text.length;
  return isPlace ? (question?.data as PracticeData) : null;
}
