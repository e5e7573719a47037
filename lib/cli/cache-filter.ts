import { parseBytes, parseDuration } from "../config";
import { MemwellError, type CacheScanJson } from "../runtime";

export type RepoJson = CacheScanJson["repos"][number];
type Test = (repo: RepoJson) => boolean;

const FORM = /^\s*(size|accessed|modified|type|refs|name)\s*(>=|<=|!=|==|=|>|<)\s*(\S.*?)\s*$/;
const SORT_FORM = /^(size|accessed|modified|name)(?::(asc|desc))?$/;

/**
 * The test that an expression such as `size>1GB` means: the keys, operators and units of `hf cache ls`, and `name`, which
 * looks for a part of it. Times are ages: `accessed>30d` was not used for thirty days.
 *
 * @param now in seconds since 1970
 * @throws MemwellError `invalid_request`
 */
export function compileFilter(expression: string, now: number = Date.now() / 1000): Test {
  const [, key = "", operator = "", value = ""] = FORM.exec(expression) ?? [];
  switch (key) {
    case "size": {
      const size = parseBytes(value);
      if (size === null) break;
      return (repo) => compare(repo.size_on_disk, operator, size);
    }
    case "accessed":
    case "modified": {
      const age = parseDuration(value);
      if (age === null) break;
      return (repo) => compare(now - repo[`last_${key}`], operator, age / 1000);
    }
    case "type":
      return same(operator, (repo) => repo.repo_type === value.toLowerCase(), expression);
    case "refs":
      return same(operator, (repo) => repo.refs.some((ref) => ref.toLowerCase() === value.toLowerCase()), expression);
    case "name":
      return same(operator, (repo) => repo.repo_id.toLowerCase().includes(value.toLowerCase()), expression);
  }
  throw badFilter(expression);
}

/**
 * In which order `--sort size`, `accessed`, `modified` or `name`, perhaps with `:asc` or `:desc`, puts two repositories.
 *
 * @throws MemwellError `invalid_request`
 */
export function compileSort(expression: string): (left: RepoJson, right: RepoJson) => number {
  const [, key, order = key === "name" ? "asc" : "desc"] = SORT_FORM.exec(expression) ?? [];
  if (key === undefined)
    throw new MemwellError(
      "invalid_request",
      `${JSON.stringify(expression)} is no order. Sort by size, accessed, modified or name.`,
    );
  const sign = order === "asc" ? 1 : -1;
  return (left, right) =>
    sign * (valueOf(left, key) < valueOf(right, key) ? -1 : valueOf(left, key) > valueOf(right, key) ? 1 : 0);
}

function valueOf(repo: RepoJson, key: string): number | string {
  if (key === "name") return repo.repo_id;
  return key === "size" ? repo.size_on_disk : key === "accessed" ? repo.last_accessed : repo.last_modified;
}

function compare(left: number, operator: string, right: number): boolean {
  switch (operator) {
    case ">":
      return left > right;
    case "<":
      return left < right;
    case ">=":
      return left >= right;
    case "<=":
      return left <= right;
    case "!=":
      return left !== right;
    default:
      return left === right;
  }
}

function same(operator: string, test: Test, expression: string): Test {
  if (operator === "=" || operator === "==") return test;
  if (operator === "!=") return (repo) => !test(repo);
  throw badFilter(expression);
}

function badFilter(expression: string): MemwellError {
  return new MemwellError(
    "invalid_request",
    `${JSON.stringify(expression)} is no filter. Write one such as "size>1GB", "accessed>30d", "modified<1w", "type=model", ` +
      `"refs=main" or "name=qwen".`,
    { filter: expression },
  );
}
