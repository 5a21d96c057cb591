import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Panel, TextLink } from "@/shared/ui";
import { openRequestsQuery } from "./accountRequests";

/** On the first page of the day: changes of accounts that wait for the reader. Nothing where none do. */
export default function AccountsWaiting() {
  const { t } = useTranslation("accounts");
  const f = useFormat();
  const approves = useCan("access:account:approve");
  const keeps = useCan("access:user:write");
  const open = useQuery({ ...openRequestsQuery, enabled: approves || keeps }).data ?? [];
  const mine = open.filter((one) => one.may_complete || (one.may_decide && one.status === "asked"));
  if (mine.length === 0) return null;
  return (
    <Panel title={t("waiting")} flush>
      <SimpleTable
        label={t("waiting")}
        rows={mine}
        rowKey={(one) => one.id}
        columns={[
          {
            id: "person",
            header: t("person"),
            cell: (one) => (
              <TextLink to={"/settings/account-requests" as never}>
                {one.user?.name ?? one.account?.name ?? ""}
              </TextLink>
            ),
          },
          { id: "kind", header: t("kind"), cell: (one) => t(`kinds.${one.kind}`) },
          { id: "next", header: t("next"), cell: (one) => t(one.may_complete ? "next_do" : "next_decide") },
          {
            id: "asked",
            header: t("asked"),
            wide: true,
            cell: (one) => `${one.asked_by.name} · ${f.ago(one.asked_at)}`,
          },
        ]}
      />
    </Panel>
  );
}
