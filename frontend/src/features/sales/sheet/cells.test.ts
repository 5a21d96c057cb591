import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleaned, faultOf, headings, same, shown, tableOf, textOf } from "./cells";
import { firstDay, shifted, yearBefore } from "./sheet";

describe("a copied range", () => {
  it("is read as spreadsheets write it", () => {
    expect(tableOf("1\t2\r\n\t4\r\n")).toEqual([
      ["1", "2"],
      ["", "4"],
    ]);
    expect(tableOf('"a\tb"\t"c ""d"""\n')).toEqual([["a\tb", 'c "d"']]);
    expect(tableOf("")).toEqual([[""]]);
  });
  it("comes back as it went out", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', "\t", "\n", "长", "1") });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, (rows) => {
        expect(tableOf(textOf(rows))).toEqual(rows);
      }),
    );
  });
});

describe("headings", () => {
  const places = (text: string) => ["S1", "东店"].includes(text);
  const items = (text: string) => ["TV", "1001"].includes(text);
  it("are taken off where they are", () => {
    expect(
      headings(
        [
          ["", "TV"],
          ["S1", "3"],
        ],
        true,
        places,
        items,
      ),
    ).toEqual({
      places: ["S1"],
      items: ["TV"],
      body: [["3"]],
    });
    expect(
      headings(
        [
          ["店", "1001", "1002"],
          ["新店", "3", "4"],
        ],
        true,
        places,
        items,
      ),
    ).toEqual({
      places: ["新店"],
      items: ["1001", "1002"],
      body: [["3", "4"]],
    });
    expect(
      headings(
        [
          ["新店", "3"],
          ["旧店", "4"],
        ],
        true,
        places,
        items,
      ),
    ).toEqual({
      places: ["新店", "旧店"],
      items: undefined,
      body: [["3"], ["4"]],
    });
    expect(
      headings(
        [
          ["TV", "1001"],
          ["3", "4"],
        ],
        true,
        places,
        items,
      ),
    ).toEqual({
      places: undefined,
      items: ["TV", "1001"],
      body: [["3", "4"]],
    });
  });
  it("are not seen where there are none", () => {
    for (const table of [
      [
        ["1", "2"],
        ["3", "4"],
      ],
      [
        ["", "2"],
        ["3", "4"],
      ],
      [["7"]],
      [["x"]],
    ]) {
      expect(headings(table, true, places, items)).toEqual({
        places: undefined,
        items: undefined,
        body: table,
      });
    }
    const words = [
      ["王芳", "李娜"],
      ["赵敏", ""],
    ];
    expect(headings(words, false, places, items).body).toEqual(words);
  });
});

describe("a cell", () => {
  it("takes what its measure says", () => {
    expect(cleaned("quantity", " １,２００ ")).toBe("1200");
    expect(faultOf("quantity", "12", 2)).toBeUndefined();
    expect(faultOf("quantity", "0.1234", 2)).toBe("number_invalid");
    expect(faultOf("money", "1.005", 2)).toBe("number_invalid");
    expect(faultOf("money", "1.50", 2)).toBeUndefined();
    expect(faultOf("quantity", "十二", 2)).toBe("number_invalid");
    expect(faultOf("quantity", "-1", 2)).toBe("out_of_range");
    expect(faultOf("text", "长".repeat(201), 2)).toBe("too_long");
  });
  it("knows what stands already", () => {
    expect(shown("quantity", "12.000")).toBe("12");
    expect(same("quantity", "12.000", "12")).toBe(true);
    expect(same("money", "12.50", "12.5")).toBe(true);
    expect(same("text", undefined, "")).toBe(true);
    expect(same("quantity", undefined, "0")).toBe(false);
  });
});

describe("periods", () => {
  it("follow each other", () => {
    expect(shifted("2026-11", 2)).toBe("2027-01");
    expect(shifted("2026-01", -1)).toBe("2025-12");
    expect(shifted("2026-W53", 1)).toBe("2027-W01");
    expect(shifted("2026-W01", -1)).toBe("2025-W52");
    expect(firstDay("2026-W01").toISOString().slice(0, 10)).toBe("2025-12-29");
    expect(yearBefore("2026-W53")).toBe("2025-W52");
    expect(yearBefore("2026-11")).toBe("2025-11");
  });
});
