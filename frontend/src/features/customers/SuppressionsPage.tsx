import { IconBan, IconFileExport, IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, type ListParams, ok, type Schema, useCan } from "@/api";
import { ImportLink, useExport } from "@/features/imports";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListView } from "@/shared/grid";
import { Button, EmptyState, Page, PageHeader } from "@/shared/ui";
import { phoneWords } from "./phone";

const NewSuppression = lazy(() => import("./NewSuppression"));
const LiftSuppression = lazy(() => import("./LiftSuppression"));

export type Suppression = Schema<"SuppressionView">;

const fetchSuppressions = (query: ListParams, signal: AbortSignal) =>
  ok(api.GET("/suppressions", { params: { query }, signal }));

const NO_FIELDS: FilterField[] = [];

export const addressWords = (one: Pick<Suppression, "kind" | "address">) =>
  one.kind === "phone" ? phoneWords(one.address) : one.address;

/** Addresses that are not written to or rung, why, and where that is written; and all words about contact as files. */
export function SuppressionsPage() {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<Suppression>();
  const mayWrite = useCan("customers:customer:write");
  const exporting = useExport("consents");
  const reread = () => client.invalidateQueries({ queryKey: keys.of("suppressions") });
  const columns = useMemo<GridColumn<Suppression>[]>(
    () => [
      {
        id: "address",
        header: t("suppression.address"),
        width: 240,
        phone: "title",
        cell: (one) => <span className="tabular">{addressWords(one)}</span>,
      },
      {
        id: "reason",
        header: t("suppression.reason"),
        width: 150,
        phone: "meta",
        cell: (one) => t(`suppression.reasons.${one.reason}`),
      },
      { id: "note", header: t("suppression.note"), width: 200, cell: (one) => one.note },
      { id: "proof", header: t("consent.proof"), width: 240, cell: (one) => one.proof },
      {
        id: "created_by",
        header: t("suppression.by"),
        width: 120,
        cell: (one) => one.created_by.name,
      },
      {
        id: "created_at",
        header: t("suppression.since"),
        width: 130,
        phone: "end",
        cell: (one) => f.date(one.created_at),
      },
    ],
    [t, f],
  );
  const add = mayWrite && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t("suppression.add")}
    </Button>
  );
  return (
    <Page width="full">
      <PageHeader
        title={t("suppression.title")}
        description={t("suppression.hint")}
        actions={
          <>
            <ImportLink resource="consents">{t("suppression.import")}</ImportLink>
            {exporting.start && (
              <Button
                variant="default"
                leftSection={<IconFileExport size={16} stroke={1.6} />}
                onClick={() => exporting.start?.({ query: {} })}
              >
                {t("suppression.export")}
              </Button>
            )}
            {add}
          </>
        }
      />
      <ListView
        resource="suppressions"
        label={t("suppression.title")}
        columns={columns}
        fields={NO_FIELDS}
        fetch={fetchSuppressions}
        counted={false}
        onOpen={setOpen}
        name={addressWords}
        empty={
          <EmptyState icon={<IconBan size={28} stroke={1.5} />} title={t("suppression.empty")} actions={add}>
            {t("suppression.empty_hint")}
          </EmptyState>
        }
      />
      <Suspense>
        {adding && (
          <NewSuppression
            onClose={() => setAdding(false)}
            onSaved={() => {
              setAdding(false);
              void reread();
            }}
          />
        )}
        {open && (
          <LiftSuppression
            one={open}
            onClose={() => setOpen(undefined)}
            onLifted={() => {
              setOpen(undefined);
              void reread();
            }}
          />
        )}
      </Suspense>
      {exporting.dialog}
    </Page>
  );
}
