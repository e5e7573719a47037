import { formatAgo, formatMoment } from "../../_analytics/words";

/** How long ago something was; `seconds` since 1970. */
export function Ago({ seconds }: { seconds: number }) {
  const moment = formatMoment(seconds * 1000);
  // A file's time may be any number.
  if (moment === "") return <>unknown</>;
  return (
    <time dateTime={new Date(seconds * 1000).toISOString()} title={moment}>
      {formatAgo(seconds)}
    </time>
  );
}
