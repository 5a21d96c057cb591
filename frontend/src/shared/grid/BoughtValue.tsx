import { useTranslation } from "react-i18next";
import { NumberInput, Stack } from "../ui";
import { type Bought, sourceOf } from "./filters";
import RefValue from "./RefValue";

interface Props {
  /** `orders.product`, `orders.category` or `orders.brand`. */
  field: string;
  value: Bought | undefined;
  onChange: (value: Bought) => void;
  bare: boolean;
}

/** "Bought one of these, within so many days". */
export default function BoughtValue({ field, value, onChange, bare }: Props) {
  const { t } = useTranslation("grid");
  const ids = value?.ids ?? [];
  const words = t("bought_what");
  const days = bare
    ? { "aria-label": t("bought_days"), placeholder: t("bought_days") }
    : { label: t("bought_days") };
  return (
    <Stack gap="xs">
      <RefValue
        source={sourceOf({ field }) ?? "products"}
        many
        value={ids}
        onChange={(next) => onChange({ ...value, ids: next as string[] })}
        label={
          bare ? { "aria-label": words, placeholder: ids.length === 0 ? words : undefined } : { label: words }
        }
        bare={bare}
      />
      <NumberInput
        {...days}
        min={1}
        max={36500}
        allowDecimal={false}
        value={value?.days ?? ""}
        onChange={(next) => {
          const { days: _, ...rest } = value ?? { ids };
          onChange(typeof next === "number" ? { ...rest, days: next } : rest);
        }}
      />
    </Stack>
  );
}
