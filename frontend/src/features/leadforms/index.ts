/** leadforms: forms on the web that make leads. */
export const loadLeadOrigin = () => import("./LeadOrigin");
