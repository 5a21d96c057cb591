import { IconAdjustmentsHorizontal, IconArrowBackUp, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { ClassMark, useDictionary } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Button,
  EmptyState,
  Figures,
  Page,
  PageHeader,
  Panel,
  Select,
  Text,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { Definition } from "../Definition";
import { SORTS, type WinBack, winBackQuery } from "./queries";

const OutlookSettings = lazy(() => import("../OutlookSettings"));
const KeepDialog = lazy(() => import("./KeepDialog"));

const SORT_WORDS = {
  "-expected": "win_back.sort_expected",
  "-value": "win_back.sort_value",
  "-silent_days": "win_back.sort_long",
  silent_days: "win_back.sort_short",
} as const;

/** Whom it pays to win back, and what to expect of trying. */
export function WinBackPage() {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const { sort } = useSearch({ from: "/_app/insight_/win-back" });
  const navigate = useNavigate();
  const list = useQuery(winBackQuery(sort));
  const maySet = useCan("platform:settings:write");
  const mayKeep = useCan("engage:segment:write");
  const [open, setOpen] = useState<"settings" | "keep">();
  const items = list.data?.items ?? [];
  return (
    <Page>
      <PageHeader
        title={t("win_back.title")}
        description={t("win_back.about")}
        actions={
          <>
            {maySet && (
              <Button
                variant="default"
                leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
                onClick={() => setOpen("settings")}
              >
                {t("win_back.settings")}
              </Button>
            )}
            {mayKeep && items.length > 0 && (
              <Button leftSection={<IconUsersGroup size={16} stroke={1.6} />} onClick={() => setOpen("keep")}>
                {t("win_back.keep")}
              </Button>
            )}
          </>
        }
      />
      <Waiting query={list} rows={10} />
      {list.data && items.length === 0 && (
        <EmptyState icon={<IconArrowBackUp size={28} stroke={1.5} />} title={t("win_back.none")}>
          {t("win_back.none_hint")}
        </EmptyState>
      )}
      {list.data && items.length > 0 && (
        <>
          <Figures
            size="lg"
            figures={[
              { key: "customers", label: t("win_back.customers"), value: f.number(list.data.customers) },
              {
                key: "value",
                label: t("win_back.value"),
                value: f.short(list.data.value),
                hint: t("win_back.value_hint"),
              },
              {
                key: "expected",
                label: t("win_back.expected"),
                value: f.short(list.data.expected),
                hint: t("win_back.expected_hint"),
              },
            ]}
          />
          <Panel
            title={t("win_back.list")}
            flush
            aside={
              <Select
                aria-label={t("win_back.sort")}
                size="xs"
                w={170}
                allowDeselect={false}
                value={sort ?? "-expected"}
                data={SORTS.map((value) => ({ value, label: t(SORT_WORDS[value]) }))}
                onChange={(value) =>
                  void navigate({
                    to: "/insight/win-back",
                    search: { sort: SORTS.find((one) => one === value && one !== "-expected") },
                    replace: true,
                  })
                }
              />
            }
          >
            <Listed rows={items} />
          </Panel>
        </>
      )}
      <Suspense>
        {open === "settings" && <OutlookSettings onClose={() => setOpen(undefined)} />}
        {open === "keep" && (
          <KeepDialog customers={items.map((one) => one.customer.id)} onClose={() => setOpen(undefined)} />
        )}
      </Suspense>
    </Page>
  );
}

function Listed({ rows }: { rows: WinBack[] }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const reasons = useDictionary("churn_reason");
  return (
    <SimpleTable
      label={t("win_back.list")}
      rows={rows}
      rowKey={(one) => one.customer.id}
      columns={[
        {
          id: "customer",
          header: t("win_back.customer"),
          cell: (one) => (
            <>
              <TextLink to="/customers/$id" params={{ id: one.customer.id }} fw={600}>
                {one.customer.name}
              </TextLink>{" "}
              {one.value_class && <ClassMark value={one.value_class} />}
              <Text size="sm" c="dimmed">
                {[t(`win_back.states.${one.state}`), one.reason && reasons.word(one.reason)]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </>
          ),
        },
        {
          id: "last",
          header: t("win_back.last"),
          wide: true,
          cell: (one) => (
            <>
              {f.date(one.last_order_on)}
              <Text size="sm" c="dimmed">
                {t("win_back.silent", { count: one.silent_days })}
              </Text>
            </>
          ),
        },
        { id: "owner", header: t("win_back.owner"), wide: true, cell: (one) => one.owner?.name },
        {
          id: "value",
          header: <Definition term={t("win_back.value")} text={t("win_back.value_hint")} />,
          align: "right",
          wide: true,
          cell: (one) => f.money(one.value),
        },
        {
          id: "chance",
          header: t("win_back.chance"),
          align: "right",
          wide: true,
          cell: (one) => f.percent(one.chance, 0),
        },
        {
          id: "expected",
          header: <Definition term={t("win_back.expected")} text={t("win_back.expected_hint")} />,
          align: "right",
          cell: (one) => f.money(one.expected),
        },
      ]}
    />
  );
}
