import type { AuditEvent } from "./queries";

/** What the record is called: now, or when it was written down if it is gone or out of sight. */
export function auditNameOf(event: AuditEvent): string {
  const told = { ...event.before, ...event.after } as Record<string, unknown>;
  const name = event.resource_name ?? told.name ?? told.label_zh ?? told.file_name ?? told.code;
  return typeof name === "string" ? name : "";
}
