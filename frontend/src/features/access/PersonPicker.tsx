import { useTranslation } from "react-i18next";
import { api, keys, ok, type Ref } from "@/api";
import { type FoundProps, FoundSelect } from "@/shared/form";

/** Picks a colleague by name from the directory the caller may see: owners, leaders, assignees. */
export function PersonPicker(props: FoundProps<Ref>) {
  const { t } = useTranslation("access");
  return (
    <FoundSelect<Ref>
      queryKey={(q) => keys.list("people", q)}
      find={async (q, signal) =>
        (await ok(api.GET("/people", { params: { query: { q, limit: 20 } }, signal }))).items
      }
      nothing={() => t("nobody_found")}
      {...props}
    />
  );
}
