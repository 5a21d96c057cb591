import type { Money, Ref, Versioned } from "@/api";

export const STATUSES = ["draft", "confirmed", "delivered", "completed", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

export interface Line {
  /** The line's number in its order. */
  id: number;
  product?: Ref | null;
  product_code?: string | null;
  name: string;
  quantity: string;
  price: Money;
  discount: Money;
  amount: Money;
  cost?: Money | null;
}

export interface Payment {
  id: string;
  on: string;
  amount: Money;
  method?: string | null;
}

export interface Return {
  id: string;
  on: string;
  amount: Money;
  quantity?: string | null;
  line_id?: number | null;
  reason?: string | null;
}

export interface Order extends Versioned {
  code: string;
  customer: Ref;
  unit: Ref;
  owner?: Ref | null;
  status: Status;
  next_statuses?: Status[];
  ordered_on: string;
  ordered_at: string;
  channel?: string | null;
  currency: string;
  exchange_rate?: string | null;
  lines: Line[];
  gross: Money;
  discount: Money;
  order_discount?: Money | null;
  net: Money;
  returned: Money;
  paid: Money;
  balance: Money;
  payments: Payment[];
  returns: Return[];
  note?: string | null;
}
