import { formatExactBytes } from "../../_analytics/words";
import { formatSize } from "../../_storage/words";

/** Bytes to the hundredth of a gigabyte; to the byte in `value` and in the tip. */
export function Size({ bytes }: { bytes: number }) {
  return (
    <data value={bytes} title={formatExactBytes(bytes)} className="whitespace-nowrap tabular-nums">
      {formatSize(bytes)}
    </data>
  );
}
