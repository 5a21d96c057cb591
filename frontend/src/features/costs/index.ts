/** costs: what was spent to win and keep a customer. */
export const loadCostsPanel = () => import("./CostsPanel");
