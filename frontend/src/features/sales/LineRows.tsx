import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { type Product, ProductPicker } from "@/features/catalog";
import type { ServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { Button, DateField, IconButton, TextInput } from "@/shared/ui";
import { type LinesValues, type LineValues, newLine, totals } from "./form";
import { LineOptions } from "./LineOptions";
import classes from "./Order.module.css";

/** The lines while they are typed; sums follow exactly, on decimal text. */
export function LineRows<V extends LinesValues>({
  form,
  setLines,
  currency,
}: {
  form: ServerForm<V>;
  setLines: (lines: LineValues[]) => void;
  currency: string;
}) {
  const { t } = useTranslation("sales");
  const { tax_rate } = useMe().company;
  const f = useFormat();
  const { lines } = form.values;
  const sums = totals(form.values, currency);
  const money = (amount: string) => f.money({ amount, currency });
  const put = (index: number, part: Partial<LineValues>) => {
    const line = lines[index];
    if (line) setLines(lines.with(index, { ...line, ...part }));
  };
  const choose = (index: number, product: Product | undefined) =>
    put(index, {
      product: product ? { id: product.id, name: product.name } : null,
      code: null,
      name: product?.name ?? "",
      options: [],
      ...(product?.price?.currency === currency ? { price: product.price.amount } : {}),
    });
  const add = () => setLines([...lines, newLine(tax_rate)]);
  const cell = (index: number, field: "quantity" | "price" | "discount" | "tax_rate", width: number) => (
    <TextInput
      w={{ base: "100%", sm: width }}
      aria-label={t("nth", { what: t(`field.${field}`), n: index + 1 })}
      inputMode="decimal"
      styles={{ input: { textAlign: "right" } }}
      {...form.field(`lines.${index}.${field}`)}
    />
  );
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={classes.scroll} aria-label={t("lines")} tabIndex={0}>
        <table className={classes.lines} data-form>
          <thead>
            <tr>
              <th scope="col">{t("field.product")}</th>
              <th scope="col">{t("field.quantity")}</th>
              <th scope="col">{t("field.price")}</th>
              <th scope="col">{t("field.discount")}</th>
              <th scope="col" title={t("hint.tax_rate")}>
                {t("field.tax_rate")}
              </th>
              <th scope="col">{t("field.promised_on")}</th>
              <th scope="col">{t("field.amount")}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              <tr key={line.key}>
                <td className={classes.product}>
                  <ProductPicker
                    aria-label={t("nth", { what: t("field.product"), n: index + 1 })}
                    chosen={line.product ?? (line.name ? { id: "named", name: line.name } : null)}
                    value={line.product?.id ?? (line.name ? "named" : null)}
                    onChange={(product) => choose(index, product)}
                    error={
                      form.field(`lines.${index}.name`).error ?? form.field(`lines.${index}.product_id`).error
                    }
                  />
                  <LineOptions
                    line={line}
                    nth={index + 1}
                    onChange={(options, price) =>
                      put(index, {
                        options,
                        ...(price?.currency === currency ? { price: price.amount } : {}),
                      })
                    }
                  />
                </td>
                <td data-label={t("field.quantity")}>{cell(index, "quantity", 72)}</td>
                <td data-label={t("field.price")}>{cell(index, "price", 104)}</td>
                <td data-label={t("field.discount")}>{cell(index, "discount", 92)}</td>
                <td data-label={t("field.tax_rate")} data-rate>
                  {cell(index, "tax_rate", 60)}
                </td>
                <td data-label={t("field.promised_on")} data-wide>
                  <DateField
                    w={{ base: "100%", sm: 124 }}
                    aria-label={t("nth", { what: t("field.promised_on"), n: index + 1 })}
                    value={line.promised_on}
                    onChange={(on) => put(index, { promised_on: on })}
                    error={form.field(`lines.${index}.promised_on`).error}
                  />
                </td>
                <td className={classes.amount} data-label={t("field.amount")}>
                  {money(sums.lines[index] ?? "0")}
                </td>
                <td>
                  <IconButton
                    label={t("remove_line", { n: index + 1 })}
                    size="lg"
                    disabled={lines.length === 1}
                    onClick={() => setLines(lines.toSpliced(index, 1))}
                  >
                    <IconTrash size={16} />
                  </IconButton>
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <SumRow label={t("field.gross")}>{money(sums.gross)}</SumRow>
            <SumRow label={t("field.order_discount")}>
              <TextInput
                w={120}
                ml="auto"
                aria-label={t("field.order_discount")}
                inputMode="decimal"
                styles={{ input: { textAlign: "right" } }}
                {...form.field("order_discount")}
              />
            </SumRow>
            <SumRow label={t("field.net")} strong>
              {money(sums.net)}
            </SumRow>
          </tfoot>
        </table>
      </section>
      {typeof form.state.errors.lines === "string" && (
        <div className={classes.error} role="alert">
          {form.state.errors.lines}
        </div>
      )}
      <div className={classes.add}>
        <Button variant="subtle" size="compact-md" leftSection={<IconPlus size={15} />} onClick={add}>
          {t("add_line")}
        </Button>
      </div>
    </>
  );
}

function SumRow({ label, strong, children }: { label: string; strong?: boolean; children: React.ReactNode }) {
  return (
    <tr data-strong={strong || undefined}>
      <th scope="row" colSpan={6}>
        {label}
      </th>
      <td>{children}</td>
      <td />
    </tr>
  );
}
