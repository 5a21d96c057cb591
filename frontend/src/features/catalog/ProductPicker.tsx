import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { type FoundProps, FoundSelect } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { fetchProducts } from "./queries";
import type { Product } from "./types";

interface Props extends Omit<FoundProps<Product>, "onChange"> {
  onChange: (product: Product | undefined) => void;
}

const OFFERED = 20;

/** Finds a product on sale by name, pinyin or code while one types. */
export function ProductPicker({ onChange, ...rest }: Props) {
  const { t } = useTranslation("catalog");
  const f = useFormat();
  return (
    <FoundSelect<Product>
      queryKey={(q) => keys.list("products", { picking: true, q })}
      find={async (q, signal) => {
        const { items } = await fetchProducts({ q: q || undefined, limit: OFFERED }, signal);
        return items.filter((one) => one.active);
      }}
      words={(one) => [one.name, one.code, one.price && f.money(one.price)].filter(Boolean).join(" · ")}
      onChange={(_, product) => onChange(product && "code" in product ? product : undefined)}
      clearable
      placeholder={t("pick")}
      nothing={() => t("none_found")}
      {...rest}
    />
  );
}
