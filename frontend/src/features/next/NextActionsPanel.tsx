import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { Panel, TextLink } from "@/shared/ui";
import { NextActionList } from "./NextActionList";
import { nextActionsQuery } from "./queries";

/** What to do next: for the reader's customers, or for one; nothing where nothing is suggested. */
export function NextActionsPanel({ customer }: { customer?: string }) {
  const { t } = useTranslation("next");
  const may = useCan("insight:metric:read");
  const actions = useQuery({ ...nextActionsQuery({ customer }), enabled: may });
  // One's own late tasks stand in a list of their own on the first page of the day.
  const items = actions.data?.items.filter((one) => customer || one.rule !== "promise_overdue");
  if (!items?.length) return null;
  return (
    <Panel
      title={t(customer ? "title_one" : "title")}
      flush
      aside={
        !customer && (
          <TextLink to="/insight/actions" size="sm">
            {t("all")}
          </TextLink>
        )
      }
    >
      <NextActionList actions={items} named={!customer} />
    </Panel>
  );
}
