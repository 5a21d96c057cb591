import { IconPencil, IconPlus, IconShieldCheck, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { ConfirmDelete, Group, IconButton, Panel, TextLink } from "@/shared/ui";
import { type Asset, assetsQuery, deleteAsset } from "./assets";
import classes from "./CustomerPage.module.css";
import type { Customer } from "./types";

const AssetDialog = lazy(() => import("./AssetDialog"));

/** The things a customer owns, with serial numbers and whether the warranty still holds. */
export function AssetsPanel({ customer, mayWrite }: { customer: Customer; mayWrite: boolean }) {
  const { t } = useTranslation("assets");
  const f = useFormat();
  const client = useQueryClient();
  const page = useQuery(assetsQuery(customer.id)).data;
  const [open, setOpen] = useState<{ asset?: Asset }>();
  const [doomed, setDoomed] = useState<Asset>();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.of("assets") });
    return client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
  };
  if (!page || (page.items.length === 0 && !mayWrite)) return null;
  return (
    <Panel
      title={t("title")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("new")} onClick={() => setOpen({})}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {page.items.length === 0 && <p className={classes.nothing}>{t("none")}</p>}
      <ul className={classes.rows}>
        {page.items.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.rowWords}>
              {one.product ? (
                <TextLink to="/products/$id" params={{ id: one.product.id }}>
                  {one.name}
                </TextLink>
              ) : (
                one.name
              )}
              {one.serial && <span className="tabular"> · {one.serial}</span>}
              <br />
              <span className={classes.sub}>
                {[
                  one.status !== "in_use" && t(`status.${one.status}`),
                  one.bought_on && t("bought", { day: f.date(one.bought_on) }),
                  one.bought_at,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              {one.warranty_end && (
                <span className={one.in_warranty ? classes.soon : classes.sub} style={{ display: "block" }}>
                  {one.in_warranty && <IconShieldCheck size={13} aria-hidden="true" />}{" "}
                  {t(one.in_warranty ? "warranty_until" : "warranty_over", { day: f.date(one.warranty_end) })}
                </span>
              )}
            </span>
            {mayWrite && (
              <Group gap={2} wrap="nowrap">
                <IconButton label={t("edit_one", { name: one.name })} onClick={() => setOpen({ asset: one })}>
                  <IconPencil size={15} />
                </IconButton>
                <IconButton label={t("delete_one", { name: one.name })} onClick={() => setDoomed(one)}>
                  <IconTrash size={15} />
                </IconButton>
              </Group>
            )}
          </li>
        ))}
      </ul>
      <Suspense>
        {open && (
          <AssetDialog
            asset={open.asset}
            start={{ customer }}
            onClose={() => setOpen(undefined)}
            onSaved={() => {
              setOpen(undefined);
              void refresh();
            }}
          />
        )}
      </Suspense>
      <ConfirmDelete
        opened={doomed !== undefined}
        title={t("delete_title", { name: doomed?.name ?? "" })}
        onConfirm={async () => {
          if (doomed) await deleteAsset(doomed);
          setDoomed(undefined);
          await refresh();
        }}
        onClose={() => setDoomed(undefined)}
      >
        {t("delete_hint")}
      </ConfirmDelete>
    </Panel>
  );
}
