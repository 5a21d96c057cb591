/** The short lists at the right of a customer's page. */
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useFormat } from "@/shared/format";
import { Panel, TextLink } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import type { Card, Customer } from "./types";

export function OwnedPanel({ owned }: { owned: Card["products_owned"] }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  if (owned.length === 0) return null;
  return (
    <Panel title={t("owned")} flush>
      <ul className={classes.rows}>
        {owned.map((one) => (
          <li key={one.product.id} className={classes.row}>
            <span className={classes.rowWords}>
              <TextLink to="/products/$id" params={{ id: one.product.id }}>
                {one.product.name}
              </TextLink>
              <span className={classes.sub}> × {f.quantity(one.quantity)}</span>
            </span>
            <span className={classes.rowEnd}>{f.date(one.last_on)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function OrdersPanel({ customer, orders }: { customer: Customer; orders: Card["recent_orders"] }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const filter: Condition = { field: "customer", op: "eq", value: customer.id };
  return (
    <Panel
      title={t("recent_orders")}
      flush
      aside={
        orders.length > 0 && (
          <TextLink to="/orders" search={{ filter }} size="sm">
            {t("all_orders")}
          </TextLink>
        )
      }
    >
      {orders.length === 0 ? (
        <p className={classes.nothing}>{t("no_orders")}</p>
      ) : (
        <ul className={classes.rows}>
          {orders.map((order) => (
            <li key={order.id} className={classes.row}>
              <span className={classes.rowWords}>
                <TextLink to="/orders/$id" params={{ id: order.id }} className="tabular">
                  {order.code}
                </TextLink>
                <span className={classes.sub}> · {f.date(order.ordered_on)}</span>
              </span>
              <span className={classes.rowEnd}>{f.money(order.net)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
