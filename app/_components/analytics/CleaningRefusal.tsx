import type { ServerRefusal } from "../../_analytics/ask-server";
import { AdminTokenField, onTokenSubmit } from "../AdminTokenField";

interface CleaningRefusalProps {
  refusal: ServerRefusal;
  /** It was refused although a token was sent. */
  wasTokenSent: boolean;
  /** What takes the token. */
  words?: string;
  onToken: (token: string) => void;
  onClose: () => void;
}

/** Why nothing was removed; where the server's owner can show who he is, the field for it. */
export function CleaningRefusal(props: CleaningRefusalProps) {
  const { refusal, wasTokenSent, words = "Looking is open to everybody; removing is not.", onToken, onClose } = props;
  const isToken = refusal.code === "admin_only" && refusal.fields.accepts_token === true;
  if (!isToken) {
    return (
      <>
        <p className="wrap-anywhere text-bad" role="alert">
          {refusal.message}
        </p>
        <div>
          <button type="button" className="button-quiet" onClick={onClose}>
            Close
          </button>
        </div>
      </>
    );
  }
  return (
    <form className="flex flex-col gap-3" onSubmit={onTokenSubmit(onToken)}>
      <p>
        {words} From another machine than the server&apos;s own it takes the server&apos;s admin token, the value of
        MEMWELL_ADMIN_TOKEN.
      </p>
      <AdminTokenField wasWrong={wasTokenSent} />
      <p className="text-quiet">This page keeps it in memory until it is closed or loaded again, and nowhere else.</p>
      <div className="flex gap-2">
        <button type="submit" className="rounded-control bg-accent-fill px-3 py-1 text-white hover:bg-accent-hover">
          Go on
        </button>
        <button type="button" className="button-quiet" onClick={onClose}>
          Leave all as it is
        </button>
      </div>
    </form>
  );
}
