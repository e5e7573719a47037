import { waysTo } from "../../_storage/storage-address";

interface BreadcrumbProps {
  folder: string;
  path: string;
  onGo: (path: string) => void;
}

/** The folders on the way to the one that is shown, each a way back. */
export function Breadcrumb({ folder, path, onGo }: BreadcrumbProps) {
  const ways = [{ name: folder, path: "." }, ...waysTo(path)];
  return (
    <nav aria-label="Way to this folder" data-testid="breadcrumb">
      <ol className="flex flex-wrap items-center gap-x-1 text-sm">
        {ways.map((way, index) => {
          const isLast = index === ways.length - 1;
          return (
            <li key={way.path} className="flex min-w-0 items-center gap-1">
              {index > 0 && (
                <span aria-hidden="true" className="text-quiet">
                  /
                </span>
              )}
              <button
                type="button"
                aria-current={isLast ? "location" : undefined}
                className="button-plain min-w-0 text-left wrap-anywhere whitespace-pre-wrap aria-[current=location]:font-semibold aria-[current=location]:text-ink"
                onClick={() => onGo(way.path)}
              >
                {way.name}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
