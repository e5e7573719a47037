// The yardstick: node-llama-cpp alone, in a process of its own, one request a line on stdin and one result a line on stdout.
import { createInterface } from "node:readline";
import { getLlama, LlamaLogLevel, resolveChatWrapper } from "node-llama-cpp";

const [modelPath, contextSize, sequences, batchSize, threads] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", maxThreads: 0, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath, gpuLayers: 0, useMmap: false, ignoreMemorySafetyChecks: true });
const context = await model.createContext({
  contextSize: Number(contextSize),
  sequences: Number(sequences),
  batchSize: Number(batchSize),
  threads: { ideal: Number(threads), min: Number(threads) },
  ignoreMemorySafetyChecks: true,
});
const sequence = context.getSequence();
const chatWrapper = resolveChatWrapper(model, { warningLogs: false });

for await (const line of createInterface({ input: process.stdin })) {
  const { message, maxTokens, seed } = JSON.parse(line);
  await sequence.clearHistory();
  const { contextText } = chatWrapper.generateContextState({
    chatHistory: [
      { type: "user", text: message },
      { type: "model", response: [] },
    ],
  });
  const startedAt = performance.now();
  const tokens = contextText.tokenize(model.tokenizer);
  let firstTokenAt = 0;
  let generated = 0;
  for await (const token of sequence.evaluate(tokens, {
    temperature: 0.7,
    topP: 0.95,
    topK: 40,
    seed,
    yieldEogToken: true,
  })) {
    firstTokenAt ||= performance.now();
    if (model.isEogToken(token)) break;
    if (++generated >= maxTokens) break;
  }
  const endedAt = performance.now();
  console.log(
    JSON.stringify({
      promptTokens: tokens.length,
      generated,
      firstTokenMs: firstTokenAt - startedAt,
      tokensPerSecond: ((generated - 1) * 1000) / (endedAt - firstTokenAt),
    }),
  );
}
