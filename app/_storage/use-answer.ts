"use client";

import { useCallback, useEffect, useState } from "react";

import { asRefusal, askServer, type ServerRefusal } from "../_analytics/ask-server";

export interface Answered<Body> {
  /** Null until it was read. What was read of an address before stays until the next is there. */
  body: Body | null;
  problem: ServerRefusal | null;
  isLoading: boolean;
  /** Asks again. */
  refresh: () => void;
}

/**
 * What an address of the server answers, asked anew with each other address.
 *
 * @param address null: nothing is asked
 * @param version another one asks again
 */
export function useAnswer<Body>(address: string | null, version = ""): Answered<Body> {
  const [state, setState] = useState<{ body: Body | null; problem: ServerRefusal | null; of: string | null }>({
    body: null,
    problem: null,
    of: null,
  });
  const [count, setCount] = useState(0);
  const of = address === null ? null : `${count} ${version} ${address}`;
  useEffect(() => {
    if (address === null) return;
    const ending = new AbortController();
    askServer<Body>(address, { signal: ending.signal }).then(
      (body) => setState({ body, problem: null, of }),
      (thrown: unknown) => {
        if (!ending.signal.aborted) setState((known) => ({ ...known, problem: asRefusal(thrown), of }));
      },
    );
    return () => ending.abort();
  }, [address, of]);
  const refresh = useCallback(() => setCount((known) => known + 1), []);
  return { body: state.body, problem: state.problem, isLoading: state.of !== of, refresh };
}
