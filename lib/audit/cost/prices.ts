import { z } from "zod";
import shipped from "./prices.json";

const price = z.number().min(0);
const size = z.number().int().min(0);

/** So much for each unit of bytes above what is free. */
const metered = z.strictObject({ free: size, unit: size.min(1), price });

const storage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("metered"), ...metered.shape }),
  z.strictObject({
    type: z.literal("plans"),
    /** From the smallest on; the first that is large enough is taken. */
    plans: z.array(z.strictObject({ size, price })).min(1),
    /** What each unit begun costs above the largest plan; null: there is no more. */
    beyond: z.strictObject({ unit: size.min(1), price }).nullable(),
  }),
]);

const schema = z.strictObject({
  version: z.literal(1),
  currency: z.literal("USD"),
  services: z.array(
    z.strictObject({
      id: z.string(),
      label: z.string(),
      about: z.string(),
      storage,
      /** Of bytes that are fetched from there; null where no price is asked for it, or none is known. */
      transfer: metered.nullable(),
      /** Where the figures were read; `as_of`: the day or month they are of, null where the source does not say. */
      sources: z.array(
        z.strictObject({
          what: z.string(),
          url: z.url(),
          as_of: z.string().regex(/^\d{4}-\d\d(?:-\d\d)?$/).nullable(),
        }),
      ).min(1),
    }),
  ),
}); // prettier-ignore

/** Prices a month in US dollars, sizes in bytes. */
export type Prices = z.infer<typeof schema>;
export type Service = Prices["services"][number];

/** Those of `prices.json`. */
export const PRICES: Prices = schema.parse(shipped);
