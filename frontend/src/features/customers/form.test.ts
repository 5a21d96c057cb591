import { describe, expect, it } from "vitest";
import { changed } from "@/shared/form";
import { blankDate } from "./dateValues";
import { blankCustomer, bodyOf, newBodyOf, valuesOf } from "./form";
import type { Customer } from "./types";

const customer: Customer = {
  id: "01990000-0000-7000-8000-000000000001",
  code: "C-01-000001",
  kind: "person",
  name: "张伟",
  name_pinyin: "zhang wei",
  status: "customer",
  unit: { id: "u", name: "上海" },
  owner: { id: "o", name: "林晓" },
  internal: false,
  phones: [
    { number: "+8613800138000", primary: false },
    { number: "+8613900002222", label: "工作", primary: true },
  ],
  emails: [],
  addresses: [
    { city: "上海市", street: "南京西路 100 号", primary: true },
    { city: "杭州市", primary: false },
  ],
  dates: [
    { kind: "wedding", date: "2012-10-01", yearly: true },
    { kind: "birthday", person: "妻子", lunar: { month: 8, day: 15, leap: false }, yearly: true },
  ],
  tags: [{ id: "t", name: "常客", color: "pine" }],
  custom: { budget: { amount: "12.50", currency: "CNY" }, vegan: true, drinks: ["tea", "coffee"] },
  version: 3,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-02T00:00:00Z",
};

describe("a customer's form", () => {
  it("sends nothing of what was not touched", () => {
    expect(bodyOf(changed(valuesOf(customer), valuesOf(structuredClone(customer))), customer)).toEqual({});
  });
  it("shows the primary phone first and sends the first as the primary one", () => {
    const values = valuesOf(customer);
    expect(values.phones[0]).toEqual({ number: "+8613900002222", label: "工作" });
    expect(bodyOf({ phones: values.phones.toReversed() })).toEqual({
      phones: [
        { number: "+8613800138000", label: null, primary: true },
        { number: "+8613900002222", label: "工作", primary: false },
      ],
    });
  });
  it("keeps the addresses it does not show, and drops an emptied one", () => {
    const { address } = valuesOf(customer);
    expect(bodyOf({ address: { ...address, city: " 苏州市 " } }, customer).addresses).toEqual([
      {
        city: "苏州市",
        street: "南京西路 100 号",
        province: null,
        district: null,
        postcode: null,
        primary: true,
      },
      { city: "杭州市", primary: false },
    ]);
    const blank = { province: "", city: "", district: "", street: "", postcode: "" };
    expect(bodyOf({ address: blank }, customer).addresses).toEqual([{ city: "杭州市", primary: false }]);
  });
  it("sends a date in one calendar only, and leaves out one that was not filled in", () => {
    const { dates } = valuesOf(customer);
    const empty = blankDate();
    const nameless = { ...blankDate(), kind: "other", month: "2", day: "29", leap_day: "mar1" as const };
    expect(bodyOf({ dates: [...dates, empty, nameless] }).dates).toEqual([
      { kind: "wedding", label: null, person: null, yearly: true, date: "2012-10-01" },
      {
        kind: "birthday",
        label: null,
        person: "妻子",
        yearly: true,
        lunar: { month: 8, day: 15, leap: false },
      },
      { kind: "other", label: null, person: null, yearly: true, month_day: "02-29", leap_day: "mar1" },
    ]);
  });
  it("clears emptied text, and leaves blank lines of a new customer out", () => {
    expect(bodyOf({ note: "", tax_id: "" })).toEqual({ note: null, tax_id: null });
    const body = newBodyOf({ ...blankCustomer({ id: "me" }), name: "李娜" });
    expect(body).toMatchObject({ kind: "person", name: "李娜", owner_id: "me", phones: [], emails: [] });
  });
});
