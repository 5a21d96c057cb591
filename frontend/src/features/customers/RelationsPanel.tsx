import { IconBuilding, IconPlus, IconTrash, IconUser } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { IconButton, Panel, TextLink } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { useDictionary } from "./choices";
import { deleteRelation } from "./commands";
import type { Customer, Relation } from "./types";

const RelationDialog = lazy(() => import("./RelationDialog"));

interface Props {
  customer: Customer;
  relations: Relation[];
  mayWrite: boolean;
}

/** Who belongs to whom: family, employer, purchaser, referrer, with role and period. */
export function RelationsPanel({ customer, relations, mayWrite }: Props) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const roles = useDictionary("relation_role");
  const [adding, setAdding] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
  const remove = useMutation({ mutationFn: deleteRelation, onSuccess: refresh });
  const period = (one: Relation) =>
    [one.valid_from, one.valid_to].some(Boolean)
      ? `${one.valid_from ? f.date(one.valid_from) : ""} – ${one.valid_to ? f.date(one.valid_to) : ""}`
      : undefined;
  return (
    <Panel
      title={t("relations")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("add_relation")} onClick={() => setAdding(true)}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {relations.length === 0 && <p className={classes.nothing}>{t("no_relations")}</p>}
      <ul className={classes.rows}>
        {relations.map((one) => {
          const outward = one.from.id === customer.id;
          const other = outward ? one.to : one.from;
          const Icon = other.kind === "organization" ? IconBuilding : IconUser;
          return (
            <li key={one.id} className={classes.row}>
              <Icon size={15} className="dim" aria-hidden="true" style={{ alignSelf: "center" }} />
              <span className={classes.rowWords}>
                {other.name ? (
                  <TextLink to="/customers/$id" params={{ id: other.id }}>
                    {other.name}
                  </TextLink>
                ) : (
                  <span className="dim">{t("out_of_sight")}</span>
                )}
                <br />
                <span className={classes.sub}>
                  {t(outward ? "relation_to" : "relation_from", { role: roles.word(one.role) })}
                  {one.primary && ` · ${t("primary")}`}
                  {period(one) && ` · ${period(one)}`}
                  {one.note && ` · ${one.note}`}
                </span>
              </span>
              {mayWrite && (
                <IconButton
                  label={t("delete_relation", { name: other.name })}
                  onClick={() => remove.mutate(one)}
                  loading={remove.isPending && remove.variables?.id === one.id}
                >
                  <IconTrash size={15} />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      <Suspense>
        {adding && (
          <RelationDialog
            customer={customer}
            onClose={() => setAdding(false)}
            onSaved={() => {
              setAdding(false);
              void refresh();
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}
