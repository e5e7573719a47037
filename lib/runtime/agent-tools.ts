import { createCalculator, createGraph, createToolRegistry, register } from "../agent";

/** The tools that the agent has; the calculator brings a thread of its own, from its first use on. */
export class AgentTools {
  private readonly calculator = createCalculator();
  readonly registry = createToolRegistry([register(this.calculator), register(createGraph)]);

  async close(): Promise<void> {
    await this.calculator.close();
  }
}
