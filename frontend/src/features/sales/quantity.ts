/** `2.000` → `2`, `0.500` → `0.5`. */
export const trimmed = (quantity: string): string =>
  quantity.includes(".") ? quantity.replace(/\.?0+$/, "") : quantity;
