import type { FormEvent } from "react";

import type { CatalogueBody } from "@/lib/wire";

interface WhoMayUseProps {
  mayUse: CatalogueBody["may_use"];
  wasWrong: boolean;
  onToken: (token: string) => void;
}

/** Who may choose, to whom may not; where a token would help, the field for it. */
export function WhoMayUse({ mayUse, wasWrong, onToken }: WhoMayUseProps) {
  if (mayUse === "yes") return null;
  if (mayUse === "no") {
    return (
      <p className="mt-2 text-sm" data-testid="who">
        Whoever runs this server chooses, on the server&apos;s own machine; with MEMWELL_ADMIN_TOKEN set there also from
        elsewhere.
      </p>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
    if (token !== "") onToken(token);
  };
  return (
    <form className="mt-2 flex flex-wrap items-center gap-2 text-sm" onSubmit={submit} data-testid="who">
      <p className="basis-full">
        Whoever runs this server chooses. From another machine than its own that takes the admin token, the value of
        MEMWELL_ADMIN_TOKEN.
      </p>
      {wasWrong && (
        <p className="basis-full text-bad" role="alert">
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
          className="h-8 w-56 max-w-full rounded-control border border-field-line bg-surface px-2"
        />
      </label>
      <button type="submit" className="button-quiet h-8">
        Go on
      </button>
    </form>
  );
}
