interface PickBoxProps {
  /** What a screen reader calls it. */
  label: string;
  isPicked: boolean;
  /** Some of what it stands for is picked. */
  isPartly?: boolean;
  onPick: (isPicked: boolean) => void;
}

/** A box to tick, in the page's colours. */
export function PickBox({ label, isPicked, isPartly = false, onPick }: PickBoxProps) {
  return (
    <label className="flex size-6 shrink-0 items-center justify-center">
      <input
        ref={(box) => {
          if (box !== null) box.indeterminate = isPartly;
        }}
        type="checkbox"
        className="size-4 accent-accent-fill"
        aria-label={label}
        checked={isPicked}
        onChange={(event) => onPick(event.target.checked)}
      />
    </label>
  );
}
