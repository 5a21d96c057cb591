import { useTranslation } from "react-i18next";
import { NewAsset } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { TextLink } from "@/shared/ui";
import classes from "./Order.module.css";
import type { Order } from "./types";

/** The lines of an order and how they add up. */
export function LineTable({ order }: { order: Order }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.scroll} aria-label={t("lines")} tabIndex={0}>
      <table className={classes.lines}>
        <thead>
          <tr>
            <th scope="col">{t("field.product")}</th>
            <th scope="col">{t("field.quantity")}</th>
            <th scope="col">{t("field.price")}</th>
            <th scope="col">{t("field.discount")}</th>
            <th scope="col">{t("field.amount")}</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.id}>
              <td>
                {line.product ? (
                  <TextLink to="/products/$id" params={{ id: line.product.id }}>
                    {line.name}
                  </TextLink>
                ) : (
                  line.name
                )}
                {line.product_code && <span className={classes.code}> {line.product_code}</span>}{" "}
                <NewAsset
                  start={{
                    customer: order.customer,
                    product: line.product,
                    name: line.name,
                    bought_on: order.ordered_on,
                    order_id: order.id,
                    order_line: line.id,
                  }}
                />
              </td>
              <td>{f.quantity(line.quantity)}</td>
              <td data-times>{f.money(line.price)}</td>
              <td data-less>{/^0+(\.0+)?$/.test(line.discount.amount) ? "" : f.money(line.discount)}</td>
              <td>{f.money(line.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Sum label={t("field.gross")} value={f.money(order.gross)} />
          <Sum label={t("field.discount")} value={f.money(order.discount)} />
          <Sum label={t("field.net")} value={f.money(order.net)} strong />
        </tfoot>
      </table>
    </section>
  );
}

export function Sum({ label, value, strong }: { label: string; value: string; strong?: boolean }) {
  return (
    <tr data-strong={strong || undefined}>
      <th scope="row" colSpan={4}>
        {label}
      </th>
      <td>{value}</td>
    </tr>
  );
}
