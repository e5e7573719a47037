import Link from "next/link";

import type { AlertEntry } from "@/lib/wire";

import { alertFigures, alertName, alertPlace } from "../../_analytics/alert-words";
import { themeOfAddress } from "../../_chat/chat-address";
import { formatDateAndTime } from "../../_chat/format";
import { Ago } from "./Ago";

interface AlertRowProps {
  alert: AlertEntry;
  /** Null: it is not offered. */
  onHide: (() => void) | null;
}

/** An alert: what, when, its figures, and what to do. */
export function AlertRow({ alert, onHide }: AlertRowProps) {
  const { text, began_at: began, ended_at: ended } = alert;
  const place = alertPlace(alert);
  const tone = onHide === null ? "border-line bg-surface" : "border-bad-line bg-bad-soft";
  return (
    <div
      className={`flex flex-wrap items-start gap-x-4 gap-y-2 rounded-box border px-3 py-2 text-sm ${tone}`}
      data-alert={alert.name}
    >
      <div className="min-w-0 flex-1 basis-72">
        <p className={onHide === null ? "font-semibold" : "font-semibold text-bad"}>
          {alertName(alert)} <span className="tabular-nums">{alertFigures(alert)}</span>
        </p>
        <p className="wrap-anywhere">{text}</p>
        <p className={onHide === null ? "text-quiet" : ""}>
          Since <time dateTime={new Date(began).toISOString()}>{formatDateAndTime(began)}</time> (
          <Ago seconds={began / 1000} />)
          {ended !== null && (
            <>
              {", until "}
              <time dateTime={new Date(ended).toISOString()}>{formatDateAndTime(ended)}</time>
            </>
          )}
          {ended === null && onHide === null && ", lasting"}
        </p>
      </div>
      {onHide !== null && (
        <div className="flex flex-wrap gap-2">
          <Link href={`${place.address}${themeOfAddress()}`} prefetch={false} className="button-quiet">
            {place.name}
          </Link>
          <button
            type="button"
            className="button-quiet"
            onClick={onHide}
            aria-label={`Hide until it comes again: ${alertName(alert)}`}
          >
            Hide until it comes again
          </button>
        </div>
      )}
    </div>
  );
}
