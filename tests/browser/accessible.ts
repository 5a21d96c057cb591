import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** No violation of WCAG 2.2 AA or best practice on the page as it stands, moving parts at rest. */
export async function expectAccessible(page: Page): Promise<void> {
  await expect(page.locator("[data-loading]")).toHaveCount(0);
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  await page.evaluate(AXE);
  const found = await page.evaluate(async (tags) => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the window
    const result = await (window as any).axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return result.violations as Violation[];
  }, TAGS);
  const words = found.map(
    (one) =>
      `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("\n")}`,
  );
  expect(words.join("\n"), "accessibility").toBe("");
}

/** The same in light and dark. */
export async function expectAccessibleInBothSchemes(page: Page): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.evaluate((value) => {
      document.documentElement.setAttribute("data-mantine-color-scheme", value);
    }, scheme);
    await expectAccessible(page);
  }
}
