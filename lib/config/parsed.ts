import { z } from "zod";

/** A setting that is read by `parse`, which gives null for what is not allowed; `allowed` says what is. */
export const parsed = <T>(parse: (text: string) => T | null, allowed: string) =>
  z.string().transform((text, context) => {
    const value = parse(text);
    if (value === null) context.addIssue({ code: "custom", message: allowed });
    return value as T;
  });

export const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);

export const wholeNumber = (text: string): number | null => (/^\d+$/.test(text.trim()) ? positive(Number(text)) : null);
