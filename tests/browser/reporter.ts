import type {
  FullConfig,
  FullResult,
  Reporter,
  TestCase,
  TestError,
  TestResult,
} from "@playwright/test/reporter";

/** What failed and why, then the closing line alone. */
export default class ClosingLine implements Reporter {
  private passed = 0;
  private failed = 0;
  private skipped = 0;

  onBegin(_config: FullConfig) {}

  onError(error: TestError) {
    this.failed += 1;
    console.log(error.stack ?? error.message ?? String(error));
  }

  onTestEnd(test: TestCase, result: TestResult) {
    if (result.status === "skipped") {
      this.skipped += 1;
    } else if (test.ok()) {
      this.passed += 1;
    } else {
      this.failed += 1;
      console.log(`FAILED ${test.titlePath().filter(Boolean).join(" › ")}`);
      for (const error of result.errors) console.log(error.stack ?? error.message ?? "");
    }
  }

  onEnd(_result: FullResult) {
    console.log(
      `browser: ${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ""}`,
    );
  }
}
