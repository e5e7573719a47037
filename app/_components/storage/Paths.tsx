import { formatCount } from "../../_analytics/words";

/** Paths, of which only the first may be at hand; `count` is how many there are. Names may hold anything. */
export function Paths({ paths, count }: { paths: readonly string[]; count: number }) {
  return (
    <ul className="min-w-40">
      {paths.map((path, index) => (
        <li key={index} className="wrap-anywhere whitespace-pre-wrap">
          {path}
        </li>
      ))}
      {count > paths.length && <li className="text-quiet">and {formatCount(count - paths.length)} more</li>}
    </ul>
  );
}
