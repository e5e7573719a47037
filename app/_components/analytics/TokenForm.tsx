import type { FormEvent } from "react";

import { adminToken, keepAdminToken } from "../../_analytics/admin-token";

interface TokenFormProps {
  /** What it is for. */
  words: string;
  onToken: () => void;
}

/** Where the server's owner shows who he is, to see more than everybody else. */
export function TokenForm({ words, onToken }: TokenFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
    if (token === "") return;
    keepAdminToken(token);
    onToken();
  };
  return (
    <form className="flex flex-wrap items-center gap-2 text-sm" onSubmit={submit}>
      <p className="w-full">
        {words} From another machine than the server&apos;s own it takes the value of MEMWELL_ADMIN_TOKEN, which this
        page keeps in memory until it is closed or loaded again.
      </p>
      {adminToken() !== null && (
        <p className="w-full text-bad" role="alert">
          This was not the token. Try again.
        </p>
      )}
      <label className="flex flex-wrap items-center gap-2">
        Admin token
        <input
          type="password"
          name="token"
          autoComplete="off"
          maxLength={1000}
          className="h-8 w-64 max-w-full rounded-control border border-field-line bg-surface px-2"
        />
      </label>
      <button type="submit" className="button-quiet h-8">
        Show
      </button>
    </form>
  );
}
