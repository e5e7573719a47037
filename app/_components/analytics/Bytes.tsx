import { formatBytes } from "../../_chat/format";
import { formatExactBytes } from "../../_analytics/words";

/** Bytes for people; to the byte in `value`, in the tip, and with `isExact` in the text. */
export function Bytes({ bytes, isExact = false }: { bytes: number; isExact?: boolean }) {
  const exact = formatExactBytes(bytes);
  const short = formatBytes(bytes);
  return (
    <data value={bytes} title={exact} className="tabular-nums">
      {!isExact ? short : bytes < 1000 ? exact : `${exact} (${short})`}
    </data>
  );
}
