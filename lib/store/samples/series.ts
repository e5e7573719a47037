import type { SeriesFigure, SeriesName, SeriesOwner } from "../../memory";
import { queries, type TypedDatabase } from "../kysely";

/** A series as one text; no name that people choose can make two the same. */
export function keyOf({ of, name, figure }: SeriesName): string {
  return `${of} ${figure} ${name ?? ""}`;
}

/** The numbers that series go by in the database. They are given once and never taken back: there are few. */
export class SeriesIds {
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, SeriesName>();

  constructor(private readonly database: TypedDatabase) {}

  /** Inside of a transaction, and to be forgotten with `forget` when that is undone. */
  idOf(series: SeriesName): number {
    const known = this.#ids.get(keyOf(series));
    if (known !== undefined) return known;
    const row = { owner: series.of, name: series.name ?? "", figure: series.figure };
    this.database.run(
      queries
        .insertInto("memory_series")
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    );
    const { id } = this.database.only(
      queries
        .selectFrom("memory_series")
        .select("id")
        .where("owner", "=", row.owner)
        .where("name", "=", row.name)
        .where("figure", "=", row.figure),
    );
    this.#learn(id, series);
    return id;
  }

  /** Of all series there are. */
  names(): ReadonlyMap<number, SeriesName> {
    for (const { id, owner, name, figure } of this.database.all(queries.selectFrom("memory_series").selectAll()))
      this.#learn(id, {
        of: owner as SeriesOwner,
        name: name === "" ? null : name,
        figure: figure as SeriesFigure,
      });
    return this.#names;
  }

  forget(): void {
    this.#ids.clear();
    this.#names.clear();
  }

  #learn(id: number, { of, name, figure }: SeriesName): void {
    const series = { of, name, figure };
    this.#ids.set(keyOf(series), id);
    this.#names.set(id, series);
  }
}
