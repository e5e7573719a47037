import type { FormEvent } from "react";

/** Where the server's owner shows who he is; `wasWrong`: the token before was not his. To stand in a form. */
export function AdminTokenField({ wasWrong }: { wasWrong: boolean }) {
  return (
    <>
      {wasWrong && (
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
    </>
  );
}

/** What a form that holds the field does when it is sent: an empty token is none. */
export function onTokenSubmit(onToken: (token: string) => void) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
    if (token !== "") onToken(token);
  };
}
