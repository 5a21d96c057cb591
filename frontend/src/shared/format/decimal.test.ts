import { describe, expect, it } from "vitest";
import { lineAmount, readDecimal, scaled, written } from "./decimal";

describe("decimals", () => {
  it("reads what people type", () => {
    expect(readDecimal(" 1,234.50 ")).toBe("1234.50");
    expect(readDecimal("１２．５")).toBe("12.5");
    expect(readDecimal("007")).toBe("7");
    expect(readDecimal("1.2.3")).toBeUndefined();
    expect(readDecimal("twelve")).toBeUndefined();
    expect(readDecimal("")).toBeUndefined();
  });

  it("keeps sums that floats lose", () => {
    const total = ["0.10", "0.20", "0.30"].reduce((sum, one) => sum + scaled(one, 2), 0n);
    expect(written(total, 2)).toBe("0.60");
    expect(written(scaled("90071992547409.93", 2) + scaled("0.01", 2), 2)).toBe("90071992547409.94");
  });

  it("rounds half up, away from zero", () => {
    expect(scaled("1.005", 2)).toBe(101n);
    expect(scaled("-1.005", 2)).toBe(-101n);
    expect(written(lineAmount("0.333", "10.00", "0", 2), 2)).toBe("3.33");
    expect(written(lineAmount("0.5", "0.01", "0", 2), 2)).toBe("0.01");
  });

  it("takes the discount off the line", () => {
    expect(written(lineAmount("3", "19.99", "5", 2), 2)).toBe("54.97");
    expect(written(lineAmount("2", "1500", "", 0), 0)).toBe("3000");
  });
});
