import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Product, ProductPicker } from "@/features/catalog";
import type { ServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { Button, IconButton, TextInput } from "@/shared/ui";
import { type LineValues, newLine, type OrderValues, totals } from "./form";
import classes from "./Order.module.css";

/** The lines while they are typed; sums follow exactly, on decimal text. */
export function LineRows({ form, currency }: { form: ServerForm<OrderValues>; currency: string }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const { lines } = form.values;
  const sums = totals(form.values, currency);
  const money = (amount: string) => f.money({ amount, currency });
  const put = (index: number, part: Partial<LineValues>) => {
    const line = lines[index];
    if (line) form.set("lines", lines.with(index, { ...line, ...part }));
  };
  const choose = (index: number, product: Product | undefined) =>
    put(index, {
      product: product ? { id: product.id, name: product.name } : null,
      code: null,
      name: product?.name ?? "",
      ...(product?.price?.currency === currency ? { price: product.price.amount } : {}),
    });
  const add = () => form.set("lines", [...lines, newLine()]);
  const cell = (index: number, field: "quantity" | "price" | "discount", width: number) => (
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
                </td>
                <td data-label={t("field.quantity")}>{cell(index, "quantity", 84)}</td>
                <td data-label={t("field.price")}>{cell(index, "price", 112)}</td>
                <td data-label={t("field.discount")}>{cell(index, "discount", 100)}</td>
                <td className={classes.amount} data-label={t("field.amount")}>
                  {money(sums.lines[index] ?? "0")}
                </td>
                <td>
                  <IconButton
                    label={t("remove_line", { n: index + 1 })}
                    size="lg"
                    disabled={lines.length === 1}
                    onClick={() => form.set("lines", lines.toSpliced(index, 1))}
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
      <th scope="row" colSpan={4}>
        {label}
      </th>
      <td>{children}</td>
      <td />
    </tr>
  );
}
