/** What a customer's page tells of duplicates: those that wait to be looked at, and what was merged in. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, keys, ok, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Button, Panel, TextLink, toast } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import type { Customer } from "./types";

/** "2 possible duplicates", if there are any. */
export function DuplicatesLink({ customer }: { customer: Customer }) {
  const { t } = useTranslation("customers");
  const open = useQuery({
    queryKey: keys.list("duplicates", { of: customer.id }),
    queryFn: ({ signal }) =>
      ok(
        api.GET("/customers/{id}/duplicates", {
          params: { path: { id: customer.id }, query: { limit: 1, count: true } },
          signal,
        }),
      ),
    staleTime: 30_000,
  });
  const count = open.data?.total ?? 0;
  if (count === 0) return null;
  return (
    <TextLink to="/duplicates" search={{ customer: customer.id }} size="sm">
      {t("duplicates_link", { count })}
    </TextLink>
  );
}

/** What was merged into the customer, with a way back while there is one. */
export function MergesPanel({ customer }: { customer: Customer }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const mayMerge = useCan("customers:customer:merge");
  const merges = useQuery({
    queryKey: keys.part("customers", customer.id, "merges"),
    queryFn: ({ signal }) =>
      ok(api.GET("/customers/{id}/merges", { params: { path: { id: customer.id } }, signal })),
    staleTime: 30_000,
  });
  const undo = async (id: string) => {
    try {
      await ok(api.POST("/merges/{id}/undo", { params: { path: { id } } }));
      toast.done(t("merge_undone"));
    } catch (problem) {
      toast.problem(problem);
    }
    void client.invalidateQueries({ queryKey: keys.of("customers") });
    void client.invalidateQueries({ queryKey: keys.of("duplicates") });
  };
  const list = merges.data?.items ?? [];
  if (list.length === 0) return null;
  return (
    <Panel title={t("merges")} flush>
      <ul className={classes.rows}>
        {list.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.rowWords}>
              {one.gone.name}{" "}
              <span className={classes.sub}>
                {[f.date(one.merged_at), one.merged_by?.name].filter(Boolean).join(" · ")}
              </span>
            </span>
            {mayMerge && one.kept.id === customer.id && new Date(one.undo_until) > new Date() && (
              <Button size="compact-sm" variant="default" onClick={() => void undo(one.id)}>
                {t("merge_undo")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
