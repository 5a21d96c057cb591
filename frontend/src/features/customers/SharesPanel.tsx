import { IconPlus, IconTrash, IconUser, IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Anchor, IconButton, Panel, toast } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { endShare } from "./commands";
import { accessQuery, sharesQuery } from "./queries";
import type { Customer, Share } from "./types";

const ShareDialog = lazy(() => import("./ShareDialog"));

/** With whom a customer is shared, beyond those whose roles reach it; and why the reader is among those who see it. */
export function SharesPanel({ customer }: { customer: Customer }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const mayWrite = useCan("customers:customer:write");
  const mayAssign = useCan("customers:customer:assign");
  const shares = useQuery(sharesQuery(customer.id)).data ?? [];
  const access = useQuery(accessQuery(customer.id));
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
  const end = useMutation({ mutationFn: endShare, onSuccess: refresh, onError: toast.problem });
  const reasons = access.data?.reasons ?? [];
  const owns = reasons.some((one) => one.code.startsWith("scope_"));
  const far = (one: Share) =>
    [
      t(one.may_edit ? "share_edit" : "share_read"),
      one.until && t("share_until", { day: f.date(one.until) }),
      t("share_by", { name: one.shared_by.name }),
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <Panel
      title={t("shares")}
      flush
      aside={
        owns &&
        (mayWrite || mayAssign) && (
          <IconButton label={t("share")} onClick={() => setAsking(true)}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {shares.length === 0 && <p className={classes.nothing}>{t("no_shares")}</p>}
      <ul className={classes.rows}>
        {shares.map((one) => {
          const Icon = one.department ? IconUsers : IconUser;
          const name = (one.department ?? one.user)?.name ?? "";
          return (
            <li key={one.id} className={classes.row}>
              <Icon size={15} className="dim" aria-hidden="true" style={{ alignSelf: "center" }} />
              <span className={classes.rowWords}>
                {name}
                <br />
                <span className={classes.sub}>{far(one)}</span>
              </span>
              {one.endable && (
                <IconButton
                  label={t("share_end", { name })}
                  onClick={() => end.mutate(one.id)}
                  loading={end.isPending && end.variables === one.id}
                >
                  <IconTrash size={15} />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      <p className={classes.nothing}>
        <Anchor
          component="button"
          type="button"
          size="sm"
          aria-expanded={why}
          onClick={() => setWhy((shown) => !shown)}
        >
          {t("why_seen")}
        </Anchor>
      </p>
      {why && (
        <ul className={classes.reasons}>
          {reasons.map((one) => (
            <li key={one.code + one.text}>{one.text}</li>
          ))}
        </ul>
      )}
      <Suspense>
        {asking && (
          <ShareDialog
            customer={customer}
            mayEdit={access.data?.can_edit ?? false}
            onClose={() => setAsking(false)}
            onSaved={() => {
              setAsking(false);
              void refresh();
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}
