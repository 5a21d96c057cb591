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

/** What a colour scheme can break; all else is the same in the other one. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What floats over a page belongs to the control that opened it, not to a landmark. */
const FLOATING = { region: { enabled: false } };

type RunOnly = { type: "tag" | "rule"; values: string[] };

/** No violation of WCAG 2.2 AA or best practice on the page as it stands, moving parts at rest. */
export async function expectAccessible(
  page: Page,
  runOnly: RunOnly = { type: "tag", values: TAGS },
  floating = false,
): Promise<void> {
  await expect(page.locator("[data-loading]")).toHaveCount(0);
  // What a change of scheme sets moving begins with the next frame.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))),
  );
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate(
    async ({ only, rules }) => {
      // biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the window
      const result = await (window as any).axe.run(document, {
        runOnly: only,
        rules,
        resultTypes: ["violations"],
        preload: false,
      });
      return result.violations as Violation[];
    },
    { only: runOnly, rules: floating && runOnly.type === "tag" ? FLOATING : {} },
  );
  const words = found.map(
    (one) =>
      `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("\n")}`,
  );
  // Soft: a sweep tells of every page at once.
  expect.soft(words.join("\n"), `accessibility of ${new URL(page.url()).pathname}`).toBe("");
}

/** The same in light and dark. */
export async function expectAccessibleInBothSchemes(page: Page, floating = false): Promise<void> {
  const scheme = (value: string) =>
    page.evaluate((to) => document.documentElement.setAttribute("data-mantine-color-scheme", to), value);
  await scheme("light");
  await expectAccessible(page, undefined, floating);
  await scheme("dark");
  await expectAccessible(page, { type: "rule", values: COLOURS });
}
