/** Customers as the API answers them. */
import type { Money, Ref, Versioned } from "@/api";

export interface Phone {
  /** E.164; any writing is accepted. */
  number: string;
  label?: string | null;
  primary: boolean;
}

export interface Email {
  address: string;
  label?: string | null;
  primary: boolean;
}

export interface Address {
  country?: string | null;
  province?: string | null;
  city?: string | null;
  district?: string | null;
  street?: string | null;
  postcode?: string | null;
  label?: string | null;
  primary: boolean;
}

export interface LifeDate {
  kind: string;
  label?: string | null;
  date?: string | null;
  lunar?: { month: number; day: number; leap: boolean } | null;
  yearly: boolean;
  person?: string | null;
}

export interface TagRef extends Ref {
  color?: string | null;
}

export type Status = "lead" | "customer" | "inactive";
export type Stage = "potential" | "new" | "frequent" | "old" | "loyal";
export type ValueClass = "vip" | "major" | "ordinary" | "small";

export interface Metrics {
  first_order_on?: string | null;
  last_order_on?: string | null;
  recency_days?: number | null;
  order_days: number;
  orders: number;
  gross: Money;
  net: Money;
  returns: Money;
  cost?: Money | null;
  margin?: Money | null;
  mean_gap_days?: number | null;
  median_gap_days?: number | null;
  products: number;
  categories: number;
  discount_share?: number | null;
  open_balance?: Money | null;
  tenure_days?: number | null;
  last_contact_at?: string | null;
  contacts_30: number;
  contacts_90: number;
  contacts_365: number;
  rfm?: { r: number; f: number; m: number; code: string } | null;
  abc?: "A" | "B" | "C" | null;
  value?: {
    score: number;
    class: ValueClass;
    parts: { key: string; weight: number; percentile?: number | null }[];
  } | null;
  stage?: Stage | null;
  as_of?: string | null;
  evaluated_at?: string | null;
}

export interface Customer extends Versioned {
  code: string;
  kind: "person" | "organization";
  name: string;
  name_pinyin?: string | null;
  status: Status;
  unit: Ref;
  owner?: Ref | null;
  gender?: string | null;
  birthday?: string | null;
  tax_id?: string | null;
  industry?: string | null;
  source?: string | null;
  level?: string | null;
  buying_style?: "transaction" | "relationship" | null;
  internal: boolean;
  note?: string | null;
  phones: Phone[];
  emails: Email[];
  addresses: Address[];
  dates: LifeDate[];
  tags: TagRef[];
  custom: Record<string, unknown>;
  metrics?: Metrics | null;
  last_contact_at?: string | null;
}

export interface Preference extends Versioned {
  key: string;
  value: string;
  source?: string | null;
  confirmed_on?: string | null;
}

export interface PartyRef extends Ref {
  kind: "person" | "organization";
}

export interface Relation extends Versioned {
  from: PartyRef;
  to: PartyRef;
  role: string;
  primary: boolean;
  valid_from?: string | null;
  valid_to?: string | null;
  note?: string | null;
}

export interface TimelineItem {
  id: string;
  at: string;
  kind: string;
  title: string;
  body?: string | null;
  actor?: Ref | null;
  source?: { resource: string; id: string } | null;
  editable: boolean;
  /** `in` or `out`, of an interaction. */
  direction?: string | null;
  version?: number | null;
}

export interface OrderLine {
  id: string;
  code: string;
  status: string;
  ordered_on: string;
  net: Money;
}

export interface Card {
  customer: Customer;
  metrics?: Metrics | null;
  preferences: Preference[];
  dates_coming: { label: string; on: string; in_days: number; person?: string | null }[];
  relations: Relation[];
  recent_orders: OrderLine[];
  products_owned: { product: Ref; quantity: string; last_on: string }[];
  timeline: TimelineItem[];
}
