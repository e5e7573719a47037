import { createGraph } from "../../lib/agent";
import type { ChatScreen } from "../../tests/web/browser";
import { openWritten } from "../../tests/web/imported";

const CHART = {
  type: "bar",
  title: "Rain in two towns",
  x_label: "Month",
  y_label: "Rain in mm",
  labels: ["May", "June", "July", "August"],
  series: [
    { name: "Hillford", values: [62, 48, 35, 41] },
    { name: "Baymouth", values: [88, 71, 64, 69] },
  ],
  context: "July is the driest month in both.",
};

/** Opens a conversation with a chart that says something; one of random weights says nothing. */
export async function openChart(chat: ChatScreen): Promise<void> {
  const { text, display } = await createGraph.run(createGraph.parse(CHART), {});
  await openWritten(chat, {
    title: "Rain in two towns",
    question: "Compare the rain in Hillford and Baymouth from May to August.",
    answer: "Baymouth has more rain in every month. Both are driest in **July**, and wetter again in August.",
    extra: {
      tools: [{ step: 0, call: "chart", tool: createGraph.name, input: CHART, text, display, error: null }],
    },
  });
  await chat.page.locator("button:enabled", { hasText: "Save as PNG" }).waitFor();
  await chat.answers.locator("strong").waitFor();
}
