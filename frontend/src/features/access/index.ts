/** access: who may see and do what. Sign-in, set-up, the own profile, and the administrators' pages under Settings. */
export { CURRENCIES, localeOptions, timeZones } from "./choices";
export { deviceWords, type SessionView } from "./devices";
export { PersonPicker } from "./PersonPicker";
export const loadAccountsWaiting = () => import("./AccountsWaiting");
export { departmentsQuery, directoryQuery, rolesQuery, unitsQuery } from "./queries";
