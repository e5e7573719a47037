import type { CatalogueBody } from "@/lib/wire";
import { AdminTokenField, onTokenSubmit } from "../AdminTokenField";

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
  return (
    <form
      className="mt-2 flex flex-wrap items-center gap-2 text-sm"
      onSubmit={onTokenSubmit(onToken)}
      data-testid="who"
    >
      <p className="basis-full">
        Whoever runs this server chooses. From another machine than its own that takes the admin token, the value of
        MEMWELL_ADMIN_TOKEN.
      </p>
      <AdminTokenField wasWrong={wasWrong} />
      <button type="submit" className="button-quiet h-8">
        Go on
      </button>
    </form>
  );
}
