import { useTranslation } from "react-i18next";
import { api, keys, ok, type Schema } from "@/api";
import { type FoundProps, FoundSelect } from "@/shared/form";

type Hit = Schema<"CustomerHit">;

interface Props extends FoundProps<Hit> {
  /** Never offered: the customer whose relation is being added. */
  except?: string;
}

const words = (one: Hit) =>
  [one.name, one.code, one.phone_tail && `…${one.phone_tail}`].filter(Boolean).join(" · ");

/** Finds a customer by name, pinyin, phone or code while one types. */
export function CustomerPicker({ except, ...rest }: Props) {
  const { t } = useTranslation("customers");
  return (
    <FoundSelect<Hit>
      queryKey={(q) => keys.list("search", { q, limit: 10, except })}
      find={async (q, signal) => {
        const { customers } = await ok(api.GET("/search", { params: { query: { q, limit: 10 } }, signal }));
        return customers.filter((one) => one.id !== except);
      }}
      browsable={false}
      words={words}
      clearable
      placeholder={t("pick_customer")}
      nothing={(q) => t(q ? "nobody_found" : "pick_customer")}
      {...rest}
    />
  );
}
