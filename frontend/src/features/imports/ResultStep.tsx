import { IconArrowBackUp, IconDownload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { download, keys } from "@/api";
import { Alert, Button, ButtonLink, Confirm, Group, Text, toast } from "@/shared/ui";
import { OutcomeTabs } from "./CheckStep";
import { CountList } from "./CountList";
import { ProgressStep } from "./ProgressStep";
import { actOn } from "./queries";
import type { Import, Resource } from "./types";

const LIST: Record<Resource, "/customers" | "/products" | "/orders" | "/assets" | "/sales/list" | "/sheets"> =
  {
    customers: "/customers",
    contacts: "/customers",
    products: "/products",
    orders: "/orders",
    assets: "/assets",
    consents: "/customers",
    preferences: "/customers",
    facts: "/customers",
    trainings: "/customers",
    opportunities: "/sales/list",
    sellout: "/sheets",
  };

/** What the import did, the rows it could not take, and the way back. */
export function ResultStep({ row, onChanged }: { row: Import; onChanged: () => void }) {
  const { t } = useTranslation("imports");
  const client = useQueryClient();
  const [undoing, setUndoing] = useState(false);
  const { counts, status } = row;
  const list = LIST[row.resource];
  const finished = status === "done" || status === "undone";
  const go = useMutation({ mutationFn: () => actOn(row.id, "run"), onSuccess: onChanged });
  // What other pages hold in their cache is older than this import.
  useEffect(() => {
    if (status !== "done" && status !== "undone") return;
    for (const resource of ["customers", "products", "orders", "assets", "sheets", "insight", "today"]) {
      void client.invalidateQueries({ queryKey: keys.of(resource) });
    }
  }, [status, client]);
  if (status === "undoing") return <ProgressStep row={row} title={t("undoing")} />;
  return (
    <>
      {status === "done" && (
        <Text fw={600}>
          {row.undoable ? t("result", { count: counts.create + counts.update }) : t("result_nothing")}
        </Text>
      )}
      {status === "undone" && (
        <Alert color="gray" variant="light">
          {t("undone")}
          {counts.kept ? ` ${t("undone_kept", { count: counts.kept })}` : ""}
        </Alert>
      )}
      <CountList counts={counts} />
      <Group justify="space-between">
        <Group gap="xs">
          {counts.reject > 0 && (
            <Button
              variant="default"
              leftSection={<IconDownload size={16} />}
              onClick={() => void download(`/imports/${row.id}/rejects`, "rejects.csv").catch(toast.problem)}
            >
              {t("download_rejects", { count: counts.reject })}
            </Button>
          )}
          {row.undoable && (
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconArrowBackUp size={16} />}
              onClick={() => setUndoing(true)}
            >
              {t("undo")}
            </Button>
          )}
        </Group>
        {finished ? (
          <ButtonLink to={list}>{t(`see.${row.resource}`)}</ButtonLink>
        ) : (
          <Button loading={go.isPending} onClick={() => go.mutate()}>
            {t("continue")}
          </Button>
        )}
      </Group>
      {counts.reject > 0 && status !== "undone" && <OutcomeTabs row={row} />}
      <Confirm
        opened={undoing}
        onClose={() => setUndoing(false)}
        title={t("undo_title")}
        verb={t("undo")}
        danger
        onConfirm={async () => {
          await actOn(row.id, "undo");
          onChanged();
        }}
      >
        {t("undo_hint", { count: counts.create + counts.update })}
      </Confirm>
    </>
  );
}
