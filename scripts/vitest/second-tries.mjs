/** Names the tests that failed and passed when they were tried again: none of them is to be lived with. */
export default class SecondTries {
  #found = [];

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky) this.#found.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd() {
    if (this.#found.length > 0) console.log(["Passed only when tried again:", ...this.#found].join("\n  "));
  }
}
