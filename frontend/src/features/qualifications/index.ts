/** customers: taking on new ones in steps. */
export { QualificationMark } from "./marks";
export { QualificationPanel } from "./QualificationPanel";
export { STATUSES as QUALIFICATION_STATUSES } from "./types";
export { WaitingPanel } from "./WaitingPanel";
