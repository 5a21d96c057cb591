/** catalog: what is sold — products, brands, categories — and the product picker for orders. */
export { useGroupOptions } from "./edits";
export { ProductPicker } from "./ProductPicker";
export { productQuery } from "./queries";
export type { Product } from "./types";
