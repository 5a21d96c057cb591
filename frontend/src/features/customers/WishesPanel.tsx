import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { Badge, Button, Group, IconButton, Panel, TextLink, toast } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import type { Customer } from "./types";
import { deleteWish, NEXT, patchWish, type Wish, type WishStatus, wishesQuery } from "./wishes";

const WishDialog = lazy(() => import("./WishDialog"));
const COLORS: Record<WishStatus, string> = { open: "gray", arrived: "ember", told: "pine", closed: "gray" };

/** What the customer wants that isn't to be had now, and moving it along once it is there. */
export function WishesPanel({ customer, mayWrite }: { customer: Customer; mayWrite: boolean }) {
  const { t } = useTranslation("wishes");
  const f = useFormat();
  const client = useQueryClient();
  const wishes = useQuery(wishesQuery(customer.id)).data?.items;
  const [adding, setAdding] = useState(false);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.of("wishes") });
    void client.invalidateQueries({ queryKey: keys.of("today") });
    return client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
  };
  const move = useMutation({
    mutationFn: ({ wish, status }: { wish: Wish; status: WishStatus }) => patchWish(wish, { status }),
    onSuccess: refresh,
    onError: toast.problem,
  });
  const remove = useMutation({ mutationFn: deleteWish, onSuccess: refresh, onError: toast.problem });
  if (!wishes || (wishes.length === 0 && !mayWrite)) return null;
  return (
    <Panel
      title={t("title")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("new")} onClick={() => setAdding(true)}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {wishes.length === 0 && <p className={classes.nothing}>{t("none")}</p>}
      <ul className={classes.rows}>
        {wishes.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.rowWords}>
              {one.product ? (
                <TextLink to="/products/$id" params={{ id: one.product.id }}>
                  {one.wanted}
                </TextLink>
              ) : (
                one.wanted
              )}
              {one.option && ` · ${one.option}`}
              {one.quantity > 1 && <span className={classes.sub}> × {one.quantity}</span>}{" "}
              <Badge size="sm" variant="light" color={COLORS[one.status]}>
                {t(`status.${one.status}`)}
              </Badge>
              <br />
              <span className={classes.sub}>
                {[
                  one.needed_by && t("needed_by", { day: f.date(one.needed_by) }),
                  t("noted", { day: f.date(one.created_at) }),
                  one.note,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              {mayWrite && (
                <Group gap={4} mt={4}>
                  {NEXT[one.status].map((status) => (
                    <Button
                      key={status}
                      size="compact-xs"
                      variant="default"
                      loading={move.isPending && move.variables?.wish.id === one.id}
                      aria-label={t("move", { name: one.wanted, to: t(`move_to.${status}`) })}
                      onClick={() => move.mutate({ wish: one, status })}
                    >
                      {t(`move_to.${status}`)}
                    </Button>
                  ))}
                </Group>
              )}
            </span>
            {mayWrite && (
              <IconButton
                label={t("delete_one", { name: one.wanted })}
                loading={remove.isPending && remove.variables?.id === one.id}
                onClick={() => remove.mutate(one)}
              >
                <IconTrash size={15} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      <Suspense>
        {adding && (
          <WishDialog
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
