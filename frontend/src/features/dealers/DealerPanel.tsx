import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useDictionary } from "@/features/customers";
import { Button, Panel, Text, TextLink, toast } from "@/shared/ui";
import { addDealer, DEALERS, dealerOfQuery } from "./queries";

/** On an organisation's page: that it sells on, and with whom; or making it a dealer. */
export default function DealerPanel({ customer, mayWrite }: { customer: string; mayWrite: boolean }) {
  const { t } = useTranslation("dealers");
  const client = useQueryClient();
  const navigate = useNavigate();
  const kinds = useDictionary("dealer_kind");
  const dealer = useQuery(dealerOfQuery(customer)).data;
  const first = kinds.options[0]?.value;
  const make = useMutation({
    mutationFn: (kind: string) => addDealer(customer, kind),
    onSuccess: async (made) => {
      void client.invalidateQueries({ queryKey: keys.of(DEALERS) });
      void client.invalidateQueries({ queryKey: keys.one("customers", customer) });
      await navigate({ to: "/dealers/$id", params: { id: made.id } });
    },
    onError: toast.problem,
  });
  if (dealer === undefined || (dealer === null && (!mayWrite || !first))) return null;
  if (dealer === null) {
    return (
      <Button variant="default" onClick={() => first && make.mutate(first)} loading={make.isPending}>
        {t("make")}
      </Button>
    );
  }
  return (
    <Panel
      title={kinds.word(dealer.kind)}
      aside={
        <TextLink to="/dealers/$id" params={{ id: dealer.id }} mih={24}>
          {t("open")}
        </TextLink>
      }
    >
      <Text size="sm" c="dimmed">
        {[
          dealer.territory,
          t("clerks_trained", { count: dealer.clerks.length, trained: dealer.clerks_trained }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </Text>
    </Panel>
  );
}
