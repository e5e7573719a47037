/** A browser's own bar is in its own colours. */
const BAR =
  "h-3 w-full appearance-none overflow-hidden rounded-full border border-field-line bg-raised [&::-moz-progress-bar]:bg-accent-fill [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent-fill";

interface ProgressBarProps {
  label: string;
  value: number;
  max: number;
}

/** How far something is. */
export function ProgressBar({ label, value, max }: ProgressBarProps) {
  return <progress aria-label={label} className={BAR} value={Math.min(value, max)} max={Math.max(1, max)} />;
}
