/** sales: quotes and orders with their lines; what other areas show of them. */
export { QuotesPanel } from "./quotes/QuotesPanel";
