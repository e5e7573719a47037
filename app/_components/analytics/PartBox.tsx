import { isCovered, targetOf, type Part, type Picks } from "../../_analytics/picks";

interface PartBoxProps {
  part: Part;
  /** What a screen reader calls it. */
  label: string;
  /** The quant that a file is of. */
  quantOfFile?: string | null;
  picks: Picks;
  onPick: (parts: readonly Part[], isPicked: boolean) => void;
}

/** Picks a part of the cache to be removed; ticked for good when a larger part is that has it. */
export function PartBox({ part, label, quantOfFile = null, picks, onPick }: PartBoxProps) {
  const covered = isCovered(picks, part, quantOfFile);
  return (
    <input
      type="checkbox"
      className="size-4 shrink-0 accent-accent-fill"
      aria-label={`Pick ${label}`}
      checked={covered || picks.has(targetOf(part))}
      disabled={covered}
      onChange={(event) => onPick([part], event.target.checked)}
    />
  );
}
