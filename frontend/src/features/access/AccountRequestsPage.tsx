import { IconUserCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, type ListParams, ok, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListView } from "@/shared/grid";
import { Alert, Badge, Button, CopyField, EmptyState, Page, PageHeader, Stack } from "@/shared/ui";
import { type AccountRequest, KINDS, STATUSES } from "./accountRequests";

const AskPanel = lazy(() => import("./AskPanel"));
const RequestPanel = lazy(() => import("./RequestPanel"));

const fetchRequests = (query: ListParams, signal: AbortSignal) =>
  ok(api.GET("/account-requests", { params: { query }, signal }));

const COLORS: Record<AccountRequest["status"], string> = {
  asked: "ember",
  approved: "blue",
  done: "gray",
  refused: "red",
  withdrawn: "gray",
};

/** Joiners, movers, leavers: what was asked for, who approved it, and how long it took. */
export function AccountRequestsPage() {
  const { t } = useTranslation(["accounts", "admin", "grid"]);
  const f = useFormat();
  const client = useQueryClient();
  const mayAsk = useCan("access:account:ask");
  const [open, setOpen] = useState<AccountRequest>();
  const [asking, setAsking] = useState(false);
  const [link, setLink] = useState<string>();
  const columns = useMemo<GridColumn<AccountRequest>[]>(
    () => [
      {
        id: "person",
        header: t("person"),
        width: 150,
        phone: "title",
        cell: (one) => one.user?.name ?? one.account?.name ?? "",
      },
      { id: "kind", header: t("kind"), width: 120, phone: "meta", cell: (one) => t(`kinds.${one.kind}`) },
      {
        id: "status",
        header: t("status"),
        width: 110,
        phone: "end",
        cell: (one) => (
          <Badge variant="light" color={COLORS[one.status]}>
            {t(`statuses.${one.status}`)}
          </Badge>
        ),
      },
      { id: "unit", header: t("unit"), width: 130, cell: (one) => one.unit.name },
      {
        id: "asked",
        header: t("asked"),
        width: 190,
        sort: "asked_at",
        phone: "meta",
        cell: (one) => `${one.asked_by.name} · ${f.date(one.asked_at)}`,
      },
      {
        id: "decided",
        header: t("decided"),
        width: 190,
        cell: (one) =>
          one.decided_by && one.decided_at ? `${one.decided_by.name} · ${f.date(one.decided_at)}` : "",
      },
      {
        id: "days",
        header: t("days"),
        hint: t("days_hint"),
        width: 120,
        align: "right",
        cell: (one) => (
          <span style={one.late ? { color: "var(--mantine-color-error)", fontWeight: 600 } : undefined}>
            {t("days_count", { count: one.working_days })}
          </span>
        ),
      },
      { id: "reason", header: t("reason"), width: 220, hidden: true, cell: (one) => one.reason },
    ],
    [t, f],
  );
  const fields = useMemo<FilterField[]>(
    () => [
      {
        field: "status",
        label: t("status"),
        type: "choice",
        ops: ["eq", "in"],
        options: STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) })),
      },
      {
        field: "kind",
        label: t("kind"),
        type: "choice",
        ops: ["eq", "in"],
        options: KINDS.map((value) => ({ value, label: t(`kinds.${value}`) })),
      },
      { field: "asked_at", label: t("asked"), type: "instant", ops: ["gte", "lte"] },
    ],
    [t],
  );
  const changed = async (one?: AccountRequest) => {
    setLink(one?.invite_url ?? undefined);
    setOpen(undefined);
    setAsking(false);
    await client.invalidateQueries({ queryKey: keys.of("account-requests") });
    await client.invalidateQueries({ queryKey: keys.of("users") });
  };
  return (
    <Page width="full">
      <PageHeader
        title={t("title")}
        description={t("hint")}
        actions={mayAsk && <Button onClick={() => setAsking(true)}>{t("ask")}</Button>}
      />
      {link && (
        <Alert color="ember" variant="light" title={t("admin:users.invite_link")}>
          <Stack gap="xs">
            {t("admin:users.invite_hint")}
            <CopyField label={t("admin:users.invite_link")} value={link} />
          </Stack>
        </Alert>
      )}
      <ListView
        resource="account-requests"
        label={t("title")}
        columns={columns}
        fields={fields}
        fetch={fetchRequests}
        defaultSort="-asked_at"
        counted={false}
        searchable={false}
        onOpen={setOpen}
        name={(one) => one.user?.name ?? one.account?.name ?? one.id}
        empty={<EmptyState icon={<IconUserCheck size={28} stroke={1.5} />} title={t("none")} />}
      />
      <Suspense>
        {asking && <AskPanel onClose={() => setAsking(false)} onAsked={() => changed()} />}
        {open && <RequestPanel request={open} onClose={() => setOpen(undefined)} onChanged={changed} />}
      </Suspense>
    </Page>
  );
}
