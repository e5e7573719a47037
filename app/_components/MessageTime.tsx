import { formatDateAndTime, formatTimeOfDay } from "../_chat/format";

/** When a message was said; the whole date as its title. `moment` in ms since 1970, undefined when it is not known. */
export function MessageTime({ moment }: { moment: number | undefined }) {
  // What was imported may say anything.
  if (moment === undefined || Number.isNaN(new Date(moment).getTime())) return null;
  return (
    <time
      dateTime={new Date(moment).toISOString()}
      title={formatDateAndTime(moment)}
      className="mr-1 text-xs text-quiet tabular-nums"
    >
      {formatTimeOfDay(moment)}
    </time>
  );
}
