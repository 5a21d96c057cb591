/** The server as the app sees it: `api` + `ok` for calls, `session` for who is signed in, `keys` for the cache. */
export * from "./client";
export * from "./keys";
export { paged } from "./paged";
export * from "./problem";
export * from "./session";
export type * from "./types";
export { upload } from "./upload";
export { whole } from "./whole";
