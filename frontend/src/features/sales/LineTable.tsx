import { useTranslation } from "react-i18next";
import { NewAsset } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { TextLink } from "@/shared/ui";
import { LateMark } from "./marks";
import classes from "./Order.module.css";
import type { Line, Order } from "./types";

/** What has lines: an order or a quote. */
type Lined = Pick<Order, "lines" | "gross" | "discount" | "net" | "taxes" | "tax">;

/** The lines of an order or a quote and how they add up; what was bought can be noted as the customer's. */
export function LineTable({ of, order }: { of: Lined; order?: Order }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const promised = of.lines.some((line) => line.promised_on);
  const taxed = of.taxes.some((one) => !/^0+(\.0+)?$/.test(one.rate));
  const moved = order?.delivery ? of.lines.some((line) => hasMoved(line)) : false;
  const span = 4 + Number(promised) + Number(taxed) + Number(moved);
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
            {taxed && (
              <th scope="col" title={t("hint.tax_rate")}>
                {t("field.tax_rate")}
              </th>
            )}
            {promised && <th scope="col">{t("field.promised_on")}</th>}
            {moved && <th scope="col">{t("field.delivered")}</th>}
            <th scope="col">{t("field.amount")}</th>
          </tr>
        </thead>
        <tbody>
          {of.lines.map((line) => (
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
                {order && (
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
                )}
                {line.options.length > 0 && (
                  <div className={classes.code}>
                    {line.options.map((one) => `${one.name}: ${one.value}`).join(" · ")}
                  </div>
                )}
              </td>
              <td>{f.quantity(line.quantity)}</td>
              <td data-times>{f.money(line.price)}</td>
              <td data-less>{/^0+(\.0+)?$/.test(line.discount.amount) ? "" : f.money(line.discount)}</td>
              {taxed && <td data-taxed>{f.quantity(line.tax_rate)}%</td>}
              {promised && (
                <td data-promised>
                  {line.promised_on && f.date(line.promised_on)} {line.late && <LateMark />}
                </td>
              )}
              {moved && <Moved line={line} />}
              <td>{f.money(line.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Sum span={span} label={t("field.gross")} value={f.money(of.gross)} />
          <Sum span={span} label={t("field.discount")} value={f.money(of.discount)} />
          <Sum span={span} label={t("field.net")} value={f.money(of.net)} strong />
          {taxed &&
            of.taxes.map((one) => (
              <Sum
                key={one.rate}
                span={span}
                label={t("tax_of", { rate: f.quantity(one.rate) })}
                value={f.money(one.tax)}
              />
            ))}
        </tfoot>
      </table>
    </section>
  );
}

const isMore = (quantity: string) => /[1-9]/.test(quantity);
const hasMoved = ({ delivery }: Line) =>
  !!delivery && (isMore(delivery.delivered) || isMore(delivery.returned));

/** How much of a line went out; beneath it what is still open and what came back. */
function Moved({ line }: { line: Line }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  if (!line.delivery) return <td />;
  const { delivered, returned, open } = line.delivery;
  return (
    <td data-moved data-label={t("field.delivered")}>
      {f.quantity(delivered)}
      {isMore(open) && <span className={classes.under}>{t("open_of", { open: f.quantity(open) })}</span>}
      {isMore(returned) && (
        <span className={classes.under}>{t("returned_of", { returned: f.quantity(returned) })}</span>
      )}
    </td>
  );
}

function Sum({
  span,
  label,
  value,
  strong,
}: {
  span: number;
  label: string;
  value: string;
  strong?: boolean;
}) {
  return (
    <tr data-strong={strong || undefined}>
      <th scope="row" colSpan={span}>
        {label}
      </th>
      <td>{value}</td>
    </tr>
  );
}
