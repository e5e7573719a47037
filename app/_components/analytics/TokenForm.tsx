import { adminToken, keepAdminToken } from "../../_analytics/admin-token";
import { AdminTokenField, onTokenSubmit } from "../AdminTokenField";

interface TokenFormProps {
  /** What it is for. */
  words: string;
  onToken: () => void;
}

/** Where the server's owner shows who he is, to see more than everybody else. */
export function TokenForm({ words, onToken }: TokenFormProps) {
  const submit = (token: string) => {
    keepAdminToken(token);
    onToken();
  };
  return (
    <form className="flex flex-wrap items-center gap-2 text-sm" onSubmit={onTokenSubmit(submit)}>
      <p className="w-full">
        {words} From another machine than the server&apos;s own it takes the value of MEMWELL_ADMIN_TOKEN, which this
        page keeps in memory until it is closed or loaded again.
      </p>
      <AdminTokenField wasWrong={adminToken() !== null} />
      <button type="submit" className="button-quiet h-8">
        Show
      </button>
    </form>
  );
}
