import { IconX } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ProductPicker, productQuery } from "@/features/catalog";
import { Group, IconButton, Text } from "@/shared/ui";

interface Props {
  value: string[];
  onChange: (ids: string[]) => void;
}

/** Products one after the other: those chosen by name, and one more. */
export function ProductsField({ value, onChange }: Props) {
  const { t } = useTranslation("goods");
  const found = useQueries({ queries: value.map((id) => productQuery(id)) });
  return (
    <div>
      {value.map((id, at) => {
        const name = found[at]?.data?.name ?? (found[at]?.isError ? t("gone") : "…");
        return (
          <Group key={id} gap={4} wrap="nowrap" justify="space-between">
            <Text size="sm" truncate>
              {name}
            </Text>
            <IconButton
              label={t("remove_product", { name })}
              onClick={() => onChange(value.filter((one) => one !== id))}
            >
              <IconX size={16} />
            </IconButton>
          </Group>
        );
      })}
      <ProductPicker
        // Emptied after each choice.
        key={value.length}
        label={t("products")}
        value={null}
        onChange={(product) => product && !value.includes(product.id) && onChange([...value, product.id])}
      />
    </div>
  );
}
