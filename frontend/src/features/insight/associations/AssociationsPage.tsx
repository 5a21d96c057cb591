import { IconAdjustmentsHorizontal, IconBasket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { ProductPicker } from "@/features/catalog";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Button,
  EmptyState,
  Group,
  NumberInput,
  Page,
  PageHeader,
  Panel,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { Definition } from "../Definition";
import { type Association, type AssociationSearch, associationsQuery } from "./queries";

const OutlookSettings = lazy(() => import("../OutlookSettings"));

/** What is bought together, with how sure that is; narrowed by product and by least figures. */
export function AssociationsPage() {
  const { t } = useTranslation("associations");
  const search = useSearch({ from: "/_app/insight_/associations" });
  const navigate = useNavigate();
  const rules = useQuery(associationsQuery(search));
  const maySet = useCan("platform:settings:write");
  const [setting, setSetting] = useState(false);
  const put = (change: AssociationSearch) =>
    void navigate({ to: "/insight/associations", search: { ...search, ...change }, replace: true });
  const least = (value: string | number) => (value === "" ? undefined : Number(value));
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          maySet && (
            <Button
              variant="default"
              leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
              onClick={() => setSetting(true)}
            >
              {t("settings")}
            </Button>
          )
        }
      />
      <Group gap="sm" align="flex-end">
        <ProductPicker
          label={t("product")}
          value={search.product ?? null}
          chosen={search.product ? { id: search.product, name: search.name ?? "" } : null}
          onChange={(one) => put({ product: one?.id, name: one?.name })}
        />
        <NumberInput
          label={t("least_count")}
          w={190}
          min={0}
          allowDecimal={false}
          value={search.count ?? ""}
          onChange={(value) => put({ count: least(value) })}
        />
        <NumberInput
          label={t("least_confidence")}
          w={170}
          min={0}
          max={100}
          value={search.confidence === undefined ? "" : Math.round(search.confidence * 1000) / 10}
          onChange={(value) => put({ confidence: value === "" ? undefined : Number(value) / 100 })}
        />
        <NumberInput
          label={t("least_lift")}
          w={150}
          min={0}
          step={0.1}
          value={search.lift ?? ""}
          onChange={(value) => put({ lift: least(value) })}
        />
      </Group>
      <Waiting query={rules} rows={10} />
      {rules.data?.items.length === 0 && (
        <EmptyState icon={<IconBasket size={28} stroke={1.5} />} title={t("none")}>
          {t("none_hint")}
        </EmptyState>
      )}
      {rules.data && rules.data.items.length > 0 && (
        <Panel title={t("rules")} flush>
          <Rules rows={rules.data.items} />
        </Panel>
      )}
      <Suspense>{setting && <OutlookSettings onClose={() => setSetting(false)} />}</Suspense>
    </Page>
  );
}

function Rules({ rows }: { rows: Association[] }) {
  const { t } = useTranslation("associations");
  const f = useFormat();
  const several = new Set(rows.map((one) => one.unit.id)).size > 1;
  const good = (one: Association["has"]) => (
    <TextLink to="/products/$id" params={{ id: one.id }}>
      {one.name}
    </TextLink>
  );
  return (
    <SimpleTable
      label={t("rules")}
      rows={rows}
      rowKey={(one) => `${one.unit.id} ${one.has.id} ${one.offer.id}`}
      columns={[
        { id: "has", header: t("has"), cell: (one) => good(one.has) },
        { id: "offer", header: t("offer"), cell: (one) => good(one.offer) },
        { id: "count", header: t("count"), align: "right", wide: true, cell: (one) => f.number(one.count) },
        {
          id: "support",
          header: <Definition term={t("support")} text={t("support_hint")} />,
          align: "right",
          wide: true,
          cell: (one) => f.percent(one.support, 1),
        },
        {
          id: "confidence",
          header: <Definition term={t("confidence")} text={t("confidence_hint")} />,
          align: "right",
          cell: (one) => f.percent(one.confidence, 1),
        },
        {
          id: "lift",
          header: <Definition term={t("lift")} text={t("lift_hint")} />,
          align: "right",
          cell: (one) => t("times", { lift: f.number(one.lift.toFixed(2)) }),
        },
        ...(several
          ? [{ id: "unit", header: t("unit"), wide: true, cell: (one: Association) => one.unit.name }]
          : []),
      ]}
    />
  );
}
