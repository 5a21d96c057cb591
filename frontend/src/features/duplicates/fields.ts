/** The fields of two records side by side: what each says, whether they differ, and what of them a merge may take. */
import type { TFunction } from "i18next";
import { type Customer, customWords, lunarWords, phoneWords, type Words } from "@/features/customers";
import { type CustomField, labelOf } from "@/features/platform";
import type { Format } from "@/shared/format";
import type { Choice, Choices } from "./types";

/** 0 and 1 are the two sides, `both` takes a list or a note of either. */
export type Side = 0 | 1 | "both";

export interface FieldRow {
  key: string;
  label: string;
  /** What each side says, line by line. */
  lines: [string[], string[]];
  differs: boolean;
  /** Whether both sides can be taken together. */
  joins: boolean;
  /** Fixed by which record stays: its code. */
  fixed?: boolean;
}

interface Context {
  t: TFunction;
  f: Format;
  words: Record<"gender" | "status" | "style" | "level" | "source" | "industry", Words>;
  custom: CustomField[];
}

const same = (one: string[], other: string[]) =>
  one.toSorted().join("\n").toLowerCase() === other.toSorted().join("\n").toLowerCase();

/** Rows in which at least one side says something. */
export function fieldRows([one, other]: [Customer, Customer], { t, f, words, custom }: Context): FieldRow[] {
  const rows: FieldRow[] = [];
  const add = (
    key: string,
    label: string,
    read: (row: Customer) => (string | null | undefined)[],
    joins = false,
  ) => {
    const lines: [string[], string[]] = [
      read(one).filter((line): line is string => Boolean(line)),
      read(other).filter((line): line is string => Boolean(line)),
    ];
    if (lines[0].length + lines[1].length === 0) return;
    rows.push({ key, label, lines, differs: !same(...lines), joins, fixed: key === "code" });
  };
  const field = (key: string) => t(`customers:field.${key}`);
  add("code", field("code"), (row) => [row.code]);
  add("name", field(one.kind === "person" ? "person_name" : "organization_name"), (row) => [row.name]);
  add(
    "phones",
    field("phone"),
    (row) => row.phones.map((one) => labelled(phoneWords(one.number), one.label)),
    true,
  );
  add("emails", field("email"), (row) => row.emails.map((one) => labelled(one.address, one.label)), true);
  add("birthday", field("birthday"), (row) => [row.birthday && f.date(row.birthday)]);
  add("gender", field("gender"), (row) => [words.gender.word(row.gender)]);
  add("tax_id", field("tax_id"), (row) => [row.tax_id]);
  add("addresses", field("address"), (row) => row.addresses.map(place), true);
  add("owner", field("owner"), (row) => [row.owner?.name]);
  add("status", field("status"), (row) => [words.status.word(row.status)]);
  add("level", field("level"), (row) => [words.level.word(row.level)]);
  add("source", field("source"), (row) => [words.source.word(row.source)]);
  add("industry", field("industry"), (row) => [words.industry.word(row.industry)]);
  add("buying_style", field("buying_style"), (row) => [words.style.word(row.buying_style)]);
  add("tags", field("tags"), (row) => row.tags.map((tag) => tag.name), true);
  add("dates", t("customers:dates_of_life"), (row) => row.dates.map((one) => dateWords(one, f)), true);
  for (const one of custom) {
    add(`custom.${one.key}`, labelOf(one, f.language), (row) => [
      customWords(row.custom[one.key], one, undefined, f),
    ]);
  }
  add("note", field("note"), (row) => [row.note], true);
  return rows;
}

const labelled = (text: string, label: string | null | undefined) => (label ? `${text} · ${label}` : text);

const place = (one: Customer["addresses"][number]) =>
  [one.province, one.city, one.district, one.street].filter(Boolean).join(" ");

const dateWords = (one: Customer["dates"][number], f: Format) => {
  const day = one.date
    ? f.date(one.date)
    : one.lunar
      ? `${one.lunar.year ?? ""} ${lunarWords(one.lunar, f.language)}`.trim()
      : f.monthDay(`2000-${one.month_day}`);
  return [one.label ?? one.kind, one.person, day].filter(Boolean).join(" · ");
};

/** What a merge takes unless someone says otherwise: the kept record's value, or the only one there is, or both. */
export function startingSide(row: FieldRow, kept: 0 | 1): Side {
  if (row.fixed) return kept;
  if (row.joins && row.key !== "note") return "both";
  if (row.key === "owner") return kept;
  return row.lines[kept].length > 0 ? kept : kept === 0 ? 1 : 0;
}

/** The choices in the words of the contract. */
export function choicesOf(rows: FieldRow[], sides: Record<string, Side>, kept: 0 | 1): Choices {
  const choices: Record<string, Choice> = {};
  const custom: Record<string, Choice> = {};
  for (const row of rows) {
    if (row.fixed || !row.differs) continue;
    const side = sides[row.key] ?? startingSide(row, kept);
    const choice: Choice = side === "both" ? "both" : side === kept ? "kept" : "gone";
    if (row.key.startsWith("custom.")) custom[row.key.slice("custom.".length)] = choice;
    else choices[row.key] = choice;
  }
  return { ...choices, custom };
}
