/** keyaccounts: customers with a team, a plan and a map of where they are met. */
export const loadKeyAccountPanel = () => import("./KeyAccountPanel");
