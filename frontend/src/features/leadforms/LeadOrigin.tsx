import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Schema, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Alert, Panel, Stack, Text, TextLink, Waiting } from "@/shared/ui";
import { submissionsQuery } from "./queries";

type Lead = Schema<"OpportunityView">;

/** When and from where the form behind a lead was sent, and who the visitor may be. */
export default function LeadOrigin({ lead }: { lead: Lead }) {
  const { t } = useTranslation("leadforms");
  const f = useFormat();
  const sent = useQuery(submissionsQuery(lead.id));
  return (
    <Panel title={t("came")}>
      <Waiting query={sent} rows={2} />
      <Stack gap="sm">
        {(sent.data ?? []).map((one) => (
          <div key={one.id}>
            <Text size="sm" fw={600}>
              {one.form.name}
            </Text>
            <Text size="sm" c="dimmed">
              {t(one.repeated ? "sent_again" : "sent")} · {f.dateTime(one.at)}
            </Text>
            {Object.entries(one.attribution).map(([key, value]) => (
              <Text key={key} size="sm" style={{ overflowWrap: "anywhere" }}>
                {t(`from.${key}`, { defaultValue: key })}: {value}
              </Text>
            ))}
            {one.consent_text && <Text size="sm">{t("agreed", { text: one.consent_text })}</Text>}
          </div>
        ))}
        {lead.type === "lead" && !lead.customer && <Perhaps lead={lead} />}
      </Stack>
    </Panel>
  );
}

/** Customers the visitor may be, by the company's rules for duplicates; what is masked is not asked about. */
function Perhaps({ lead }: { lead: Lead }) {
  const { t } = useTranslation("leadforms");
  const may = useCan("customers:customer:read");
  const shown = (text: string | null | undefined) => (text && !text.includes("*") ? [text] : []);
  const body = {
    kind: lead.lead_person || !lead.lead_company ? ("person" as const) : ("organization" as const),
    name: lead.lead_person ?? lead.lead_company ?? "",
    phones: shown(lead.lead_phone),
    emails: shown(lead.lead_email),
    unit_id: lead.unit.id,
  };
  const found = useQuery({
    queryKey: keys.list("candidates", JSON.stringify(body)),
    queryFn: ({ signal }) => ok(api.POST("/duplicates/candidates", { body, signal })),
    enabled: may,
    staleTime: 60_000,
  });
  const list = found.data?.items ?? [];
  if (list.length === 0) return null;
  return (
    <Alert color="ember" variant="light" title={t("perhaps")}>
      {list.map((one) => (
        <div key={one.customer.id}>
          <TextLink to="/customers/$id" params={{ id: one.customer.id }}>
            {one.customer.name}
          </TextLink>{" "}
          {one.customer.owner?.name}
        </div>
      ))}
      <Text size="sm">{t("perhaps_hint")}</Text>
    </Alert>
  );
}
