import { IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useListState } from "@/shared/grid";
import { ButtonLink } from "@/shared/ui";

/** In the list's toolbar: what is filtered now, kept as a segment. */
export function SaveAsSegment() {
  const { t } = useTranslation("customers");
  const { state } = useListState();
  const may = useCan("engage:segment:write");
  if (!may || !state.filter) return null;
  return (
    <ButtonLink
      variant="default"
      to="/segments/new"
      search={{ filter: state.filter }}
      leftSection={<IconUsersGroup size={16} stroke={1.6} />}
    >
      {t("save_as_segment")}
    </ButtonLink>
  );
}
