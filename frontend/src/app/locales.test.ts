import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(__dirname, "..");
const areas = readdirSync(join(root, "locales/zh-CN")).map((name) => name.replace(".json", ""));

function flat(texts: object, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "object" ? flat(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}
const read = (language: string, area: string) =>
  JSON.parse(readFileSync(join(root, "locales", language, `${area}.json`), "utf8")) as object;
/** English counts have `_one` beside `_other`. */
const base = (key: string) => key.replace(/_(one|other)$/, "");

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.(test|gen)\./.test(name) ? [path] : [];
  });
}

describe("texts", () => {
  it.each(areas)("%s has the same keys in both languages", (area) => {
    const keys = (language: string) => [...new Set(flat(read(language, area)).map(base))].sort();
    expect(keys("en")).toEqual(keys("zh-CN"));
  });

  it("every key written in the code exists", () => {
    const known = new Map(
      areas.map((area) => [area, new Set(flat(read("zh-CN", area)).flatMap((key) => [key, base(key)]))]),
    );
    const missing: string[] = [];
    for (const path of sources(root)) {
      const code = readFileSync(path, "utf8");
      const spoken = [...code.matchAll(/useTranslation\(([^)]*)\)/g)].flatMap((call) =>
        [...(call[1] as string).matchAll(/"([a-z]+)"/g)].map((name) => name[1] as string),
      );
      const own = spoken.length > 0 ? spoken : ["common"];
      for (const [, key] of code.matchAll(/\bt\(\s*"([a-z][\w.:]*)"/g)) {
        const [area, name] = (key as string).includes(":")
          ? (key as string).split(":")
          : [undefined, key as string];
        const found = area
          ? known.get(area)?.has(name as string)
          : own.some((one) => known.get(one)?.has(name as string));
        if (!found) missing.push(`${path.slice(root.length)}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
