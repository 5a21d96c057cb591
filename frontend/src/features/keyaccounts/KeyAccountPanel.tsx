import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { Badge, Button, Panel, Text, TextLink, toast } from "@/shared/ui";
import { addKeyAccount, KEY_ACCOUNTS, keyAccountOfQuery } from "./queries";

/** On a customer's page: that they are a key account, and how it stands; or making them one. */
export default function KeyAccountPanel({ customer, mayWrite }: { customer: string; mayWrite: boolean }) {
  const { t } = useTranslation("keyaccounts");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const account = useQuery(keyAccountOfQuery(customer)).data;
  const make = useMutation({
    mutationFn: () => addKeyAccount(customer),
    onSuccess: async (made) => {
      void client.invalidateQueries({ queryKey: keys.of(KEY_ACCOUNTS) });
      void client.invalidateQueries({ queryKey: keys.one("customers", customer) });
      await navigate({ to: "/key-accounts/$id", params: { id: made.id } });
    },
    onError: toast.problem,
  });
  if (account === undefined || (account === null && !mayWrite)) return null;
  if (account === null) {
    return (
      <Button variant="default" onClick={() => make.mutate()} loading={make.isPending}>
        {t("make")}
      </Button>
    );
  }
  const level = account.level ?? account.advice?.level;
  const open = account.goals.filter((goal) => goal.status === "open").length;
  return (
    <Panel
      title={t("one")}
      aside={
        <TextLink to="/key-accounts/$id" params={{ id: account.id }} mih={24}>
          {t("open")}
        </TextLink>
      }
    >
      {level && (
        <Badge variant="light" color="pine">
          {t(`level.${level}`)}
        </Badge>
      )}
      <Text size="sm" c="dimmed">
        {[
          t("goals_open", { count: open }),
          account.touchpoints_due > 0 && t("touchpoints_due", { count: account.touchpoints_due }),
          account.review_on && t("review_by", { day: f.date(account.review_on) }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </Text>
    </Panel>
  );
}
