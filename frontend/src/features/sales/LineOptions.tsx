import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Money } from "@/api";
import { type Product, productQuery } from "@/features/catalog";
import { useFormat } from "@/shared/format";
import { placesOf, scaled, written } from "@/shared/format/decimal";
import { Group, Select } from "@/shared/ui";
import type { LineValues } from "./form";
import classes from "./Order.module.css";
import type { LineOption } from "./types";

interface Props {
  line: LineValues;
  nth: number;
  /** What is chosen now, and what one then costs by the catalogue. */
  onChange: (options: LineOption[], price: Money | undefined) => void;
}

/** What is chosen of the line's product, under its name; the price follows the choice. */
export function LineOptions({ line, nth, onChange }: Props) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const product = useQuery({ ...productQuery(line.product?.id ?? ""), enabled: line.product !== null }).data;
  const offered = product?.options ?? [];
  const free = line.options.filter((one) => offered.every((option) => option.name !== one.name));
  const choose = (name: string, value: string | null) => {
    const others = line.options.filter((one) => one.name !== name);
    const options = value ? [...others, { name, value }] : others;
    onChange(options, product && priceOf(product, options));
  };
  if (offered.length === 0 && free.length === 0) return null;
  return (
    <Group gap={6} mt={6}>
      {offered.map((option) => (
        <Select
          key={option.name}
          size="xs"
          w={150}
          clearable
          aria-label={t("nth", { what: option.name, n: nth })}
          placeholder={option.name}
          data={option.choices.map((choice) => ({
            value: choice.name,
            label: choice.price_difference
              ? `${choice.name} (${plus(choice.price_difference)}${f.money(choice.price_difference)})`
              : choice.name,
          }))}
          value={line.options.find((one) => one.name === option.name)?.value ?? null}
          onChange={(value) => choose(option.name, value)}
        />
      ))}
      {free.map((one) => (
        <span key={one.name} className={classes.code}>
          {one.name}: {one.value}
        </span>
      ))}
    </Group>
  );
}

const plus = (money: Money) => (money.amount.startsWith("-") ? "" : "+");

function priceOf(product: Product, options: LineOption[]): Money | undefined {
  const { price } = product;
  if (!price) return undefined;
  const places = placesOf(price.currency);
  const differences = options.map((one) => {
    const choices = product.options.find((option) => option.name === one.name)?.choices ?? [];
    return scaled(
      choices.find((choice) => choice.name === one.value)?.price_difference?.amount ?? "0",
      places,
    );
  });
  const sum = differences.reduce((all, one) => all + one, scaled(price.amount, places));
  return { amount: written(sum < 0n ? 0n : sum, places), currency: price.currency };
}
