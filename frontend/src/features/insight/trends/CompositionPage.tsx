import { IconChartPie } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Badge,
  Button,
  EmptyState,
  Group,
  Page,
  PageHeader,
  Panel,
  Select,
  Text,
  Waiting,
} from "@/shared/ui";
import { Definition } from "../Definition";
import classes from "../Insight.module.css";
import { shown } from "../pivots/figures";
import type { Fact } from "../pivots/types";
import { Basis, useFact } from "./Basis";
import {
  all,
  behind,
  type Composition,
  type CompositionGroup,
  compositionQuery,
  FIRST_PART,
  type TrendSearch,
} from "./queries";

const Records = lazy(() => import("../pivots/Records"));

/** Fields that come first among those a whole can be divided by. */
const USUAL = [FIRST_PART, "product", "brand", "category", "customer", "unit", "owner", "channel"];

/** The fields whose values can be parts; dates are for pivots. */
function partsOf(fact: Fact | undefined) {
  const fields = fact?.fields.filter((field) => field.divides && field.type !== "date") ?? [];
  const place = (name: string) => (USUAL.includes(name) ? USUAL.indexOf(name) : USUAL.length);
  return fields
    .toSorted((one, other) => place(one.field) - place(other.field))
    .map((field) => ({ value: field.field, label: field.label }));
}

/** Share and accumulated share of each part, and its class A, B or C. */
export function CompositionPage() {
  const { t } = useTranslation("trends");
  const search = useSearch({ from: "/_app/insight_/composition" });
  const navigate = useNavigate();
  const put = (change: Partial<TrendSearch>) =>
    void navigate({ to: "/insight/composition", search: { ...search, ...change }, replace: true });
  const composition = useQuery(compositionQuery(search, currentLanguage()));
  const fact = useFact("order_lines");
  const by = search.by ?? FIRST_PART;
  const parts = partsOf(fact);
  const period = composition.data?.period;
  return (
    <Page>
      <PageHeader title={t("composition.title")} description={t("composition.about")} />
      <Basis
        fact="order_lines"
        search={search}
        put={put}
        span={period && { from: period.from, until: period.to }}
      >
        <Select
          w={170}
          label={t("composition.by")}
          searchable
          allowDeselect={false}
          value={by}
          data={parts}
          onChange={(next) =>
            put({ by: next ?? undefined, within: next === search.within ? undefined : search.within })
          }
        />
        <Select
          w={170}
          label={t("composition.within")}
          placeholder={t("composition.whole")}
          searchable
          clearable
          value={search.within ?? null}
          data={parts.filter((part) => part.value !== by)}
          onChange={(within) => put({ within: within ?? undefined })}
        />
        <Select
          w={130}
          label={t("measure")}
          allowDeselect={false}
          value={search.measure ?? "amount"}
          data={[
            ...(fact?.measures.map((one) => ({ value: one.field, label: one.label })) ?? []),
            { value: "count", label: t("composition.count") },
          ]}
          onChange={(measure) => put({ measure: measure ?? undefined })}
        />
      </Basis>
      <Waiting query={composition} rows={12} />
      {composition.data?.groups.length === 0 && (
        <EmptyState icon={<IconChartPie size={28} stroke={1.5} />} title={t("none")}>
          {t("none_hint")}
        </EmptyState>
      )}
      {composition.data?.groups.map((group) => (
        <GroupPanel
          key={group.key?.value ?? group.key?.label ?? ""}
          group={group}
          composition={composition.data}
          search={search}
          by={by}
        />
      ))}
    </Page>
  );
}

interface GroupProps {
  group: CompositionGroup;
  composition: Composition;
  search: TrendSearch;
  by: string;
}

/** A test that holds for the facts of one part. */
const is = (field: string, value: string | null | undefined): Condition =>
  value ? { field, op: "eq", value } : { field, op: "is_null", value: true };

function GroupPanel({ group, composition, search, by }: GroupProps) {
  const { t } = useTranslation("trends");
  const f = useFormat();
  const [part, setPart] = useState<Condition>();
  const { measure } = composition;
  const figure = (value: string) => (measure ? shown(f, measure, value) : value);
  const within = group.key && search.within ? is(search.within, group.key.value) : undefined;
  const name = group.key?.label ?? t("composition.title");
  const rest = group.count - group.parts.length;
  return (
    <Panel
      title={<Definition term={name} text={t("composition.hint")} />}
      aside={<Text className="tabular">{figure(group.total)}</Text>}
      flush
    >
      <Group gap="xs" px="md" pb="xs">
        {group.classes.map((one) => (
          <Badge key={one.class} variant="default" size="lg" tt="none">
            {t("composition.class_line", {
              name: one.class,
              count: one.count,
              share: f.percent(one.share, 1),
            })}
          </Badge>
        ))}
      </Group>
      <SimpleTable
        label={name}
        rows={group.parts}
        rowKey={(one) => one.key.value ?? one.key.label}
        columns={[
          {
            id: "part",
            header: t("composition.part"),
            cell: (one) => (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => setPart(all(search.filter, within, is(by, one.key.value)))}
              >
                {one.key.label}
              </Button>
            ),
          },
          {
            id: "value",
            header: measure?.label ?? t("measure"),
            align: "right",
            cell: (one) => figure(one.value),
          },
          {
            id: "share",
            header: t("composition.share"),
            width: "26%",
            cell: (one) => (
              <span className={classes.bar}>
                <span style={{ width: `${one.share * 70}%` }} />
                <span className="tabular">{f.percent(one.share, 1)}</span>
              </span>
            ),
          },
          {
            id: "accumulated",
            header: t("composition.accumulated"),
            align: "right",
            cell: (one) => f.percent(one.accumulated, 1),
          },
          { id: "class", header: t("composition.class"), align: "right", cell: (one) => one.class },
        ]}
      />
      {rest > 0 && (
        <Text size="sm" c="dimmed" p="md">
          {t("composition.rest", { count: rest })}
        </Text>
      )}
      <Suspense>
        {part && (
          <Records
            query={behind("order_lines", composition.period.from, composition.period.to, part)}
            at={{}}
            onClose={() => setPart(undefined)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
