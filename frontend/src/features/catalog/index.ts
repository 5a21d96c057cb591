/** catalog: what is sold — products, brands, categories — and the product picker for orders. */
export { ProductPicker } from "./ProductPicker";
export type { Product } from "./types";
