import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { SimpleTable, useChipText } from "@/shared/grid";
import {
  Badge,
  ButtonLink,
  EmptyState,
  Group,
  Page,
  PageHeader,
  Panel,
  Skeleton,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { membersCountQuery, segmentsQuery } from "./queries";
import type { Segment } from "./types";
import { conditionWords } from "./words";

/** Groups of customers that are worth a name. */
export function SegmentsPage() {
  const { t } = useTranslation(["segments", "grid"]);
  const navigate = useNavigate();
  const may = useCan("engage:segment:write");
  const segments = useQuery(segmentsQuery);
  const fields = useConditionFields("customers");
  const chip = useChipText(fields);
  useShortcuts({ n: () => may && void navigate({ to: "/segments/new" }) });
  const create = may && (
    <ButtonLink to="/segments/new" leftSection={<IconPlus size={16} />}>
      {t("new")}
    </ButtonLink>
  );
  return (
    <Page width="regular">
      <PageHeader title={t("title")} description={t("hint")} actions={create} />
      <Panel flush>
        <Waiting query={segments} />
        {segments.data?.length === 0 && (
          <EmptyState icon={<IconUsersGroup size={28} stroke={1.5} />} title={t("empty")} actions={create}>
            {t("empty_hint")}
          </EmptyState>
        )}
        {segments.data && segments.data.length > 0 && (
          <SimpleTable
            label={t("title")}
            rows={segments.data}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "name",
                header: t("name"),
                cell: (one) => (
                  <Group gap={8} wrap="nowrap" component="span">
                    <TextLink to="/segments/$id" params={{ id: one.id }} fw={600}>
                      {one.name}
                    </TextLink>
                    {one.shared && (
                      <Badge tt="none" radius="sm" variant="light" color="gray">
                        {t("shared")}
                      </Badge>
                    )}
                  </Group>
                ),
              },
              {
                id: "what",
                header: t("definition"),
                wide: true,
                cell: (one) =>
                  one.kind === "static"
                    ? t("static")
                    : conditionWords(one.condition ?? undefined, chip, t("grid:list_separator")),
              },
              {
                id: "count",
                header: t("count"),
                align: "right",
                cell: (one) => <Count segment={one} />,
              },
              { id: "owner", header: t("owner"), wide: true, cell: (one) => one.owner.name },
            ]}
          />
        )}
      </Panel>
    </Page>
  );
}

/** Counted when the list is looked at: the group is asked anew, and everyone counts whom they may see. */
function Count({ segment }: { segment: Segment }) {
  const f = useFormat();
  const count = useQuery(membersCountQuery(segment));
  if (count.isPending) return <Skeleton component="span" display="inline-block" width="3em" height="0.8em" />;
  return <span className="tabular">{f.number(count.data?.count)}</span>;
}
