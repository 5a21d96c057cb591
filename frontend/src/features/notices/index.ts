/** notices: what the program tells people while they work — the bell, and the list behind it. */
export { NoticeBell } from "./NoticeBell";
