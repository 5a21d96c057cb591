import { useTranslation } from "react-i18next";
import type { Money } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { SidePanel, Stack, Text } from "@/shared/ui";
import { auditNameOf } from "./auditName";
import type { AuditEvent } from "./queries";

interface Props {
  event: AuditEvent;
  title: string;
  onClose: () => void;
}

/** One event whole: who, when and from where, and each field before and after. */
export default function AuditEventPanel({ event, title, onClose }: Props) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const { changes } = event;
  const facts: [string, string][] = [
    [t("audit.at"), f.dateTime(event.at)],
    [t("audit.actor"), event.actor?.name ?? t("audit.system")],
    [t("users.address"), event.address ?? "–"],
    ...(auditNameOf(event) ? [[t("audit.record"), auditNameOf(event)] as [string, string]] : []),
    [t("audit.resource_id"), event.resource_id],
    [t("audit.request"), event.request_id ?? "–"],
  ];
  return (
    <SidePanel opened onClose={onClose} size="lg" title={title}>
      <Stack>
        <dl style={{ display: "grid", gridTemplateColumns: "auto 1fr", gap: "0.375rem 1rem", margin: 0 }}>
          {facts.map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <Text component="dt" c="dimmed">
                {name}
              </Text>
              <Text component="dd" m={0} style={{ overflowWrap: "anywhere" }}>
                {value}
              </Text>
            </div>
          ))}
        </dl>
        {changes.length === 0 ? (
          <Text c="dimmed">{t("audit.no_changes")}</Text>
        ) : (
          <SimpleTable
            label={t("audit.changes")}
            rows={changes}
            rowKey={(one) => one.field}
            columns={[
              { id: "field", header: t("audit.field"), cell: (one) => one.label },
              { id: "before", header: t("audit.before"), cell: (one) => <Value value={one.before} old /> },
              { id: "after", header: t("audit.after"), cell: (one) => <Value value={one.after} /> },
            ]}
          />
        )}
      </Stack>
    </SidePanel>
  );
}

const isMoney = (value: unknown): value is Money =>
  typeof value === "object" && value !== null && "amount" in value && "currency" in value;
const INSTANT = /^\d{4}-\d\d-\d\dT/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A value as the server words it; amounts, days and truths as this reader writes them. */
function useWords() {
  const { t } = useTranslation();
  const f = useFormat();
  return (value: unknown): string => {
    if (typeof value === "boolean") return t(value ? "state.yes" : "state.no");
    if (typeof value === "number") return f.number(value);
    if (isMoney(value)) return f.money(value);
    if (typeof value !== "string") return JSON.stringify(value);
    return INSTANT.test(value) ? f.dateTime(value) : DAY.test(value) ? f.date(value) : value;
  };
}

function Value({ value, old }: { value: unknown; old?: boolean }) {
  const words = useWords();
  if (value === undefined || value === null) return <Text c="dimmed">–</Text>;
  return (
    <Text
      component={old ? "del" : "ins"}
      td={old ? "line-through" : "none"}
      style={{ overflowWrap: "anywhere" }}
    >
      {words(value)}
    </Text>
  );
}
