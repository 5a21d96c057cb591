import {
  IconAdjustments,
  IconDroplet,
  IconHandGrab,
  IconHistory,
  IconMoonStars,
  IconUserShare,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { type GridColumn, ListPage, type Selection } from "@/shared/grid";
import {
  Button,
  EmptyState,
  Figures,
  LazySelect,
  Page,
  PageHeader,
  Panel,
  Tooltip,
  toast,
  Waiting,
} from "@/shared/ui";
import { claimCustomer, fetchPooled, POOLS, type Pool, type Pooled, poolsQuery } from "./queries";

const RulesPanel = lazy(() => import("./RulesPanel"));
const PreviewPanel = lazy(() => import("./PreviewPanel"));
const MovesPanel = lazy(() => import("./MovesPanel"));
const AssignDialog = lazy(() => import("./AssignDialog"));

/** Customers whom nobody holds: who they are, claiming them, and the rules by which they come and go. */
export function PoolPage() {
  const { t } = useTranslation("pool");
  const mayWrite = useCan("customers:pool:write");
  const pools = useQuery(poolsQuery);
  const [chosen, setChosen] = useState<string>();
  const [founding, setFounding] = useState(false);
  const all = pools.data ?? [];
  const pool = all.find((one) => one.id === chosen) ?? all.find((one) => one.claimable) ?? all[0];
  if (pool) return <Inside key={pool.id} pool={pool} pools={all} onChoose={setChosen} />;
  const found = mayWrite && <Button onClick={() => setFounding(true)}>{t("found")}</Button>;
  return (
    <Page width="regular">
      <PageHeader title={t("title")} description={t("about")} />
      <Panel>
        <Waiting query={pools} rows={4} />
        {pools.data && (
          <EmptyState icon={<IconDroplet size={28} stroke={1.5} />} title={t("none")} actions={found}>
            {t(mayWrite ? "none_hint_keeper" : "none_hint")}
          </EmptyState>
        )}
      </Panel>
      <Suspense>{founding && <RulesPanel onClose={() => setFounding(false)} />}</Suspense>
    </Page>
  );
}

interface InsideProps {
  pool: Pool;
  pools: Pool[];
  onChoose: (id: string) => void;
}

function Inside({ pool, pools, onChoose }: InsideProps) {
  const { t } = useTranslation("pool");
  const [open, setOpen] = useState<"rules" | "preview" | "moves">();
  const [assigning, setAssigning] = useState<Selection>();
  const columns = useColumns(pool);
  const fetch = useMemo(() => fetchPooled(pool.id), [pool.id]);
  const close = () => setOpen(undefined);
  const button = (what: "rules" | "preview" | "moves", Icon: typeof IconHistory) => (
    <Button variant="default" leftSection={<Icon size={16} stroke={1.6} />} onClick={() => setOpen(what)}>
      {t(what)}
    </Button>
  );
  return (
    <ListPage
      resource={POOLS}
      scope={pool.id}
      title={pool.name}
      lead={
        <>
          {pools.length > 1 && (
            <LazySelect
              aria-label={t("choose")}
              allowDeselect={false}
              w={220}
              value={pool.id}
              onChange={(id) => id && onChoose(id)}
              data={pools.map((one) => ({ value: one.id, label: `${one.name} · ${one.unit.name}` }))}
            />
          )}
          {button("moves", IconHistory)}
          {pool.editable && button("preview", IconMoonStars)}
          {pool.editable && button("rules", IconAdjustments)}
        </>
      }
      before={<Standing pool={pool} />}
      columns={columns}
      fetch={fetch}
      name={(row) => row.customer.name}
      bulk={
        pool.editable && pool.active
          ? (selection) =>
              selection.everything ? null : (
                <Button
                  variant="default"
                  size="compact-md"
                  leftSection={<IconUserShare size={16} stroke={1.6} />}
                  onClick={() => setAssigning(selection)}
                >
                  {t("assign")}
                </Button>
              )
          : undefined
      }
      empty={{ icon: <IconDroplet size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      <Suspense>
        {open === "rules" && <RulesPanel pool={pool} onClose={close} />}
        {open === "preview" && <PreviewPanel pool={pool} onClose={close} />}
        {open === "moves" && <MovesPanel pool={pool} onClose={close} />}
        {assigning && (
          <AssignDialog
            pool={pool}
            ids={assigning.ids}
            onClose={() => setAssigning(undefined)}
            onDone={() => {
              assigning.clear();
              setAssigning(undefined);
            }}
          />
        )}
      </Suspense>
    </ListPage>
  );
}

/** What one has claimed, beside what one may, and what the rules come to. */
function Standing({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pool");
  const f = useFormat();
  const of = (many: number, most: number) => t("of", { many: f.number(many), most: f.number(most) });
  return (
    <Figures
      figures={[
        ...(pool.claimable
          ? [
              {
                key: "today",
                label: t("claimed_today"),
                value: of(pool.claimed_today, pool.claims_per_day),
                due: pool.claimed_today >= pool.claims_per_day,
              },
              {
                key: "hand",
                label: t("in_hand"),
                value: of(pool.in_hand, pool.most_in_hand),
                due: pool.in_hand >= pool.most_in_hand,
              },
            ]
          : []),
        {
          key: "silence",
          label: t("recycled_after"),
          value: t("days", { count: pool.silence_days }),
          hint: pool.active
            ? pool.warning_days > 0
              ? t("warned_before", { count: pool.warning_days })
              : t("never_warned")
            : t("off"),
        },
        { key: "protection", label: t("protected_for"), value: t("days", { count: pool.protection_days }) },
      ]}
    />
  );
}

function useColumns(pool: Pool): GridColumn<Pooled>[] {
  const { t } = useTranslation(["pool", "customers"]);
  const f = useFormat();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("customers:field.name"),
        sort: "name_pinyin",
        width: 160,
        phone: "title",
        cell: (row) => row.customer.name,
      },
      {
        id: "phone",
        header: t("customers:field.phone"),
        width: 150,
        phone: "meta",
        cell: (row) => <span className="tabular">{row.customer.phones[0]?.number}</span>,
      },
      {
        id: "city",
        header: t("city"),
        width: 110,
        cell: (row) => row.customer.addresses[0]?.city,
      },
      {
        id: "entered_by",
        header: t("how"),
        width: 150,
        cell: (row) => (row.entered_by ? t(`kind.${row.entered_by}`) : t("never_held")),
      },
      {
        id: "left_by",
        header: t("left_by"),
        width: 110,
        cell: (row) => row.left_by?.name,
      },
      {
        id: "entered_at",
        header: t("since"),
        sort: "entered_at",
        width: 130,
        phone: "meta",
        cell: (row) => row.entered_at && f.ago(row.entered_at),
      },
      {
        id: "claim",
        header: t("claim"),
        width: 120,
        align: "right",
        phone: "end",
        cell: (row) => pool.claimable && <Claim row={row} />,
      },
    ],
    [t, f, pool.claimable],
  );
}

function Claim({ row }: { row: Pooled }) {
  const { t } = useTranslation("pool");
  const client = useQueryClient();
  const claim = useMutation({
    mutationFn: () => claimCustomer(row.id),
    onSuccess: () => toast.done(t("claimed", { name: row.customer.name })),
    onError: toast.problem,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.of(POOLS) }),
        client.invalidateQueries({ queryKey: keys.of("customers") }),
      ]),
  });
  const button = (
    <Button
      size="compact-sm"
      variant="light"
      leftSection={<IconHandGrab size={14} aria-hidden="true" />}
      aria-label={t("claim_one", { name: row.customer.name })}
      loading={claim.isPending}
      disabled={Boolean(row.refusal)}
      onClick={(event) => {
        event.stopPropagation();
        claim.mutate();
      }}
    >
      {t("claim")}
    </Button>
  );
  if (!row.refusal) return button;
  return (
    <Tooltip label={t(`refusal.${row.refusal}`)} multiline w={240} touch>
      <span>{button}</span>
    </Tooltip>
  );
}
