/** What is typed and pasted into a sheet, as text in and text out. Nothing here knows the screen. */
import { readDecimal, trimmed } from "@/shared/format/decimal";
import type { MeasureKind } from "./sheet";

export interface Column {
  /** Key in `values`: a product, a competitor's product, or a measure of places. */
  key: string;
  code: string;
  name: string;
  kind: MeasureKind;
  /** Told of the place, not of a product. */
  ofPlace: boolean;
}

export type Fault = "number_invalid" | "out_of_range" | "too_long";

const MOST_WORDS = 200;
const MOST_DIGITS = 9;

/** What is kept of a typed text: decimals without grouping, words without blanks around. */
export function cleaned(kind: MeasureKind, typed: string): string {
  const text = typed.trim();
  return kind === "text" || text === "" ? text : (readDecimal(text) ?? text);
}

/** Why a cell can't hold the text; the server has the last word. */
export function faultOf(kind: MeasureKind, text: string, moneyPlaces: number): Fault | undefined {
  if (text === "") return undefined;
  if (kind === "text") return [...text].length > MOST_WORDS ? "too_long" : undefined;
  const plain = readDecimal(text);
  if (plain === undefined || plain.endsWith(".")) return "number_invalid";
  if (plain.startsWith("-")) return "out_of_range";
  const [whole = "", fraction = ""] = trimmed(plain).split(".");
  if (fraction.length > (kind === "money" ? moneyPlaces : 3)) return "number_invalid";
  return whole.length > MOST_DIGITS ? "out_of_range" : undefined;
}

/** As it stands in the grid: quantities without the zeros that only fill places. */
export const shown = (kind: MeasureKind, value: string | undefined): string =>
  value === undefined ? "" : kind === "quantity" ? trimmed(value) : value;

/** Whether a typed text says what stands already. */
export const same = (kind: MeasureKind, stands: string | undefined, text: string): boolean =>
  kind === "text" ? (stands ?? "") === text : trimmed(stands ?? "") === trimmed(text);

/** Cells of a copied range, as spreadsheets write them: tabs between, quotes around what holds tabs or line breaks. */
export function tableOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const close = () => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at++) {
    const one = source[at] ?? "";
    if (quoted) {
      if (one !== '"') cell += one;
      else if (source[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (one === '"' && cell === "") quoted = true;
    else if (one === "\t") close();
    else if (one === "\n") {
      close();
      rows.push([]);
    } else cell += one;
  }
  close();
  // The line break behind the last row begins no other.
  if (rows.length > 1 && rows.at(-1)?.length === 1 && rows.at(-1)?.[0] === "") rows.pop();
  return rows;
}

/** The other way. */
export const textOf = (table: string[][]): string =>
  table
    .map((row) =>
      row.map((cell) => (/[\t\n\r]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join("\t"),
    )
    .join("\n");

export interface Pasted {
  /** Codes or names of rows, when the first column holds them. */
  places?: string[];
  /** Codes or names of columns, when the first row holds them. */
  items?: string[];
  body: string[][];
}

/**
 * Takes the headings off a pasted table. Among numbers, words in the first row or column are headings; among words only
 * what names a place or a column that stands in the sheet already.
 */
export function headings(
  table: string[][],
  numeric: boolean,
  isPlace: (text: string) => boolean,
  isItem: (text: string) => boolean,
): Pasted {
  const first = table[0] ?? [];
  const wide = first.length > 1;
  const isWord = (text: string) => numeric && readDecimal(text) === undefined;
  const mostly = (texts: string[], test: (text: string) => boolean) => {
    const filled = texts.map((text) => text.trim()).filter((text) => text !== "");
    return filled.length > 0 && filled.filter(test).length * 2 >= filled.length;
  };
  const corner = (first[0] ?? "").trim();
  const named = (text: string) => isPlace(text) || isWord(text);
  const left = (rows: string[][]) => rows.map((row) => row[0] ?? "");
  const top =
    table.length > 1 &&
    (mostly(wide ? first.slice(1) : first, isItem) ||
      (wide && !isPlace(corner) && mostly(first.slice(1), isWord)) ||
      (wide &&
        corner === "" &&
        first.slice(1).every((one) => one.trim()) &&
        mostly(left(table.slice(1)), named)));
  const below = top ? table.slice(1) : table;
  const side =
    wide &&
    (mostly(left(below), isPlace) ||
      mostly(left(below), isWord) ||
      (top && !isItem(corner) && (corner === "" || isWord(corner) || !numeric)));
  const trim = (texts: string[]) => texts.map((text) => text.trim());
  return {
    places: side ? trim(left(below)) : undefined,
    items: top ? trim(side ? first.slice(1) : first) : undefined,
    body: side ? below.map((row) => row.slice(1)) : below,
  };
}
