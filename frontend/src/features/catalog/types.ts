import type { Money, Ref, Versioned } from "@/api";

export interface Product extends Versioned {
  code: string;
  name: string;
  brand?: Ref | null;
  category?: Ref | null;
  unit_of_measure?: string | null;
  price?: Money | null;
  cost?: Money | null;
  active: boolean;
}

export interface Brand extends Versioned {
  name: string;
  active: boolean;
}

export interface Category extends Versioned {
  parent_id?: string | null;
  name: string;
  position: number;
  /** Names from the root down to this one. */
  path: string[];
}
