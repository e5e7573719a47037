import { config } from "zod";

// The AI SDK reads the stream with zod, which tries whether it may evaluate code: the page's policy forbids it, and says so.
config({ jitless: true });
