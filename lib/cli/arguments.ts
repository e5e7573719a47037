import { CommanderError, InvalidArgumentError } from "commander";
import { parseBytes, parseDuration } from "../config";
import { MemwellError } from "../runtime";

export function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw wrongUsage(`"${text}" is not above zero`);
  return number;
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw wrongUsage(`"${text}" is no whole number`);
  return Number(text);
}

/** Bytes of a text such as 30GB. */
export function size(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === null) throw new InvalidArgumentError("It is no size such as 30GB.");
  return bytes;
}

/** Ms of a text such as 10m. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms === Infinity || ms <= 0)
    throw new InvalidArgumentError("It is no time such as 10m, 12h or 7d.");
  return ms;
}

/** A parser of an option's value: what it throws for a wrong one is wrong usage. */
export function asArgument<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (thrown) {
      if (thrown instanceof MemwellError) throw new InvalidArgumentError(thrown.message);
      throw thrown;
    }
  };
}

export function wrongUsage(message: string): CommanderError {
  return new CommanderError(2, "memwell.usage", `error: ${message}`);
}
