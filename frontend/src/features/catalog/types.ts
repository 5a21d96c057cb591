import type { Schema } from "@/api";

export type Product = Schema<"ProductView">;
export type ProductPatch = Schema<"ProductInputPatch">;
export type Brand = Schema<"BrandView">;
export type Category = Schema<"CategoryView">;
