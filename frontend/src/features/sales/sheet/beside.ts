/** What stands beside a sheet. A file of its own: the address is read before the page is loaded. */
export const BESIDE = ["previous", "year", "none"] as const;
export type Beside = (typeof BESIDE)[number];
