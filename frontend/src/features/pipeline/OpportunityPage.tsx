import { IconUserCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { loadLeadOrigin } from "@/features/leadforms";
import { ReasonsPanel, ScoreMark } from "@/features/leadscoring";
import { QuotesPanel } from "@/features/sales";
import { useFormat } from "@/shared/format";
import {
  Button,
  ConfirmDelete,
  DeleteButton,
  Figures,
  Group,
  Page,
  PageHeader,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { ContactsPanel } from "./ContactsPanel";
import { HistoryPanel } from "./HistoryPanel";
import { LeadMark, StageMark } from "./marks";
import { NotesPanel } from "./NotesPanel";
import classes from "./Opportunity.module.css";
import { OpportunityFacts } from "./OpportunityFacts";
import { PlanPanel } from "./PlanPanel";
import { deleteOpportunity, OPPORTUNITIES, opportunityQuery } from "./queries";
import { StageLine } from "./StageLine";
import type { Opportunity } from "./types";

const QualifyDialog = lazy(() => import("./QualifyDialog"));
const LeadOrigin = lazy(loadLeadOrigin);

/** One lead or opportunity: where it stands, what is known, what is planned, how it came here. */
export function OpportunityPage() {
  const { id } = useParams({ from: "/_app/sales/$id" });
  const opportunity = useQuery(opportunityQuery(id));
  if (opportunity.data) return <Shown row={opportunity.data} />;
  return (
    <Page width="regular">
      <Waiting query={opportunity} rows={10} />
    </Page>
  );
}

function Shown({ row }: { row: Opportunity }) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useCan("sales:opportunity:write");
  const [doing, setDoing] = useState<"qualify" | "delete">();
  const put = (now: Opportunity) => {
    client.setQueryData(opportunityQuery(now.id).queryKey, now);
    void client.invalidateQueries({ queryKey: keys.of(OPPORTUNITIES) });
    void client.invalidateQueries({ queryKey: keys.of("customers") });
  };
  return (
    <Page width="regular">
      <PageHeader
        title={row.name}
        eyebrow={<TextLink to="/sales">{t("title")}</TextLink>}
        description={
          <Group gap="xs" component="span">
            <StageMark of={row} />
            <LeadMark of={row} />
            <ScoreMark of={row} />
            {row.customer?.name && (
              <TextLink to="/customers/$id" params={{ id: row.customer.id }}>
                {row.customer.name}
              </TextLink>
            )}
            {row.owner && <span>{row.owner.name}</span>}
          </Group>
        }
        actions={
          mayWrite &&
          row.type === "lead" && (
            <Button leftSection={<IconUserCheck size={16} />} onClick={() => setDoing("qualify")}>
              {t("qualify")}
            </Button>
          )
        }
      />
      <StageLine row={row} mayWrite={mayWrite} onMoved={put} />
      <Figures
        figures={[
          { key: "amount", label: t("field.amount"), value: row.amount ? f.money(row.amount) : "–" },
          {
            key: "weighted",
            label: t("field.weighted"),
            hint: t("weighted_hint"),
            value: f.money(row.weighted),
          },
          {
            key: "expected_close",
            label: t("field.expected_close"),
            value: row.expected_close ? f.date(row.expected_close) : "–",
          },
          { key: "stage_since", label: t("field.stage_since"), value: f.ago(row.stage_since) },
        ]}
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <PlanPanel row={row} mayWrite={mayWrite} onSaved={put} />
          <NotesPanel row={row} mayWrite={mayWrite} onSaved={put} />
        </div>
        <div className={classes.stack}>
          <OpportunityFacts row={row} mayWrite={mayWrite} onSaved={put} />
          <ReasonsPanel row={row} />
          <ContactsPanel row={row} mayWrite={mayWrite} onSaved={put} />
          <Suspense>{row.form && <LeadOrigin lead={row} />}</Suspense>
          {row.customer && <QuotesPanel of={{ field: "opportunity", id: row.id }} />}
          <HistoryPanel row={row} />
        </div>
      </div>
      {mayWrite && (
        <Group>
          <DeleteButton onClick={() => setDoing("delete")} />
        </Group>
      )}
      <Suspense>
        {doing === "qualify" && (
          <QualifyDialog
            row={row}
            onClose={() => setDoing(undefined)}
            onSaved={(now) => {
              setDoing(undefined);
              put(now);
            }}
          />
        )}
      </Suspense>
      <ConfirmDelete
        opened={doing === "delete"}
        onClose={() => setDoing(undefined)}
        title={t("delete_title", { name: row.name })}
        onConfirm={async () => {
          await deleteOpportunity(row);
          await navigate({ to: "/sales" });
          await client.invalidateQueries({ queryKey: keys.of(OPPORTUNITIES) });
        }}
      >
        {t("delete_hint")}
      </ConfirmDelete>
    </Page>
  );
}
