/**
 * Exact decimal arithmetic on text, for totals while an order is typed. Values are BigInt counts of the last place;
 * nothing is ever a float. The server counts again and has the last word.
 */

import type { Money } from "@/api/types";

const SHAPE = /^(-?)(\d{1,15})(?:\.(\d*))?$/;

/** How the server writes a decimal: any length. */
export const PLAIN = /^-?\d+(\.\d+)?$/;

/** Typed text as a clean decimal — full-width digits, blanks and grouping commas allowed — or nothing. */
export function readDecimal(typed: string): string | undefined {
  const plain = typed
    .replace(/[０-９．，－]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replace(/[\s,]/g, "");
  const parts = SHAPE.exec(plain);
  if (!parts) return undefined;
  const [, sign = "", whole = "0", fraction = ""] = parts;
  const digits = whole.replace(/^0+(?=\d)/, "");
  return `${sign}${digits}${fraction ? `.${fraction}` : ""}`;
}

/** What was typed as an amount of money; nothing typed is no money. */
export const moneyOf = (typed: string | null, currency: string): Money | null =>
  typed?.trim() ? { amount: readDecimal(typed) ?? typed.trim(), currency } : null;

/** How many of the last place: `("12.5", 2)` → 1250n. More places than asked for are rounded half up. */
export function scaled(value: string, places: number): bigint {
  const clean = PLAIN.test(value) ? value : (readDecimal(value) ?? "0");
  const negative = clean.startsWith("-");
  const [whole = "0", fraction = ""] = (negative ? clean.slice(1) : clean).split(".");
  const kept = BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
  const up = fraction.length > places && fraction.charCodeAt(places) >= 53 ? 1n : 0n;
  return negative ? -(kept + up) : kept + up;
}

/** The other way: `(1250n, 2)` → "12.50". */
export function written(count: bigint, places: number): string {
  const negative = count < 0n;
  const text = (negative ? -count : count).toString().padStart(places + 1, "0");
  const body = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  return negative ? `-${body}` : body;
}

/** Half up, away from zero, on decimal text: `("1.005", 2)` → "1.01". */
export const rounded = (amount: string, places: number): string => written(scaled(amount, places), places);

/** `2.000` → `2`, `0.500` → `0.5`. */
export const trimmed = (amount: string): string =>
  amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;

/** Half up, away from zero. */
function divided(count: bigint, by: bigint): bigint {
  const half = by / 2n;
  return count < 0n ? -((-count + half) / by) : (count + half) / by;
}

const QUANTITY_PLACES = 3;
const QUANTITY_ONE = 1000n;

/** quantity × price − discount, rounded half up to the currency's last place. */
export function lineAmount(quantity: string, price: string, discount: string, places: number): bigint {
  const product = scaled(quantity, QUANTITY_PLACES) * scaled(price, places);
  return divided(product, QUANTITY_ONE) - scaled(discount, places);
}

const ZERO_PLACES = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(" "));
const THREE_PLACES = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

/** Decimal places of a currency (ISO 4217), the same as the server's. */
export const placesOf = (currency: string): number =>
  ZERO_PLACES.has(currency) ? 0 : THREE_PLACES.has(currency) ? 3 : 2;
