import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useDictionary } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { Group, IconButton, Panel, toast } from "@/shared/ui";
import classes from "@/shared/ui/Record.module.css";
import { addCost, type Cost, costsQuery, deleteCost } from "./queries";

const CostDialog = lazy(() => import("./CostDialog"));

/** On a customer's page: what was spent to win and keep them. */
export default function CostsPanel({ customer, mayWrite }: { customer: string; mayWrite: boolean }) {
  const { t } = useTranslation("costs");
  const f = useFormat();
  const client = useQueryClient();
  const kinds = useDictionary("cost_kind");
  const costs = useQuery(costsQuery(customer)).data;
  const [editing, setEditing] = useState<Cost | "new">();
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer) });
  const remove = useMutation({
    mutationFn: deleteCost,
    onSuccess: (_answer, row) => {
      const { kind, amount, booked_on, note } = row;
      const again = () =>
        void addCost(customer, { kind, amount, booked_on, note }).then(refresh, toast.problem);
      toast.undo(t("common:state.deleted", { name: kinds.word(kind) }), t("common:action.undo"), again);
      return refresh();
    },
    onError: toast.problem,
  });
  if (!costs || (costs.length === 0 && !mayWrite)) return null;
  return (
    <Panel
      title={t("title")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("add")} onClick={() => setEditing("new")}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {costs.length === 0 && <p className={classes.nothing}>{t("nothing")}</p>}
      <ul className={classes.rows}>
        {costs.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.words}>
              {kinds.word(one.kind)} · {f.money(one.amount)}
              <br />
              <span className={classes.sub}>
                {[f.date(one.booked_on), one.note].filter(Boolean).join(" · ")}
              </span>
            </span>
            {mayWrite && (
              <Group gap={2} wrap="nowrap">
                <IconButton label={t("edit", { name: kinds.word(one.kind) })} onClick={() => setEditing(one)}>
                  <IconPencil size={15} />
                </IconButton>
                <IconButton
                  label={t("delete", { name: kinds.word(one.kind) })}
                  onClick={() => remove.mutate(one)}
                >
                  <IconTrash size={15} />
                </IconButton>
              </Group>
            )}
          </li>
        ))}
      </ul>
      <Suspense>
        {editing && (
          <CostDialog
            customer={customer}
            row={editing === "new" ? undefined : editing}
            onClose={() => setEditing(undefined)}
            onSaved={refresh}
          />
        )}
      </Suspense>
    </Panel>
  );
}
