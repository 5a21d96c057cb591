/** What the contract says of orders, under the names used here. */
import type { Schema } from "@/api";

export type Status = Schema<"OrderStatus">;
export const STATUSES = [
  "draft",
  "confirmed",
  "delivered",
  "completed",
  "cancelled",
] as const satisfies Status[];

export type Order = Schema<"OrderView">;
export type OrderBody = Schema<"OrderInput">;
export type OrderPatch = Schema<"OrderInputPatch">;
export type Line = Schema<"OrderLineView">;
export type Payment = Schema<"PaymentView">;
export type Return = Schema<"ReturnView">;
export type Delivery = Schema<"OrderDeliveryView">;
export type Bill = Schema<"BillView">;
export type BillStatus = Schema<"BillStatus">;
export type DeliveryState = Schema<"DeliveryState">;
export type LineOption = Schema<"LineOption">;

export type QuoteStatus = Schema<"QuoteStatus">;
export type Quote = Schema<"QuoteView">;
export type QuoteBody = Schema<"QuoteInput">;
export type QuotePatch = Schema<"QuoteInputPatch">;
